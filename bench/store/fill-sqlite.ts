/** Fills an empty SQLite log in bulk: in order, without waiting for the disk, indexes afterwards. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql, type SqlBool } from "kysely";
import { openDatabase } from "../../src/store/db/database.ts";
import { unitMakerOf } from "../../src/store/days/make.ts";
import { DAY_KEYS, SLOTS } from "../../src/store/db/slots.ts";
import { textInsert } from "../../src/store/texts/index-texts.ts";
import { logUnitsOf, TEXT_INDEXES, textTable } from "../../src/store/texts/units.ts";
import { filledRows, type FillOptions } from "./fill-rows.ts";

const ROWS_PER_COMMIT = 500_000;
const PRAGMAS = ["journal_mode = memory", "synchronous = off", "cache_size = -800000", "locking_mode = exclusive"];

export async function fillSqlite(dataDir: string, options: FillOptions): Promise<void> {
  const migrated = await openDatabase({ DATABASE_URL: "", dataDir });
  const days = Array.from({ length: options.days }, (_, index) => options.end * SLOTS - (index + 1) * DAY_KEYS);
  await unitMakerOf(migrated, options.days + 1).makeFor(days, options.end);
  const units = await logUnitsOf(migrated.write);
  const fills = units.flatMap(({ from, to, suffix }) =>
    TEXT_INDEXES.map((index) => {
      const which = sql<SqlBool>`key >= ${sql.lit(from)} and key < ${sql.lit(to)}`;
      return { table: textTable(index, suffix), sql: textInsert(index, suffix, which).compile(migrated.write).sql };
    }),
  );
  await migrated.close();
  const db = new DatabaseSync(join(dataDir, "log.sqlite"));
  for (const pragma of PRAGMAS) db.exec(`pragma ${pragma}`);
  const indexes = db
    .prepare(
      "select name, sql from sqlite_schema where type = 'index' and sql is not null and tbl_name in ('events', 'suppressions')",
    )
    .all() as { name: string; sql: string }[];
  for (const { name } of indexes) db.exec(`drop index ${name}`);
  const inserts = new Map<string, ReturnType<typeof db.prepare>>();
  let open = 0;
  for (const { table, row } of filledRows(options)) {
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
  db.exec("update log_units set indexed = coalesce((select max(key) + 1 from events where key < ends), starts)");
  db.exec("pragma journal_mode = wal");
  db.close();
}

/** Reads what every insert touches, as it is in memory where the service runs: otherwise the disk would be measured. */
export function warmSqlite(dataDir: string): void {
  const db = new DatabaseSync(join(dataDir, "log.sqlite"), { readOnly: true });
  for (const column of ["id", "mailed", "domain", "message"])
    db.prepare(`select count(*) from events indexed by events_${column} where ${column} >= ''`).get();
  db.prepare("select count(*) from suppressions indexed by suppressions_value where value >= ''").get();
  db.close();
}
