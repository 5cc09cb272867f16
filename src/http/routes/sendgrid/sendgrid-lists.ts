/** Which entries of our list are on which of SendGrid's, and how they look there. */
import { z } from "zod";
import type { Store } from "../../../store/store.ts";
import { statusOf } from "../../../store/suppressions/formats/shape.ts";
import type { Cause, Suppression } from "../../../store/suppressions/suppression.ts";

export const tags = ["sendgrid"];
const seconds = z.coerce.number().int().min(0).max(4_000_000_000);
export const listQuery = z.strictObject({
  start_time: seconds.optional().describe("seconds since 1970, included"),
  end_time: seconds.optional().describe("seconds since 1970, included"),
  limit: z.coerce.number().int().min(1).max(500).default(500),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  email: z.string().max(320).optional(),
});
export type ListQuery = z.infer<typeof listQuery>;
/** Which SendGrid's reference names beside the path, and its clients send. */
export const deleteOneQuery = z.strictObject({ email_address: z.string().max(320).optional() });
export const emailParameter = z.object({ email: z.string().min(3).max(320) });
export const entrySchema = z.object({
  created: z.number(),
  email: z.string(),
  reason: z.string().optional(),
  status: z.string().optional(),
  ip: z.string().optional(),
});
export const deleteBody = z.strictObject({
  delete_all: z.boolean().default(false),
  emails: z.array(z.string().max(320)).max(1000).default([]),
});

type Entry = z.infer<typeof entrySchema>;

export interface List {
  readonly name: "bounces" | "invalid_emails" | "spam_reports" | "unsubscribes";
  readonly causes: readonly Cause[];
  readonly holds: (entry: Suppression) => boolean;
  readonly shape: (entry: Suppression, store: Pick<Store, "get">) => Entry | Promise<Entry>;
}

export const unix = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

/** SendGrid's own words for them, as its exports have them, and our reasons. */
const INVALID =
  /^(?:address_syntax|domain_unknown|domain_no_mail)$|domain mentioned in email address is unknown|invalid (?:email|address)|malformed/i;
const isInvalid = ({ cause, reason }: Suppression): boolean =>
  (cause === "hard" || cause === "import") && INVALID.test(reason);
const isUnsubscribe = ({ cause, reason }: Suppression): boolean => cause === "manual" || reason === "unsubscribe";

/** What the server said, where the log still has the event; an import as it came in. */
async function wordsOf(entry: Suppression, { get }: Pick<Store, "get">): Promise<{ reason: string; status: string }> {
  const event = entry.eventId === null ? null : ((await get(entry.eventId))?.event ?? null);
  const own = entry.cause === "import" ? entry.reason : [entry.reason, entry.note].filter(Boolean).join(": ");
  return {
    reason: event?.diagnostic?.text ?? (own || entry.cause),
    status: event?.status ?? event?.derivedStatus ?? statusOf(entry),
  };
}

const base = ({ createdAt, value }: Suppression) => ({ created: unix(createdAt), email: value });

export const LISTS: readonly List[] = [
  {
    name: "bounces",
    causes: ["hard", "soft", "import"],
    holds: (entry) => !isInvalid(entry) && !isUnsubscribe(entry),
    shape: async (entry, store) => ({ ...base(entry), ...(await wordsOf(entry, store)) }),
  },
  {
    name: "invalid_emails",
    causes: ["hard", "import"],
    holds: isInvalid,
    shape: async (entry, store) => ({ ...base(entry), reason: (await wordsOf(entry, store)).reason }),
  },
  {
    name: "spam_reports",
    causes: ["complaint"],
    holds: (entry) => !isUnsubscribe(entry),
    shape: (entry) => ({ ...base(entry), ip: "" }),
  },
  {
    name: "unsubscribes",
    causes: ["manual", "complaint"],
    holds: isUnsubscribe,
    shape: base,
  },
];

export const period = ({ start_time: start, end_time: end }: ListQuery) => ({
  from: start === undefined ? undefined : new Date(start * 1000).toISOString(),
  to: end === undefined ? undefined : new Date((end + 1) * 1000).toISOString(),
});

export async function slice<Item>(items: AsyncIterable<Item>, { limit, offset }: ListQuery): Promise<readonly Item[]> {
  const kept: Item[] = [];
  let seen = 0;
  for await (const item of items) {
    seen += 1;
    if (seen > offset) kept.push(item);
    if (kept.length === limit) break;
  }
  return kept;
}

export async function* entriesOf(entries: AsyncIterable<Suppression>, list: List): AsyncGenerator<Suppression> {
  for await (const entry of entries) if (list.holds(entry)) yield entry;
}
