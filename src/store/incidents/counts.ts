/** The counts behind incidents, from the rollups and the counts of sends alone: no event is read. */
import { sql } from "kysely";
import { CREDIBLE } from "../../event/credible.ts";
import type { Reason } from "../../event/event.ts";
import type { Database } from "../db/database.ts";
import { HOUR_MS } from "../rollups/rollup-columns.ts";
import { areDeliveriesKnown } from "../tallies/deliveries-known.ts";
import { EVERYWHERE, type Incident } from "./incident.ts";
import type { FailureCause, LookCounts, NowAndBefore } from "./rises.ts";
import type { Elsewhere } from "./scope.ts";

/** Whole hours since 1970; `now` in ms. The window ends now, the time before ends where it begins. */
export interface LookSpan {
  readonly start: number;
  readonly window: number;
  readonly now: number;
}

/** A stranger makes no incident, and hides none by making up what is usual. */
const FAILED = sql`kind in ('bounce', 'delay') and authenticity in (${sql.join(CREDIBLE.map((word) => sql.lit(word)))})`;
const sumIf = (condition: ReturnType<typeof sql>) =>
  sql`cast(coalesce(sum(case when ${condition} then count else 0 end), 0) as bigint)`;

/** Null where nothing is counted. */
export async function firstCountedHour({ read }: Database): Promise<number | null> {
  const row = await read
    .selectFrom("rollup_hours")
    .select("hour")
    .where("count", ">", 0)
    .orderBy("hour")
    .limit(1)
    .executeTakeFirst();
  return row?.hour ?? null;
}

/** Failures of the window by reason and provider, without what was before. */
export async function countWindow({ read }: Database, { window, now }: LookSpan): Promise<readonly FailureCause[]> {
  const { rows } = await sql<Omit<FailureCause, "before">>`select reason, provider, fault, severity,
    cast(sum(count) as bigint) as now from rollup_hours
    where hour >= ${window} and hour <= ${Math.floor(now / HOUR_MS)} and ${FAILED}
    group by reason, provider, fault, severity having sum(count) > 0 order by 5 desc`.execute(read);
  const causes = new Map<string, FailureCause>();
  // A rule can give a reason another fault: that of most of them counts.
  for (const row of rows) {
    const key = `${row.reason} ${row.provider}`;
    const known = causes.get(key);
    causes.set(key, { ...(known ?? row), now: (known?.now ?? 0) + row.now, before: 0 });
  }
  return [...causes.values()];
}

/** The same with the time before, and what was sent. */
export async function countBefore(
  { read }: Database,
  causes: readonly FailureCause[],
  { start, window, now }: LookSpan,
): Promise<LookCounts> {
  const earlier = await sql<{ reason: Reason; provider: string; before: number }>`select reason, provider,
    cast(sum(count) as bigint) as before from rollup_hours
    where hour >= ${start} and hour < ${window} and ${FAILED} group by reason, provider`.execute(read);
  const before = new Map(earlier.rows.map((row) => [`${row.reason} ${row.provider}`, row.before]));
  const attempts = sql`delivered + failed + delayed`;
  const areKnown = await areDeliveriesKnown(read, { from: start, to: window - 1 });
  const sent = await sql<NowAndBefore & { readonly provider: string }>`select provider,
    cast(sum(case when hour >= ${window} then ${attempts} else 0 end) as bigint) as now,
    cast(sum(case when hour < ${window} then ${attempts} else 0 end) as bigint) as before
    from tallies where dimension = '' and hour >= ${start} and hour <= ${Math.floor(now / HOUR_MS)} group by provider`.execute(
    read,
  );
  return {
    causes: causes.map((cause) => ({ ...cause, before: before.get(`${cause.reason} ${cause.provider}`) ?? 0 })),
    sends: new Map(areKnown ? sent.rows.map(({ provider, ...row }) => [provider, row]) : []),
    hours: now / HOUR_MS - window,
    hoursBefore: window - start,
  };
}

export type HourCount = Incident["hours"][number];

/** Of one cause, hour by hour. */
export async function hoursOf(
  { read }: Database,
  { reason, provider }: Pick<Incident, "reason" | "provider">,
  from: number,
  to: number,
): Promise<readonly HourCount[]> {
  const { rows } = await sql<{ hour: number; count: number; proven: number; delayed: number }>`select hour,
    cast(sum(count) as bigint) as count, ${sumIf(sql`authenticity = 'proven'`)} as proven,
    ${sumIf(sql`kind = 'delay'`)} as delayed
    from rollup_hours where hour >= ${from} and hour <= ${to} and ${FAILED} and reason = ${reason}
    ${provider === EVERYWHERE ? sql`` : sql`and provider = ${provider}`}
    group by hour having sum(count) > 0 order by hour`.execute(read);
  return rows.map(({ hour, ...counts }) => ({ at: new Date(hour * HOUR_MS).toISOString(), ...counts }));
}

/** A total failure is no time of which no sends are known. */
const HOURS_BEFORE = 24;

/** Every provider in these hours: failures of this reason, and of any; and what was sent there, with this tag alone if given. */
export async function byProvider(
  { read }: Database,
  reason: Reason,
  from: number,
  to: number,
  tag: string | null,
): Promise<readonly Elsewhere[]> {
  const failed = await sql<{ provider: string; failed: number; all: number }>`select provider,
    ${sumIf(sql`reason = ${reason}`)} as failed, cast(sum(count) as bigint) as "all"
    from rollup_hours where hour >= ${from} and hour <= ${to} and ${FAILED} group by provider`.execute(read);
  const sent = await sql<{ provider: string; sent: number }>`select provider,
    cast(sum(delivered + failed + delayed) as bigint) as sent from tallies
    where dimension = ${tag === null ? "" : "tag"} ${tag === null ? sql`` : sql`and value = ${tag}`}
    and hour >= ${from} and hour <= ${to} group by provider`.execute(read);
  const areKnown = await areDeliveriesKnown(read, { from: from - HOURS_BEFORE, to });
  const sends = new Map(areKnown ? sent.rows.map((row) => [row.provider, row.sent]) : []);
  const failures = new Map(failed.rows.map((row) => [row.provider, row]));
  return [...new Set([...sends.keys(), ...failures.keys()])].map((provider) => ({
    provider,
    failed: failures.get(provider)?.failed ?? 0,
    all: failures.get(provider)?.all ?? 0,
    sent: sends.size === 0 ? null : (sends.get(provider) ?? 0),
  }));
}

/** Sends of these hours, of all and of some values: how much of all mail has a value. Empty where none are known. */
export async function sentWith(
  { read }: Database,
  provider: string,
  from: number,
  to: number,
  values: readonly (readonly [dimension: string, value: string])[],
): Promise<ReadonlyMap<string, number>> {
  if (!(await areDeliveriesKnown(read, { from: from - HOURS_BEFORE, to }))) return new Map();
  const asked = sql.join([sql`('', '')`, ...values.map(([dimension, value]) => sql`(${dimension}, ${value})`)]);
  const { rows } = await sql<{ dimension: string; value: string; sent: number }>`select dimension, value,
    cast(sum(delivered + failed + delayed) as bigint) as sent from tallies
    where (dimension, value) in (${sql.raw("values ")}${asked}) and hour >= ${from} and hour <= ${to}
    ${provider === EVERYWHERE ? sql`` : sql`and provider = ${provider}`} group by dimension, value`.execute(read);
  return new Map(rows.map(({ dimension, value, sent }) => [`${dimension} ${value}`, sent]));
}
