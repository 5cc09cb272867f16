/** Fills an empty SQLite log in bulk: in order, without waiting for the disk, indexes afterwards. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { openDatabase } from "../../src/store/db/database.ts";
import { TEXT_INDEXES, textIndexInserts } from "../../src/store/log/text-index.ts";
import { filledRows, type FillOptions } from "./fill-rows.ts";

const ROWS_PER_COMMIT = 500_000;
const PRAGMAS = ["journal_mode = memory", "synchronous = off", "cache_size = -800000", "locking_mode = exclusive"];

export async function fillSqlite(dataDir: string, options: FillOptions): Promise<void> {
  const migrated = await openDatabase({ DATABASE_URL: "", dataDir });
  const fillText = textIndexInserts(sql`true`).map((insert) => insert.compile(migrated.write).sql);
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
  // Large segments, then one: as many small ones would be merged by whoever writes next.
  for (const [at, index] of TEXT_INDEXES.entries()) {
    options.say(index);
    db.exec(`insert into ${index} (${index}, rank) values ('hashsize', 400000000)`);
    db.exec(fillText[at] ?? "");
    db.exec(`insert into ${index} (${index}) values ('optimize')`);
    db.exec(`insert into ${index} (${index}, rank) values ('hashsize', 1048576)`);
  }
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
