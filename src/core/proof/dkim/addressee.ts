/**
 * Whom a signed To or Cc names. Strict, unlike what reads addresses in reports: a recipient chooses his own display
 * name, and a name that looks like an address, encoded or not, must never count as one.
 */
const ADDRESS = String.raw`[^\s"<>@,;:()\\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?`;
const MAILBOX = new RegExp(String.raw`^(?:[^"<>@,;:()\\]*<[ \t]*(${ADDRESS})[ \t]*>|(${ADDRESS}))$`);
const QUOTED = /"(?:[^"\\]|\\.)*"/g;
const MAX_LENGTH = 1_000;

/** The one address of the field; null for several, for groups, and for whatever leaves a doubt. */
export function onlyAddressIn(value: string): string | null {
  if (value.length > MAX_LENGTH) return null;
  const found = MAILBOX.exec(value.replace(QUOTED, " ").trim());
  return found?.[1] ?? found?.[2] ?? null;
}
