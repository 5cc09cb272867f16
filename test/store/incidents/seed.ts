/** Logs in which something goes wrong, and in which nothing does. */
import { jobOf, makeEvent, type EventChanges } from "../make-event.ts";
import { DAY, NOW, type Bench } from "../on-both.ts";
import type { Store } from "../../../src/store/store.ts";

export const HOUR = DAY / 24;

export const pathTagged = (tag: string) => ({
  address: "b+1@bounces.example.com",
  scheme: "signed" as const,
  recipient: null,
  tag,
  issuedAt: null,
});

/** Refused for want of alignment, on one mailing. */
export const UNALIGNED = {
  severity: "block",
  reason: "auth_failed",
  fault: "sender",
  advice: "fix_auth",
  provider: "google",
  status: "5.7.26",
  derivedStatus: "5.7.26",
  evidence: [{ source: "provider_rule", rule: "google/unauthenticated", text: null, status: "5.7.26" }],
  diagnostic: {
    type: "smtp",
    text: "550-5.7.26 Unauthenticated email from sender.example 550 5.7.26 is not accepted, ref 4411",
  },
} as const satisfies EventChanges;

export const mailFrom = (address: string) => ({
  ...makeEvent().original,
  from: `Shop <${address}>`,
});

/** `count` events from `from` on, evenly over `span`, each to an address of its own. */
export const spread = (
  count: number,
  from: number,
  span: number,
  changes: EventChanges = {},
  domain = "gmail.example",
) =>
  Array.from({ length: count }, (_, index) =>
    jobOf([
      makeEvent({
        address: `u${index}-${from}@${domain}`,
        at: from + Math.floor((index * span) / count),
        ...changes,
      }),
    ]),
  );

/** Two days of what is always there: unknown users, and one refusal an hour at Google. */
export const background = (until: number = NOW) => {
  const from = NOW - 2 * DAY;
  const [hours, ours] = [
    (until - from) / HOUR,
    { returnPath: pathTagged("receipts"), original: mailFrom("shop@sender.example") },
  ];
  return [
    ...spread(2 * hours, from, until - from, { provider: "google", ...ours }),
    ...spread(3 * hours, from, until - from, { provider: "yahoo", ...ours }, "yahoo.example"),
    ...spread(hours, from, until - from, { ...UNALIGNED, ...ours }),
    ...spread(25, NOW - HOUR, HOUR, { provider: "yahoo", ...ours }, "many.example"),
  ];
};

export async function fill(store: Store, jobs: readonly ReturnType<typeof jobOf>[]): Promise<void> {
  for (let at = 0; at < jobs.length; at += 1000) await store.record(jobs.slice(at, at + 1000));
}

export async function filled({ open }: Bench, jobs: readonly ReturnType<typeof jobOf>[], file = {}): Promise<Store> {
  const store = await open({ suppression: { automatic: false }, ...file });
  await fill(store, jobs);
  return store;
}
