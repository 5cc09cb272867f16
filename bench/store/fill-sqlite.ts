/** Fills an empty SQLite log in bulk: in order, without waiting for the disk, indexes afterwards. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql, type SqlBool } from "kysely";
import { openDatabase } from "../../src/store/db/database.ts";
import { unitMakerOf } from "../../src/store/days/make.ts";
import { DAY_KEYS, SLOTS } from "../../src/store/db/slots.ts";
import { textInsert } from "../../src/store/texts/index-texts.ts";
import { TEXT_INDEXES, textTable } from "../../src/store/texts/units.ts";
import { idTableOf } from "../../src/store/units/ids.ts";
import { rowTable } from "../../src/store/units/rows.ts";
import { logUnitsOf, rowsOf, suffixOf } from "../../src/store/units/units.ts";
import { CUT_TABLES } from "../../src/store/db/cut-tables.ts";
import { filledRows, type FillOptions } from "./fill-rows.ts";

const ROWS_PER_COMMIT = 500_000;
const PRAGMAS = ["journal_mode = memory", "synchronous = off", "cache_size = -800000", "locking_mode = exclusive"];

export async function fillSqlite(dataDir: string, options: FillOptions): Promise<void> {
  const migrated = await openDatabase({ DATABASE_URL: "", dataDir });
  const days = Array.from({ length: options.days }, (_, index) => options.end * SLOTS - (index + 1) * DAY_KEYS);
  await unitMakerOf(migrated, options.days + 1).makeFor(days, options.end);
  const units = await logUnitsOf(migrated.write);
  const fills = units.flatMap((unit) =>
    TEXT_INDEXES.map((index) => {
      const which = sql<SqlBool>`key >= ${sql.lit(unit.from)} and key < ${sql.lit(unit.to)}`;
      const fill = textInsert(index, unit, which).compile(migrated.write).sql;
      return { table: textTable(index, unit.suffix), sql: fill };
    }),
  );
  const generations = await migrated.write.selectFrom("log_ids").select("starts").orderBy("starts").execute();
  await migrated.close();
  const db = new DatabaseSync(join(dataDir, "log.sqlite"));
  for (const pragma of PRAGMAS) db.exec(`pragma ${pragma}`);
  const indexes = db
    .prepare(
      "select name, sql from sqlite_schema where type = 'index' and sql is not null and (tbl_name glob 'events_*' or tbl_name = 'suppressions')",
    )
    .all() as { name: string; sql: string }[];
  for (const { name } of indexes) db.exec(`drop index ${name}`);
  const inserts = new Map<string, ReturnType<typeof db.prepare>>();
  let open = 0;
  for (const { table: whole, row } of filledRows(options)) {
    const isCut = CUT_TABLES.some((name) => name === whole);
    const table = isCut ? rowTable(whole as "events", rowsOf(units, Number(row["key" as keyof typeof row]))) : whole;
    const columns = Object.keys(row);
    const insert =
      inserts.get(table) ??
      db.prepare(`insert into ${table} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`);
    inserts.set(table, insert);
    if (open++ === 0) db.exec("begin");
    insert.run(...Object.values(row));
    if (open < ROWS_PER_COMMIT) continue;
    db.exec("commit");
    open = 0;
  }
  if (open > 0) db.exec("commit");
  for (const step of indexes) {
    options.say(step.name);
    db.exec(step.sql);
  }
  options.say("texts");
  for (const { table, sql: fill } of fills) {
    // One large segment.
    db.exec(`insert into ${table} (${table}, rank) values ('hashsize', 400000000)`);
    db.exec(fill);
    db.exec(`insert into ${table} (${table}, rank) values ('hashsize', 1048576)`);
  }
  for (const { from, rows } of units) {
    const last = `coalesce((select key + 1 from ${rowTable("events", rows)} order by key desc limit 1), starts)`;
    db.exec(`update log_units set indexed = ${last} where starts = ${from}`);
  }
  options.say("ids");
  const ends = [...generations.slice(1).map(({ starts }) => starts), Number.MAX_SAFE_INTEGER];
  for (const [at, { starts }] of generations.entries())
    db.exec(`insert into ${idTableOf({ from: starts })} (id, key)
      select unhex(id), key from events where key >= ${starts} and key < ${ends[at] ?? 0} order by id`);
  db.exec("pragma journal_mode = wal");
  db.close();
}

/** Reads what every insert touches, as it is in memory where the service runs: otherwise the disk would be measured. */
export function warmSqlite(dataDir: string): void {
  const db = new DatabaseSync(join(dataDir, "log.sqlite"), { readOnly: true });
  db.prepare("select count(*) from event_ids where key >= 0").get();
  const newest = db.prepare("select starts from log_units where has_rows = 1 order by starts desc limit 5").all();
  for (const { starts } of newest)
    for (const column of ["mailed", "domain", "message"]) {
      const day = suffixOf(Number(starts));
      const index = `events_${column}_${day}`;
      db.prepare(`select count(*) from events_${day} indexed by ${index} where ${column} >= ''`).get();
    }
  db.prepare("select count(*) from suppressions indexed by suppressions_value where value >= ''").get();
  db.close();
}
