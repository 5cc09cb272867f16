/** A day's partitions are lost, and come back from a backup, as docs/log.md has it. */
import { execFileSync } from "node:child_process";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configFileSchema } from "../../../src/config/config-file.ts";
import { PARENTS, tableOf, unitsOf } from "../../../src/store/days/units.ts";
import { openDatabase } from "../../../src/store/db/database.ts";
import { SLOTS } from "../../../src/store/db/slots.ts";
import { openStore } from "../../../src/store/store.ts";
import { jobOf, makeEvent } from "../make-event.ts";
import { DAY, NOW } from "../on-both.ts";
import { sharedPostgres, type SharedPostgres } from "../postgres.ts";

let postgres: SharedPostgres;
beforeAll(async () => (postgres = await sharedPostgres()));
afterAll(() => postgres.stop());

test("a lost day costs its events alone, until its partitions are restored and attached", async () => {
  const config = {
    dataDir: "",
    DATABASE_URL: postgres.createDatabase(),
    BOUNCED_RETENTION_DAYS: 10,
    file: configFileSchema.parse({}),
  };
  const store = await openStore(config, { now: () => NOW });
  const database = await openDatabase(config);
  const { write } = database;
  const events = Array.from({ length: 30 }, (_, index) =>
    makeEvent({ address: `user${index}@example.org`, at: NOW - (index % 3) * DAY }),
  );
  const jobs = events.map((event) => jobOf([event], "the message"));
  await store.record(jobs);
  const day = (await unitsOf(write, "events")).find(
    ({ from, to }) => from <= (NOW - DAY) * SLOTS && (NOW - DAY) * SLOTS < to,
  );
  if (!day) throw new Error("the day has no partition");
  const tables = PARENTS.map((parent) => [parent, tableOf(parent, day)] as const);
  const backup = execFileSync("pg_dump", [config.DATABASE_URL, ...tables.flatMap(([, table]) => ["-t", table])], {
    encoding: "utf8",
  });
  for (const [parent, table] of tables) {
    await sql`alter table ${sql.table(parent)} detach partition ${sql.table(table)}`.execute(write);
    await sql`drop table ${sql.table(table)}`.execute(write);
  }
  const found = async () => (await store.search({ limit: 100 })).entries.length;
  expect(await found()).toBe(20);
  // Known, although it is lost: it comes from the backup, not from a queue.
  expect(await store.record(jobs)).toMatchObject({ events: 0, known: 30 });
  // What the backup says of the parents fails where they are there already.
  execFileSync("psql", ["-q", config.DATABASE_URL], { input: backup, stdio: ["pipe", "ignore", "ignore"] });
  for (const [parent, table] of tables) {
    const { rows } = await sql<{ is: boolean }>`select exists (select 1 from pg_inherits
      where inhrelid = ${table}::regclass) as is`.execute(write);
    if (rows[0]?.is) continue;
    await sql`alter table ${sql.table(parent)} attach partition ${sql.table(table)}
      for values from (${sql.lit(day.from)}) to (${sql.lit(day.to)})`.execute(write);
  }
  await store.rebuildRollups();
  expect(await found()).toBe(30);
  expect(await store.count({})).toBe(30);
  for (const { id } of events) expect(await store.raw(id)).not.toBeNull();
  await database.close();
  await store.close();
}, 120_000);
