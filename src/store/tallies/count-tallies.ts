/** A batch of tallies into the database, once: its id is remembered in the transaction that adds it. */
import { sql, type Transaction } from "kysely";
import { FOLDED, hourOf, OUTCOMES, readTally, type Tallied, type TallyCounts } from "../../tallies/tally.ts";
import type { Database } from "../db/database.ts";
import { dialectOf, insertAll } from "../db/statements.ts";
import type { TalliesTable, Tables } from "../db/tables.ts";

/** What is counted apart, beside the provider. */
export const TALLY_DIMENSIONS = ["domain", "tag", "senderDomain", "sendingAddress"] as const;
export type TallyDimension = (typeof TALLY_DIMENSIONS)[number];

/**
 * Values of a dimension in an hour. Whoever makes up domains or tags makes no more rows: beyond the first number those
 * with the fewest are counted together, and the second number is kept apart, so that what is large is exact.
 */
const MOST_APART = 2000;
const KEPT_APART = 1000;
/** Batches are remembered so long; Redis hands one over again within minutes. */
const REMEMBERED_MS = 30 * 86_400_000;

export interface TallyBatch {
  readonly id: string;
  readonly counts: TallyCounts;
}

/** False where it was counted before. */
export async function countTallies(
  { write, dialect, assertWhole }: Pick<Database, "write" | "dialect" | "assertWhole">,
  { id, counts }: TallyBatch,
  now: number,
): Promise<boolean> {
  assertWhole();
  const rows = rowsOf(counts);
  return write.transaction().execute(async (tx) => {
    const isNew = await insertAll<{ name: string }>(
      tx,
      "facts",
      [{ name: `${PREFIX}${id}`, value: "", updated_at: now }],
      "on conflict do nothing returning name",
    );
    if (isNew.length === 0) return false;
    await tx
      .deleteFrom("facts")
      .where("name", "like", `${PREFIX}%`)
      .where("updated_at", "<", now - REMEMBERED_MS)
      .execute();
    // Two writers at a time would fold the same rows.
    if (dialect === "postgres") await sql`lock table tallies in share row exclusive mode`.execute(tx);
    await addRows(tx, rows);
    const runs = new Map(rows.map(({ dimension, hour }) => [`${dimension} ${hour}`, { dimension, hour }]));
    for (const run of runs.values()) if (run.dimension !== "") await foldRun(tx, run);
    return true;
  });
}

const PREFIX = "tally ";

const KEY = ["dimension", "hour", "value", "provider"] as const;

async function addRows(tx: Transaction<Tables>, rows: readonly TalliesTable[]): Promise<void> {
  const added = OUTCOMES.map((outcome) => `${outcome} = tallies.${outcome} + excluded.${outcome}`).join(", ");
  await insertAll(
    tx,
    "tallies",
    rows.map((row) => ({ ...row })),
    `on conflict (${KEY.join(", ")}) do update set ${added}`,
  );
}

/** Each tally in the row of its provider, and in one for each thing that is known of it. */
function rowsOf(counts: TallyCounts): readonly TalliesTable[] {
  const rows = new Map<string, TalliesTable>();
  const add = (dimension: string, value: string, { hour, provider, outcome }: Tallied, count: number): void => {
    const key = [dimension, hour, value, provider].join("\n");
    const row = rows.get(key) ?? { dimension, hour, value, provider, delivered: 0, failed: 0, delayed: 0 };
    row[outcome] += count;
    rows.set(key, row);
  };
  for (const [text, count] of counts) {
    const tally = readTally(text);
    if (!tally) continue;
    add("", "", tally, count);
    for (const dimension of TALLY_DIMENSIONS)
      if (tally[dimension] !== "") add(dimension, tally[dimension], tally, count);
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Where one hour of a dimension has too many rows, the smallest become one for each provider. */
async function foldRun(tx: Transaction<Tables>, run: Pick<TalliesTable, "dimension" | "hour">): Promise<void> {
  const all = tx
    .selectFrom("tallies")
    .where("dimension", "=", run.dimension)
    .where("hour", "=", run.hour)
    .where("value", "!=", FOLDED);
  const { count } = await all.select(sql<number>`count(*)`.as("count")).executeTakeFirstOrThrow();
  if (count <= MOST_APART) return;
  const small = await all
    .selectAll()
    .orderBy(sql`delivered + failed + delayed`, "desc")
    .orderBy("value")
    .orderBy("provider")
    .limit(-1 + 2 ** 31)
    .offset(KEPT_APART)
    .execute();
  const folded = new Map<string, TalliesTable>();
  for (const row of small) {
    const sum = folded.get(row.provider) ?? { ...row, value: FOLDED, delivered: 0, failed: 0, delayed: 0 };
    for (const outcome of OUTCOMES) sum[outcome] += row[outcome];
    folded.set(row.provider, sum);
  }
  const gone = JSON.stringify(small.map(({ value, provider }) => [value, provider]));
  const keys =
    dialectOf(tx) === "postgres"
      ? sql`select one->>0, one->>1 from jsonb_array_elements(cast(${gone} as jsonb)) as one`
      : sql`select json_extract(one.value, '$[0]'), json_extract(one.value, '$[1]') from json_each(${gone}) as one`;
  await sql`delete from tallies where dimension = ${run.dimension} and hour = ${run.hour}
    and (value, provider) in (${keys})`.execute(tx);
  await addRows(tx, [...folded.values()]);
}

/** Whole hours that are over by then. Returns how many rows. */
export async function expireTallies({ write }: Pick<Database, "write">, before: number): Promise<number> {
  const { numDeletedRows } = await write
    .deleteFrom("tallies")
    .where("dimension", "in", ["", ...TALLY_DIMENSIONS])
    .where("hour", "<", hourOf(before))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
