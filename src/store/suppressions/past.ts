/** What the log says of an address before now, as far as the policy counts it. */
import { sql, type RawBuilder, type Transaction } from "kysely";
import type { Reason, Severity } from "../../event/event.ts";
import { CREDIBLE } from "../../event/credible.ts";
import { keysOfMailed } from "../days/event-ids.ts";
import { dialectOf, oneOf } from "../db/statements.ts";
import { SLOTS } from "../db/slots.ts";
import type { Tables } from "../db/tables.ts";
import type { SuppressionSettings } from "../settings.ts";
import type { SuppressionCandidate } from "./apply.ts";
import { DOMAIN_LEVEL, limitsOf, memoryDays, UNANSWERED, type Failure } from "./policy.ts";

const DAY_MS = 86_400_000;

export interface Past {
  readonly failures: Failure[];
  resetAt: number;
  domainAliveAt: number;
}

/** Only what is counted needs the past; it is read from the log itself. */
export async function pastsOf(
  tx: Transaction<Tables>,
  candidates: readonly SuppressionCandidate[],
  settings: SuppressionSettings,
): Promise<ReadonlyMap<string, Past>> {
  const counted = candidates.filter(
    ({ event }) => event.kind !== "delivery" && event.kind !== "not_spam" && limitsOf(event, settings).when === "count",
  );
  const pasts = new Map<string, Past>();
  for (const { address } of counted) pasts.set(address, { failures: [], resetAt: 0, domainAliveAt: 0 });
  const since = Math.min(...counted.map(({ event }) => event.at)) - memoryDays(settings) * DAY_MS;
  if (counted.length === 0) return pasts;
  await readEvents(tx, [...pasts.keys()], since, settings, pasts);
  await readChanges(tx, [...pasts.keys()], pasts);
  const hasDomainFailure = ({ address }: SuppressionCandidate): boolean =>
    pasts.get(address)?.failures.some(({ reason }) => DOMAIN_LEVEL.has(reason)) ?? false;
  const doubted = counted.filter(hasDomainFailure);
  const answers = await lastAnswersOf(tx, [...new Set(doubted.map(({ event }) => event.domain))], since);
  for (const { address, event } of doubted) {
    const past = pasts.get(address);
    if (past) past.domainAliveAt = answers.get(event.domain) ?? 0;
  }
  return pasts;
}

interface PastEvent {
  readonly mailed: string;
  readonly received_at: number;
  readonly kind: string;
  readonly message: string;
  readonly message_id: string;
  readonly severity: Severity;
  readonly reason: Reason;
}

/** Failures and deliveries. */
async function readEvents(
  tx: Transaction<Tables>,
  addresses: readonly string[],
  since: number,
  settings: SuppressionSettings,
  pasts: ReadonlyMap<string, Past>,
): Promise<void> {
  const found = sql`select mailed, received_at, kind, message, message_id, severity, reason from events
    where key >= ${since * SLOTS} and received_at >= ${since} and authenticity in (${sql.join(CREDIBLE)})
    and (kind = 'delivery' or (kind = 'bounce' and severity in ('soft', 'hard') and confidence >= ${settings.minConfidence}))`;
  const isByDay = dialectOf(tx) === "postgres";
  const keys = isByDay ? await keysOfMailed(tx, addresses, since * SLOTS) : null;
  if (keys?.length === 0) return;
  // PostgreSQL plans a list of keys for each day, which takes longer than looking them up one by one.
  const query = keys
    ? sql<PastEvent>`select past.* from unnest(${keys}::bigint[]) as asked (value)
        cross join lateral (${found} and key = asked.value offset 0) as past`
    : sql<PastEvent>`${found} and ${oneOf(tx, "mailed", addresses)}`;
  for (const row of (await query.execute(tx)).rows) {
    const past = pasts.get(row.mailed);
    const { received_at: at, severity, reason } = row;
    if (!past) continue;
    if (row.kind === "delivery") past.resetAt = Math.max(past.resetAt, at);
    else past.failures.push({ at, message: row.message_id || row.message, severity, reason });
  }
}

async function readChanges(
  tx: Transaction<Tables>,
  addresses: readonly string[],
  pasts: ReadonlyMap<string, Past>,
): Promise<void> {
  const changes = await tx
    .selectFrom("suppression_changes")
    .select(["value", sql<number>`max(at)`.as("at")])
    .where(oneOf(tx, "value", addresses))
    .where("action", "in", ["removed", "cleared", "expired", "undone"])
    .groupBy("value")
    .execute();
  for (const { value, at } of changes) {
    const past = pasts.get(value);
    if (past) past.resetAt = Math.max(past.resetAt, at);
  }
}

/** A delivery to an address there that we wrote to, or a refusal by a server: both mean that somebody is there. */
async function lastAnswersOf(
  tx: Transaction<Tables>,
  domains: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, number>> {
  if (domains.length === 0) return new Map();
  // A stranger's report keeps no dead domain alive.
  const { rows } = await sql<{ domain: string; at: number | null }>`select asked.value as domain, (
    select received_at from events where domain = asked.value
      and substr(mailed, length(mailed) - length(asked.value)) = '@' || asked.value
      and key >= ${since * SLOTS} and received_at >= ${since}
      and authenticity in (${sql.join(CREDIBLE)}) and reason not in (${sql.join([...UNANSWERED])})
      and (kind = 'delivery' or reply_code > 0)
    order by key desc limit 1) as at from ${asked(tx, domains)}`.execute(tx);
  return new Map(rows.map(({ domain, at }) => [domain, at ?? 0] as const));
}

/** A table of one column, `value`. */
const asked = (tx: Transaction<Tables>, values: readonly string[]): RawBuilder<unknown> =>
  dialectOf(tx) === "postgres"
    ? sql`unnest(${values}::text[]) as asked (value)`
    : sql`json_each(${JSON.stringify(values)}) as asked`;
