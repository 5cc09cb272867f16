import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../../../src/store/db/database.ts";
import { openConnection } from "../../../src/store/db/sqlite/connection.ts";
import { sqliteDialect } from "../../../src/store/db/sqlite/dialect.ts";

const folder = mkdtempSync(join(tmpdir(), "bounced-sqlite-"));
const path = join(folder, "test.sqlite");
interface Rows {
  notes: { id: number; text: string; data: Uint8Array | null };
}
const db = new Kysely<Rows>({ dialect: sqliteDialect({ path, readOnly: false, connections: 1 }) });
afterAll(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true, force: true });
});

test("rows, counts and octets come back as they went; the file is its owner's alone", async () => {
  await sql`create table notes (id integer primary key, text text, data blob)`.execute(db);
  const data = new Uint8Array([0, 1, 255]);
  await db
    .insertInto("notes")
    .values([
      { id: 2 ** 53 - 1, text: "ä\u{1f600}", data },
      { id: 1, text: "", data: null },
    ])
    .execute();
  expect(await db.selectFrom("notes").selectAll().orderBy("id", "desc").execute()).toEqual([
    { id: 2 ** 53 - 1, text: "ä\u{1f600}", data },
    { id: 1, text: "", data: null },
  ]);
  const deleted = await db.deleteFrom("notes").where("id", "=", 1).executeTakeFirst();
  expect(deleted.numDeletedRows).toBe(1n);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a mistake in a query is an error with its code, and a transaction that fails leaves nothing", async () => {
  await expect(sql`select * from absent`.execute(db)).rejects.toMatchObject({ name: "SqliteError", code: 1 });
  const failing = db.transaction().execute(async (tx) => {
    await tx.insertInto("notes").values({ id: 5, text: "half", data: null }).execute();
    throw new Error("stop");
  });
  await expect(failing).rejects.toThrow("stop");
  expect(await db.selectFrom("notes").select("id").where("id", "=", 5).execute()).toEqual([]);
});

test("a commit is synchronous with the disk, in write-ahead mode", async () => {
  expect((await sql`pragma journal_mode`.execute(db)).rows).toEqual([{ journal_mode: "wal" }]);
  expect((await sql`pragma synchronous`.execute(db)).rows).toEqual([{ synchronous: 2 }]);
});

test("a connection that cannot open says so, and a closed one does not hang", async () => {
  const nowhere = openConnection({ path: join(folder, "absent", "x.sqlite"), readOnly: false });
  await expect(nowhere.executeQuery({ sql: "select 1", parameters: [] } as never)).rejects.toThrow(/unable to open/);
  expect(nowhere.isDead()).toBe(true);
  await nowhere.close();
});

test("a pool whose thread died opens another one", async () => {
  const path2 = join(folder, "later", "x.sqlite");
  const pool = new Kysely<Rows>({ dialect: sqliteDialect({ path: path2, readOnly: false, connections: 1 }) });
  await expect(sql`select 1`.execute(pool)).rejects.toThrow(/unable to open/);
  const { mkdirSync } = await import("node:fs");
  mkdirSync(join(folder, "later"));
  expect((await sql<{ one: number }>`select 1 as one`.execute(pool)).rows).toEqual([{ one: 1 }]);
  await pool.destroy();
});

test("a look-up of the send path does not wait behind long searches", async () => {
  const database = await openDatabase({ DATABASE_URL: "", dataDir: join(folder, "quick") });
  const order: string[] = [];
  const endless = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000) select count(*) from n`;
  const searches = [1, 2, 3].map(() => endless.execute(database.read).then(() => order.push("search")));
  await sql`select 1`.execute(database.quick).then(() => order.push("look-up"));
  await Promise.all(searches);
  expect(order[0]).toBe("look-up");
  await database.close();
});
