/** The unit of the Debian package: that of deploy/systemd, with the user that the package creates. */

const CHANGES: readonly (readonly [string | RegExp, string])[] = [
  [
    /^# .*\n# .*\n/,
    "# Settings in /etc/bounced/bounced.env, return-path keys in /etc/bounced/secret, which may be empty\n",
  ],
  [
    "ExecStart=/usr/bin/env bounced serve",
    "ExecStart=/usr/lib/bounced/bin/node /usr/lib/bounced/src/cli/bin.mjs serve",
  ],
  // The files of /etc/bounced belong to a group, which needs a user that stays. The other effects of DynamicUser= are kept.
  ["DynamicUser=yes", "Group=bounced\nRemoveIPC=yes"],
  ["https://www.npmjs.com/package/bounced", "man:bounced(1) https://www.npmjs.com/package/bounced"],
];

/** Throws where the unit no longer has what is replaced. */
export function debUnitOf(unit: string): string {
  return CHANGES.reduce((text, [from, to]) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`deploy/systemd/bounced.service no longer contains ${String(from)}`);
    return changed;
  }, unit);
}
