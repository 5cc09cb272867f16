/** A log that cannot be used is said to be so, and never begun anew. */
import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { configFileSchema } from "../../src/config/config-file.ts";
import { openDatabase } from "../../src/store/db/database.ts";
import { openStore } from "../../src/store/store.ts";
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
