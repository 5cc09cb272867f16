/** What the newest events of an incident say: a bounded part of the log is looked at, however long it is. */
import { sql, type RawBuilder } from "kysely";
import { CREDIBLE } from "../../event/credible.ts";
import { visibleText } from "../../machine/visible-text.ts";
import type { Database } from "../db/database.ts";
import { SLOTS } from "../db/slots.ts";
import { oneOf } from "../db/statements.ts";
import { selectByKeys } from "../units/parts.ts";
import { unpackEvent } from "../log/body.ts";
import { createTemplates } from "../log/templates.ts";
import { EVERYWHERE, type Incident } from "./incident.ts";
import type { ScopeRow } from "./scope.ts";

/** How much is looked at for one incident. */
export interface Effort {
  /** Newest events, read from an index. */
  readonly rows: number;
  /** Those of them whose columns are compared. */
  readonly sample: number;
  /** Those of them whose text is read. */
  readonly texts: number;
}
export const EFFORT: Effort = { rows: 50_000, sample: 2000, texts: 300 };

const TEXTS = 5;
const TEXT_CHARS = 500;

/** Times of receipt in ms, both included. What claims to come from the future is not looked at. */
export interface SamplePeriod {
  readonly since: number;
  readonly now: number;
}

export type SampledCause = Pick<Incident, "reason" | "provider">;

export interface SampledEvent extends ScopeRow {
  readonly key: number;
  readonly receivedAt: number;
  readonly status: string;
  readonly rule: string;
}

const keyWithin = ({ since, now }: SamplePeriod) => sql`key >= ${since * SLOTS} and key < ${(now + 1) * SLOTS}`;

const READ = sql.raw(`key, received_at, reason, kind, provider, authenticity, mailed, status, rule, tag, sender,
  sender_domain, sending_address, domain`);

/** Of the newest `rows` events since then, those that are of the cause, or that are not. */
function newestOf(cause: SampledCause, period: SamplePeriod, { rows }: Effort, isOfCause: boolean, isBeside = false) {
  const isThere = cause.provider === EVERYWHERE ? sql`true` : sql`provider = ${cause.provider}`;
  const isSame = sql`(reason = ${cause.reason} and kind in ('bounce', 'delay') and ${isThere})`;
  // Trust: credible ones alone, chosen from the newest of all.
  return sql`select * from (select ${READ} from events
    where ${keyWithin(period)} order by key desc limit ${rows}) as newest
    where authenticity in (${sql.join(CREDIBLE)}) and ${isOfCause ? isSame : sql`not ${isSame}`}
    ${isBeside ? sql`and ${isThere}` : sql``}`;
}

const COLUMNS = sql.raw(`key, received_at as "receivedAt", status, rule, tag, sender, sender_domain as "senderDomain",
  sending_address as "sendingAddress", domain`);

async function eventsOf(
  { read }: Database,
  newest: RawBuilder<unknown>,
  most: number,
): Promise<readonly SampledEvent[]> {
  // Trust: as newestOf chose them, CREDIBLE. Of each address the newest: who has one return path of ours can write a
  // thousand reports to it, and would say alone what the incident is about.
  const { rows } = await sql<SampledEvent>`select ${COLUMNS} from (select found.*, row_number() over (
      partition by mailed, case when mailed = '' then key else 0 end order by key desc) as place
    from (${newest}) as found) as placed where place = 1 order by key desc limit ${most}`.execute(read);
  return rows;
}

/** Newest first. */
export const sampleOf = (database: Database, cause: SampledCause, period: SamplePeriod, effort: Effort) =>
  eventsOf(database, newestOf(cause, period, effort, true), effort.sample);

/** Other credible events since then. `beside`: at the same provider. */
export const otherMail = (
  database: Database,
  cause: SampledCause,
  period: SamplePeriod,
  effort: Effort,
  beside: boolean,
) => eventsOf(database, newestOf(cause, period, effort, false, beside), effort.sample);

/** Addresses that they are about. `events`: how many of the events were found within what is looked at. */
export async function recipientsOf(
  { read }: Database,
  cause: SampledCause,
  period: SamplePeriod,
  effort: Effort,
): Promise<{ readonly events: number; readonly count: number; readonly suppressed: number }> {
  const isListed = sql`exists (select 1 from suppressions where (suppressions.expires_at = 0
    or suppressions.expires_at > ${period.now}) and ((suppressions.scope = 'address' and suppressions.value = found.mailed)
    or (suppressions.scope = 'domain' and suppressions.value = found.domain)))`;
  // Trust: as newestOf chose them, CREDIBLE.
  const { rows } = await sql<{ events: number; count: number; suppressed: number }>`select
    cast(count(*) as bigint) as events, cast(count(distinct nullif(mailed, '')) as bigint) as count,
    cast(count(distinct case when ${isListed} then mailed end) as bigint) as suppressed
    from (${newestOf(cause, period, effort, true)}) as found`.execute(read);
  return rows[0] ?? { events: 0, count: 0, suppressed: 0 };
}

/**
 * How many addresses the events are about. One whose address is not known counts as one of its own, and so does one that
 * is beyond what is looked at.
 */
export async function countPeople(
  { read }: Database,
  cause: SampledCause,
  period: SamplePeriod & { readonly count: number },
  effort: Effort,
): Promise<number> {
  const { rows } = await sql<{ events: number; people: number }>`select cast(count(*) as bigint) as events,
    cast(count(distinct nullif(mailed, '')) + sum(case when mailed = '' then 1 else 0 end) as bigint) as people
    from (${newestOf(cause, period, effort, true)}) as found`.execute(read);
  const { events, people } = rows[0] ?? { events: 0, people: 0 };
  return (people ?? 0) + Math.max(0, period.count - events);
}

/** What servers said, masked, most frequent first. Of events spread evenly over the sample. */
export async function textsOfSample(
  { read }: Database,
  sample: readonly SampledEvent[],
  { texts }: Effort,
): Promise<Incident["texts"]> {
  const step = Math.max(1, Math.ceil(sample.length / texts));
  const keys = sample.filter((_, index) => index % step === 0).map(({ key }) => key);
  if (keys.length === 0) return [];
  const bodies = await selectByKeys(read, keys, (db, some) =>
    db
      .selectFrom("event_bodies")
      .select(["key", "codec", "body"])
      .where(oneOf(db, "key", some)),
  );
  const templates = createTemplates();
  for (const { codec, body } of bodies.toSorted((a, b) => b.key - a.key)) {
    const { reason, status, replyCode, provider, diagnostic } = unpackEvent(codec, body);
    templates.add({ text: diagnostic?.text ?? "", reason, status, replyCode, provider });
  }
  return templates
    .list()
    .slice(0, TEXTS)
    .map(({ text, count }) => ({ text: visibleText(text).slice(0, TEXT_CHARS), count }));
}

/** Most frequent first; `""` is not known. */
export function rankedValues(
  sample: readonly SampledEvent[],
  column: "status" | "rule",
): readonly { readonly value: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const event of sample) counts.set(event[column], (counts.get(event[column]) ?? 0) + 1);
  return [...counts]
    .filter(([value]) => value !== "")
    .sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1))
    .slice(0, TEXTS)
    .map(([value, count]) => ({ value, count }));
}

/** Events that are looked at for the minute in which it began. */
const FIRST = 200;
const STEP_MS = 5 * 60_000;

/**
 * When failures began to rise, within a period: the first five minutes that have clearly more of
 * them than usual. Null where nothing is found.
 */
export async function startOf(
  { read }: Database,
  cause: SampledCause,
  period: SamplePeriod,
  expectedPerHour: number,
  { rows: most }: Effort,
): Promise<number | null> {
  // Trust: credible ones alone, chosen from the oldest of all since then.
  const { rows } = await sql<{ at: number }>`select received_at as at from (
    select key, received_at, reason, kind, provider, authenticity from events
    where ${keyWithin(period)} order by key limit ${most}) as oldest
    where authenticity in (${sql.join(CREDIBLE)}) and reason = ${cause.reason} and kind in ('bounce', 'delay')
    and ${cause.provider === EVERYWHERE ? sql`true` : sql`provider = ${cause.provider}`} order by key limit ${FIRST}`.execute(
    read,
  );
  const usual = (expectedPerHour * STEP_MS) / 3_600_000;
  const steps = Map.groupBy(rows, ({ at }) => Math.floor(at / STEP_MS));
  const begun = [...steps.values()].find((some) => some.length >= Math.max(3, 3 * usual));
  return (begun ?? rows)[0]?.at ?? null;
}
