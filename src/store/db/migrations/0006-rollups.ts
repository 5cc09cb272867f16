/** Counts kept beside the events, so that a figure over a month reads some thousand rows instead of millions. */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

const HOURLY = ["severity", "kind", "reason", "fault", "provider", "authenticity"] as const;
const DAILY = ["dimension", "value", "kind", "severity", "authenticity"] as const;

export const rollups = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    await createRollup(db, dialect, "rollup_hours", "hour", HOURLY);
    // By dimension first: each of them is a run of its own in the index.
    await createRollup(db, dialect, "rollup_days", "day", DAILY);
    // An empty log needs no counting. Any other is counted while the service runs (src/store/rollups/rebuild.ts).
    await sql`insert into facts (name, value, updated_at) select 'rollups', 'complete', 0
      where not exists (select 1 from events)`.execute(db);
  },
});

async function createRollup(
  db: Kysely<unknown>,
  dialect: DialectName,
  table: string,
  unit: "hour" | "day",
  names: readonly string[],
): Promise<void> {
  const [int, text] =
    dialect === "sqlite" ? ([sql`integer`, sql`text`] as const) : ([sql`bigint`, sql`text collate "C"`] as const);
  const columns = names.map((name) => sql`${sql.ref(name)} ${text} not null`);
  const key = unit === "hour" ? [unit, ...names] : [names[0] ?? "", unit, ...names.slice(1)];
  // PostgreSQL changes a count in place where its page has room.
  const ending = dialect === "sqlite" ? sql`without rowid` : sql`with (fillfactor = 70)`;
  await sql`create table ${sql.table(table)} (${sql.ref(unit)} ${int} not null, ${sql.join(columns)}, count ${int} not null,
    primary key (${sql.join(key.map((name) => sql.ref(name)))})) ${ending}`.execute(db);
}
