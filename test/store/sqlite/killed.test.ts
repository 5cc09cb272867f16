/** Units of a SQLite log under SIGKILL: whatever step it meets, each event is there once, and every index agrees. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { configFileSchema } from "../../../src/config/config-file.ts";
import { openDatabase } from "../../../src/store/db/database.ts";
import { DAY_KEYS, SLOTS } from "../../../src/store/db/slots.ts";
import { prepareJobs } from "../../../src/store/log/record.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { TEXT_INDEXES, textTable } from "../../../src/store/texts/units.ts";
import { CUT_TABLES } from "../../../src/store/db/cut-tables.ts";
import { rowTable } from "../../../src/store/units/rows.ts";
import { insertAsOf } from "../insert-as-of.ts";
import { NOW } from "../on-both.ts";
import { EVENTS_OF_ROUND, jobsOfRound, KEPT_DAYS, timeOfRound } from "./rounds.ts";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function newConfig() {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-killed-"));
  folders.push(dataDir);
  return { dataDir, DATABASE_URL: "", BOUNCED_RETENTION_DAYS: KEPT_DAYS, file: configFileSchema.parse({}) };
}
const CHILD = new URL("killed-child.ts", import.meta.url).pathname;
const arrive = (mode: string, dataDir: string, first = 0) =>
  spawn(process.execPath, [CHILD, mode, dataDir, String(first)], { stdio: ["ignore", "pipe", "inherit"] });

/** Resolves when it has killed itself. */
const killsItself = (mode: string, dataDir: string, first = 0): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => arrive(mode, dataDir, first).on("exit", (_code, signal) => resolve(signal)));

/** Kills it `afterMs` after its first round; resolves to the last round that it acknowledged. */
const killed = (dataDir: string, first: number, afterMs: number): Promise<number> =>
  new Promise((resolve) => {
    const child = arrive("rounds", dataDir, first);
    let last = first - 1;
    child.stdout.on("data", (chunk: Buffer) => {
      if (last < first) setTimeout(() => child.kill("SIGKILL"), afterMs);
      last = Number(chunk.toString().trim().split("\n").at(-1));
    });
    child.on("exit", () => resolve(last));
  });

/** Nothing is damaged, a unit in use has all its indexes, and no other index is left. */
function expectWhole(dataDir: string): void {
  const file = new DatabaseSync(join(dataDir, "log.sqlite"));
  try {
    expect(file.prepare("pragma integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    const made = file.prepare("select name, sql from sqlite_schema where type = 'table'").all();
    const isOfUnit = ({ name, sql }: (typeof made)[number]): boolean =>
      /^create virtual/i.test(String(sql)) ||
      CUT_TABLES.some((table) => new RegExp(`^${table}_\\d+$`).test(String(name)));
    const units = file.prepare("select starts, dropped, has_rows from log_units").all();
    const tables = (isWanted: (dropped: number) => boolean): readonly string[] =>
      units
        .filter(({ dropped }) => isWanted(Number(dropped)))
        .flatMap(({ starts, has_rows }) => {
          const suffix = new Date(Number(starts) / SLOTS).toISOString().slice(0, 10).replaceAll("-", "");
          const ofRows = has_rows === 1 ? CUT_TABLES.map((table) => rowTable(table, suffix)) : [];
          return [...ofRows, ...TEXT_INDEXES.map((index) => textTable(index, suffix))];
        });
    const names = new Set(made.filter(isOfUnit).map(({ name }) => String(name)));
    for (const name of [...tables((dropped) => dropped === 0), "recipient_text_rest", "event_text_rest"])
      expect([name, names.delete(name)]).toEqual([name, true]);
    // Of a unit that is being dropped some may be gone.
    expect([...names].filter((name) => !tables((dropped) => dropped > 0).includes(name))).toEqual([]);
  } finally {
    file.close();
  }
}

/** Each event of a round, found by every index. */
async function expectRound(store: Store, round: number): Promise<void> {
  const name = `r${round}-`;
  expect([round, await store.count({ recipient: name })]).toEqual([round, EVENTS_OF_ROUND]);
  expect([round, await store.count({ diagnostic: `550 ${name}` })]).toEqual([round, EVENTS_OF_ROUND]);
  expect(await store.count({ address: [`${name}3@example.org`] })).toBe(1);
  expect(await store.record(jobsOfRound(round))).toMatchObject({ events: 0, known: EVENTS_OF_ROUND });
}

test("a log that is killed again and again has each event once, and no unit by halves", async () => {
  const config = newConfig();
  let next = 0;
  for (const afterMs of [150, 400, 900, 50, 700]) next = (await killed(config.dataDir, next, afterMs)) + 1;
  expect(next).toBeGreaterThan(5);
  expectWhole(config.dataDir);
  const last = next + 2;
  const store = await openStore(config, { now: () => timeOfRound(last) });
  // The round that was cut off may have been written and not acknowledged: it runs again.
  await store.record(jobsOfRound(next));
  await store.retain();
  for (let round = Math.max(0, next - 2); round <= next; round++) await expectRound(store, round);
  const rollups = async () => [await store.facets({}, ["severity", "domain"]), await store.count({})];
  const before = await rollups();
  await store.rebuildRollups();
  expect(await rollups()).toEqual(before);
  await store.tidy(() => true);
  for (let round = Math.max(0, next - 2); round <= next; round++) await expectRound(store, round);
  await store.close();
  expectWhole(config.dataDir);
}, 120_000);

test("killed within a unit's creation, or within its drop", async () => {
  const config = newConfig();
  const store = await openStore(config, { now: () => NOW });
  await store.record(jobsOfRound(0));
  await store.close();
  expect(await killsItself("creation", config.dataDir)).toBe("SIGKILL");
  expectWhole(config.dataDir);
  const database = await openDatabase(config);
  expect(
    await database.read
      .selectFrom("log_units")
      .selectAll()
      .where("starts", "<", 20_000 * DAY_KEYS)
      .execute(),
  ).toEqual([]);
  await database.close();
  expect(await killsItself("drop", config.dataDir)).toBe("SIGKILL");
  const again = await openStore(config, { now: () => NOW });
  await again.retain();
  await again.close();
  expectWhole(config.dataDir);
}, 60_000);

test.each([
  [13, "0010-by-day"],
  [17, "0016-people"],
])(
  "killed within migration %i: the next start does it, and finds all of before",
  async (migration, version) => {
    const config = newConfig();
    const old = await openDatabase(config, version);
    await old.write.transaction().execute((tx) => insertAsOf(version, tx, prepareJobs(jobsOfRound(0), NOW)));
    await old.close();
    expect(await killsItself("migration", config.dataDir, migration)).toBe("SIGKILL");
    const store = await openStore(config, { now: () => NOW });
    await store.record(jobsOfRound(1));
    for (const round of [0, 1]) await expectRound(store, round);
    await store.close();
    expectWhole(config.dataDir);
  },
  60_000,
);

test("a backup beside a writer is a whole log, with its units", async () => {
  const config = newConfig();
  const store = await openStore(config, { now: () => NOW });
  await store.record(jobsOfRound(0));
  await store.tidy(() => true);
  const restored = newConfig();
  const writing = store.record(jobsOfRound(1));
  execFileSync(
    process.execPath,
    [
      new URL("../../../src/cli/bin.mjs", import.meta.url).pathname,
      "log",
      "backup",
      join(restored.dataDir, "log.sqlite"),
    ],
    {
      env: { PATH: process.env["PATH"], BOUNCED_DATA_DIR: config.dataDir },
    },
  );
  await writing;
  await store.close();
  expectWhole(restored.dataDir);
  const copy = await openStore(restored, { now: () => NOW });
  await expectRound(copy, 0);
  await copy.record(jobsOfRound(1));
  await expectRound(copy, 1);
  await copy.close();
}, 60_000);
