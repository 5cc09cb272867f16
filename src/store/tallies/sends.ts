/** What was sent in a period, and what returned of it: tallies beside the events of the log. */
import { sql } from "kysely";
import { CREDIBLE } from "../../event/credible.ts";
import type { SendCounts } from "../../tallies/rates.ts";
import { FOLDED, tallyValue } from "../../tallies/tally.ts";
import { cancelledBy } from "../db/cancelled-by.ts";
import type { Database } from "../db/database.ts";
import { QueryError, type LogFilter } from "../log/log-query.ts";
import { HOUR_MS } from "../rollups/rollup-columns.ts";
import { countsOf } from "../rollups/source.ts";
import { areDeliveriesKnown } from "./deliveries-known.ts";
import { TALLY_DIMENSIONS, type TallyDimension } from "./count-tallies.ts";

export const SEND_DIMENSIONS = ["provider", ...TALLY_DIMENSIONS] as const;
export type SendDimension = (typeof SEND_DIMENSIONS)[number];

/** `from` and `to` in ms. Whole hours count: the hour of `from` from its start, that of `to` to its end. */
export interface SendsQuery extends Readonly<Partial<Record<SendDimension, string | undefined>>> {
  readonly from: number;
  readonly to: number;
  /** A row for each value, those with the most sends first; without it one row for all. */
  readonly by?: SendDimension | undefined;
  /** Rows with fewer are left out. @defaultValue 1 */
  readonly minSends?: number;
  readonly limit?: number;
}

export interface SendsRow extends SendCounts {
  /** `""` of the one row for all, and where it is not known. */
  readonly value: string;
}

type Sent = Pick<SendsRow, "value" | "delivered" | "failed" | "delayed">;

/**
 * Empty where no sends are known, which is also where failures alone are reported: a rate of them would be 100 %. Beside a provider, one further dimension can be asked for.
 */
export async function sendsIn(
  database: Database,
  query: SendsQuery,
  signal?: AbortSignal,
): Promise<readonly SendsRow[]> {
  const sent = await sentIn(database, query, signal);
  const isCounted =
    sent.some(({ delivered }) => delivered > 0) || (await areDeliveriesKnown(database.replica, hoursOf(query)));
  if (!isCounted) return [];
  const returned = await returnedIn(
    database,
    query,
    sent.map(({ value }) => value),
    signal,
  );
  return sent.map((row) => ({ ...(returned.get(row.value) ?? NOTHING), ...row }));
}

const NOTHING = { bounced: 0, hard: 0, blocked: 0, complained: 0 };

/** The one dimension beside the provider, whose rows are read. */
function dimensionOf({ by, ...query }: SendsQuery): TallyDimension | "" {
  const asked = TALLY_DIMENSIONS.filter((dimension) => dimension === by || query[dimension] !== undefined);
  if (asked.length > 1) throw new QueryError(`rates are counted by ${asked.join(" or ")}, not by both`);
  return asked[0] ?? "";
}

/** Whole ones, both included. */
const hoursOf = ({ from, to }: Pick<SendsQuery, "from" | "to">) => ({
  from: Math.floor(from / HOUR_MS),
  to: Math.ceil(to / HOUR_MS) - 1,
});

async function sentIn(
  { replica }: Database,
  query: SendsQuery,
  signal: AbortSignal | undefined,
): Promise<readonly Sent[]> {
  const { by, provider, minSends = 1, limit = 20 } = query;
  const hours = hoursOf(query);
  const dimension = dimensionOf(query);
  const conditions = [sql`dimension = ${dimension}`, sql`hour >= ${hours.from}`, sql`hour <= ${hours.to}`];
  const wanted = dimension === "" ? undefined : query[dimension];
  if (wanted !== undefined) conditions.push(sql`value = ${tallyValue(wanted)}`);
  if (by !== undefined && by !== "provider") conditions.push(sql`value <> ${FOLDED}`);
  if (provider !== undefined) conditions.push(sql`provider = ${tallyValue(provider)}`);
  const value = by === undefined ? sql`''` : sql.ref(by === "provider" ? "provider" : "value");
  const sum = (name: string) => sql`cast(coalesce(sum(${sql.ref(name)}), 0) as bigint) as ${sql.ref(name)}`;
  const { rows } = await sql<Sent>`select ${value} as value, ${sum("delivered")}, ${sum("failed")}, ${sum("delayed")}
    from tallies where ${sql.join(conditions, sql` and `)} ${by === undefined ? sql`` : sql`group by ${value}`}
    having sum(delivered + failed) >= ${minSends} order by sum(delivered + failed) desc, 1 limit ${limit}`.execute(
    replica,
    cancelledBy(signal),
  );
  return rows;
}

async function returnedIn(
  database: Database,
  { from, to, by, minSends: _min, limit: _limit, ...filter }: SendsQuery,
  values: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, typeof NOTHING>> {
  const asked: LogFilter = {
    ...Object.fromEntries(
      Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value]]])),
    ),
    ...(by === undefined ? {} : { [by]: values }),
    from: new Date(Math.floor(from / HOUR_MS) * HOUR_MS).toISOString(),
    to: new Date(Math.ceil(to / HOUR_MS) * HOUR_MS).toISOString(),
    authenticity: CREDIBLE,
    kind: ["bounce", "complaint"],
  };
  const counts = await countsOf(database, asked, ["kind", "severity", ...(by === undefined ? [] : [by])]);
  const value = by === undefined ? sql`''` : sql.ref("d2");
  const { rows } = await sql<{ kind: string; severity: string; value: string; count: number }>`
    select d0 as kind, d1 as severity, ${value} as value, cast(sum(count) as bigint) as count from (${counts}) as counts
    group by d0, d1 ${by === undefined ? sql`` : sql`, d2`}`.execute(database.replica, cancelledBy(signal));
  const found = new Map<string, typeof NOTHING>();
  for (const row of rows) {
    const sum = found.get(row.value) ?? { ...NOTHING };
    if (row.kind === "complaint") sum.complained += row.severity === "complaint" ? row.count : 0;
    else if (row.severity === "block") sum.blocked += row.count;
    else sum.bounced += row.count;
    if (row.kind === "bounce" && row.severity === "hard") sum.hard += row.count;
    found.set(row.value, sum);
  }
  return found;
}
