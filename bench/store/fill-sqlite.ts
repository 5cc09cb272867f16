/** Fills an empty SQLite log in bulk: in order, without waiting for the disk, b-tree indexes afterwards. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { loadConfig } from "../../src/config.ts";
import { openStore } from "../../src/store/store.ts";
import { filledRows, type FillOptions } from "./fill-rows.ts";

const ROWS_PER_COMMIT = 200_000;
const TEXT_INDEXES = ["recipient_text", "event_text"] as const;

export async function fillSqlite(dataDir: string, options: FillOptions): Promise<void> {
  await (await openStore(loadConfig({ BOUNCED_DATA_DIR: dataDir }))).close();
  const db = new DatabaseSync(join(dataDir, "log.sqlite"));
  for (const pragma of [
    "journal_mode = memory",
    "synchronous = off",
    "cache_size = -800000",
    "locking_mode = exclusive",
  ])
    db.exec(`pragma ${pragma}`);
  const indexes = db
    .prepare(
      "select name, sql from sqlite_schema where type = 'index' and sql is not null and tbl_name in ('events', 'suppressions')",
    )
    .all() as { name: string; sql: string }[];
  for (const { name } of indexes) db.exec(`drop index ${name}`);
  for (const index of TEXT_INDEXES) db.exec(`insert into ${index} (${index}, rank) values ('hashsize', 400000000)`);
  const inserts = new Map<string, ReturnType<typeof db.prepare>>();
  let open = 0;
  for (const { table, row } of filledRows(options)) {
    let insert = inserts.get(table);
    const columns = Object.keys(row);
    if (!insert) {
      insert = db.prepare(`insert into ${table} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`);
      inserts.set(table, insert);
    }
    if (open === 0) db.exec("begin");
    insert.run(...Object.values(row));
    if (++open === ROWS_PER_COMMIT * 2) {
      db.exec("commit");
      open = 0;
    }
  }
  if (open > 0) db.exec("commit");
  for (const { name, sql } of indexes) {
    options.say(name);
    db.exec(sql);
  }
  for (const index of TEXT_INDEXES) db.exec(`insert into ${index} (${index}, rank) values ('hashsize', 1048576)`);
  db.exec("pragma journal_mode = wal");
  db.close();
}
