/** A log that cannot be used is said to be so, and never begun anew. */
import { randomBytes } from "node:crypto";
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { configFileSchema } from "../../src/config/config-file.ts";
import { openDatabase } from "../../src/store/db/database.ts";
import { openStore } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { startPostgres } from "./postgres.ts";

const newConfig = () => ({
  dataDir: mkdtempSync(join(tmpdir(), "bounced-lost-")),
  DATABASE_URL: "",
  BOUNCED_RETENTION_DAYS: 40,
  file: configFileSchema.parse({}),
});

test("an SQLite log that was there and is empty or gone is refused, until somebody says so", async () => {
  const config = newConfig();
  await (await openStore(config)).close();
  const path = join(config.dataDir, "log.sqlite");
  truncateSync(path, 0);
  await expect(openStore(config)).rejects.toThrow(`${path} is empty or gone`);
  rmSync(path);
  await expect(openStore(config)).rejects.toThrow("restore it from a backup");
  rmSync(join(config.dataDir, "log.made"));
  await (await openStore(config)).close();
});

test("damage in the middle of the file stops recording in every process, until a whole file is in its place", async () => {
  const config = newConfig();
  const path = join(config.dataDir, "log.sqlite");
  const filled = await openStore(config);
  await filled.record(Array.from({ length: 300 }, (_, n) => jobOf([makeEvent({ address: `user${n}@example.org` })])));
  await filled.close();
  copyFileSync(path, `${path}.backup`);
  const writer = await openStore(config);
  const reader = await openStore(config);
  const file = openSync(path, "r+");
  const { size } = statSync(path);
  // All but the first pages: their places in the tree are there, what they hold is not.
  for (let at = 16 * 4096; at < size; at += 4096) writeSync(file, randomBytes(4096), 0, 4096, at);
  closeSync(file);
  await writer.probe().catch(() => undefined);
  await expect(reader.count({ recipient: "user1" })).rejects.toThrow(/malformed|corrupt/);
  const one = [jobOf([makeEvent({ address: "later@example.org" })])];
  await expect(writer.record(one)).rejects.toThrow(`${path} is damaged`);
  await expect(writer.probe()).rejects.toThrow("restore it from a backup");
  await Promise.all([writer.close(), reader.close()]);
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
  copyFileSync(`${path}.backup`, path);
  const restored = await openStore(config);
  expect(await restored.record(one)).toMatchObject({ events: 1 });
  await restored.close();
});

test("a log of a newer version is called that", async () => {
  const config = newConfig();
  const database = await openDatabase(config);
  await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')`.execute(database.write);
  await database.close();
  await expect(openStore(config)).rejects.toThrow("written by a newer version of bounced");
});

test("a PostgreSQL connection that breaks in use fails its query, and nothing else", async () => {
  const postgres = startPostgres();
  const database = await openDatabase({ dataDir: "", DATABASE_URL: postgres.createDatabase() });
  const { rows } = await database.write.connection().execute(async (one) => {
    const { rows: pids } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(one);
    const query = sql`select pg_sleep(60)`.execute(one);
    process.kill(pids[0]?.pid ?? 0, "SIGKILL");
    await expect(query).rejects.toThrow();
    return { rows: pids };
  });
  expect(rows).toHaveLength(1);
  // The server starts again after such an end; the pool gets new connections.
  await expect
    .poll(
      () =>
        sql`select 1 as one`.execute(database.write).then(
          ({ rows: found }) => found,
          () => null,
        ),
      { timeout: 20_000 },
    )
    .toEqual([{ one: 1 }]);
  await database.close();
  postgres.stop();
}, 120_000);
