/** Our own shape, and those of programs that keep contacts with a status: rows of people who want mail are skipped. */
import type { Suppression } from "../suppression.ts";
import {
  causeOf,
  parseCellInstant,
  isComplaint,
  isYes,
  plainInstant,
  reasonText,
  unixOf,
  UNSUBSCRIBED,
  type ListShape,
} from "./shape.ts";

const bounced: ListShape = {
  name: "bounced",
  columns: ["value", "scope", "stream", "cause", "reason", "note", "actor", "created_at", "expires_at"],
  domains: true,
  write: (entry) => [
    [
      entry.value,
      entry.scope,
      entry.stream,
      entry.cause,
      entry.reason,
      entry.note,
      entry.actor,
      entry.createdAt,
      entry.expiresAt ?? "",
    ],
  ],
  read: (cell) => ({
    value: cell("value") || cell("address") || cell("email"),
    stream: cell("stream"),
    cause: causeOf(cell("cause")),
    reason: cell("reason"),
    note: cell("note") || undefined,
    createdAt: parseCellInstant(cell("createdat")),
    expiresAt: cell("expiresat") || null,
  }),
};

/**
 * `email,name,attributes` is what listmonk's import takes (mode `blocklist`), and of such a file nobody can say whether it
 * is of people who want mail: its rows count if their attributes say so, as those that we write. Its export has `status`.
 */
const listmonk: ListShape = {
  name: "listmonk",
  columns: ["email", "name", "attributes"],
  needs: ["status", "attributes"],
  write: (entry) => [
    [
      entry.value,
      "",
      JSON.stringify({ suppressed: { cause: entry.cause, reason: entry.reason, since: entry.createdAt } }),
    ],
  ],
  read: (cell) => {
    const said = suppressedIn(cell("attributes"));
    if (said)
      return {
        value: cell("email"),
        cause: causeOf(said.cause),
        reason: said.reason,
        createdAt: parseCellInstant(said.since),
      };
    if (cell("status") !== "blocklisted") return null;
    return {
      value: cell("email"),
      cause: "import",
      reason: "blocklisted",
      createdAt: parseCellInstant(cell("updatedat")),
    };
  },
};

function suppressedIn(
  json: string,
): { readonly cause: string; readonly reason: string; readonly since: string } | null {
  try {
    const { suppressed } = JSON.parse(json) as { suppressed?: Record<string, unknown> };
    if (typeof suppressed !== "object" || suppressed === null) return null;
    const text = (name: string): string => (typeof suppressed[name] === "string" ? suppressed[name] : "");
    return { cause: text("cause"), reason: text("reason"), since: text("since") };
  } catch {
    return null;
  }
}

/** `doNotEmail` is the field that an import of contacts takes; `reason` and `date_added` are of its table of who must not be contacted. */
const mautic: ListShape = {
  name: "Mautic",
  columns: ["email", "doNotEmail", "reason", "date_added", "comments"],
  needs: ["donotemail", "reason"],
  write: (entry) => [[entry.value, "1", mauticReason(entry), plainInstant(entry.createdAt), reasonText(entry)]],
  read: (cell) => {
    const reason = MAUTIC_REASONS.get(cell("reason"));
    if (cell("reason") === "0" || (reason === undefined && !isYes(cell("donotemail")))) return null;
    return {
      value: cell("email"),
      ...(reason ?? { cause: "import" as const, reason: "do not contact" }),
      note: cell("comments") || undefined,
      createdAt: parseCellInstant(cell("dateadded")),
    };
  },
};

/** Mautic's DoNotContact: 0 may be contacted, 1 unsubscribed, 2 bounced, 3 by hand. */
const MAUTIC_REASONS: ReadonlyMap<string, { readonly cause: Suppression["cause"]; readonly reason: string }> = new Map<
  string,
  { readonly cause: Suppression["cause"]; readonly reason: string }
>([
  ["1", UNSUBSCRIBED],
  ["2", { cause: "import", reason: "bounced" }],
  ["3", { cause: "manual", reason: "" }],
]);
const mauticReason = (entry: Suppression): string => (isComplaint(entry) ? "1" : entry.cause === "manual" ? "3" : "2");

/** Postal's table `suppressions` of a mail server; it forgets a row at `keep_until`. */
const NEVER = 4_102_444_800;
const postal: ListShape = {
  name: "Postal",
  columns: ["type", "address", "reason", "timestamp", "keep_until"],
  write: (entry) => [
    [
      "recipient",
      entry.value,
      reasonText(entry),
      unixOf(entry.createdAt),
      entry.expiresAt === null ? NEVER : unixOf(entry.expiresAt),
    ],
  ],
  read: (cell) => {
    const until = Number(cell("keepuntil") || NEVER);
    if ((cell("type") || "recipient") !== "recipient" || until * 1000 <= Date.now()) return null;
    return {
      value: cell("address"),
      cause: "import",
      reason: cell("reason"),
      createdAt: parseCellInstant(cell("timestamp")),
      expiresAt: until >= NEVER ? null : (parseCellInstant(String(until)) ?? null),
    };
  },
};

/** Its export is a file for each status: `cleaned` and `unsubscribed` have a time of their own, `subscribed` has neither. */
const mailchimp: ListShape = {
  name: "Mailchimp",
  columns: ["Email Address", "UNSUB_TIME", "UNSUB_REASON", "CLEAN_TIME", "CLEAN_CAMPAIGN_TITLE"],
  needs: ["unsubtime", "cleantime"],
  write: (entry) => [
    isComplaint(entry)
      ? [entry.value, plainInstant(entry.createdAt), entry.reason, "", ""]
      : [entry.value, "", "", plainInstant(entry.createdAt), reasonText(entry)],
  ],
  read: (cell) => {
    const value = cell("emailaddress");
    const [left, bounces] = [cell("unsubtime"), cell("cleantime")];
    if (bounces)
      return {
        value,
        cause: "import",
        reason: "cleaned",
        note: cell("cleancampaigntitle") || undefined,
        createdAt: parseCellInstant(bounces),
      };
    if (!left) return null;
    const said = cell("unsubreason");
    const complains = /abuse|complain|spam/i.test(said);
    return {
      value,
      ...(complains ? { cause: "complaint" as const, reason: "spam report" } : UNSUBSCRIBED),
      note: said || undefined,
      createdAt: parseCellInstant(left),
    };
  },
};

export const PROGRAM_SHAPES = { bounced, listmonk, mautic, postal, mailchimp } as const;
