/** Which days of the log a question opens on PostgreSQL: those of an address, and the newest for a page. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { configFileSchema } from "../../../src/config/config-file.ts";
import { placed } from "../../../src/store/log/placed.ts";
import { stretchesOf } from "../../../src/store/days/stretches.ts";
import { DAY_KEYS } from "../../../src/store/db/slots.ts";
import { openDatabase, type Database } from "../../../src/store/db/database.ts";
import type { LogFilter } from "../../../src/store/log/log-query.ts";
import { prepareJobs } from "../../../src/store/log/record.ts";
import { matching } from "../../../src/store/log/where.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { insertAsOf } from "../insert-as-of.ts";
import { jobOf, makeEvent } from "../make-event.ts";
import { DAY, NOW } from "../on-both.ts";
import { sharedPostgres, type SharedPostgres } from "../postgres.ts";

const BEFORE = "0007-recorded-order";

let postgres: SharedPostgres;
beforeAll(async () => (postgres = await sharedPostgres()));
afterAll(() => postgres.stop());

async function inLog(work: (store: Store, database: Database) => Promise<void>, isOld = false): Promise<void> {
  const config = {
    dataDir: "",
    DATABASE_URL: postgres.createDatabase(),
    BOUNCED_RETENTION_DAYS: 40,
    file: configFileSchema.parse({}),
  };
  if (isOld) {
    const old = await openDatabase(config, BEFORE);
    const jobs = [jobOf([at(NOW - 3 * DAY, "old"), at(NOW - DAY, "other")])];
    await old.write.transaction().execute((tx) => insertAsOf(BEFORE, tx, prepareJobs(jobs, NOW)));
    await old.close();
  }
  const store = await openStore(config, { now: () => NOW });
  const database = await openDatabase(config);
  try {
    await work(store, database);
  } finally {
    await database.close();
    await store.close();
  }
}

const at = (time: number, name: string) => makeEvent({ address: `${name}@example.org`, at: time });
const forwarded = (time: number, mailed: string, final: string) => {
  const event = at(time, final);
  return { ...event, recipient: { ...event.recipient, mailed: `${mailed}@example.org` } };
};
const countOf = async (store: Store, name: string, filter: LogFilter = {}) => {
  const { entries } = await store.search({ ...filter, address: [`${name}@example.org`], limit: 1000 });
  expect(await store.count({ ...filter, address: [`${name}@example.org`] })).toBe(entries.length);
  return entries.length;
};

/** Tables of events that PostgreSQL reads to answer. */
async function opened(database: Database, filter: LogFilter): Promise<number> {
  const asked = await placed(database.read, filter);
  const rows = await matching(database.read, "postgres", asked).query.select("events.key").explain("text");
  return JSON.stringify(rows).match(/Scan[^"]* on events_/g)?.length ?? 0;
}

test("an address opens the days where it is, whatever the range", async () => {
  await inLog(async (store, database) => {
    const days = Array.from({ length: 20 }, (_, day) => NOW - day * DAY);
    await store.record(days.map((time, day) => jobOf([at(time, `user${day}`)])));
    await store.record([jobOf([forwarded(NOW - 5 * DAY, "user2", "final"), at(NOW - 30 * DAY, "Final")])]);
    const address = (name: string) => ({ address: [`${name}@example.org`] });
    expect(await opened(database, { recipient: "user7" })).toBeGreaterThan(20);
    expect(await opened(database, address("user7"))).toBe(1);
    expect(await opened(database, address("user2"))).toBe(2);
    expect(await opened(database, { ...address("user2"), from: new Date(NOW - 3 * DAY).toISOString() })).toBe(1);
    expect(await opened(database, address("final"))).toBe(2);
    expect(await opened(database, address("nobody"))).toBe(0);
    expect(await countOf(store, "user2")).toBe(2);
    expect(await countOf(store, "FINAL")).toBe(2);
    expect(await countOf(store, "nobody")).toBe(0);
  });
});

test("an address with thousands of events, and events of before the days, are found as well", async () => {
  await inLog(async (store) => {
    expect(await countOf(store, "old")).toBe(1);
    const many = Array.from({ length: 1200 }, (_, index) => at(NOW - (index % 9) * DAY - index, "old"));
    await store.record([jobOf(many)]);
    expect(await store.count({ address: ["old@example.org"] })).toBe(1201);
    let [found, cursor]: [number, string | undefined] = [0, undefined];
    do {
      const page = await store.search({ address: ["old@example.org"], limit: 500, cursor });
      found += page.entries.length;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(found).toBe(1201);
  }, true);
});

test("an event that was read again is found by its new address, and an erased address leaves no digest", async () => {
  await inLog(async (store, database) => {
    const event = forwarded(NOW - DAY, "mailed", "final");
    await store.record([jobOf([event])]);
    const recipient = { ...event.recipient, mailed: "other@example.org", address: "other@example.org" };
    await store.replaceVerdicts([{ before: event, after: { ...event, recipient, severity: "soft" } }], "test");
    expect(await countOf(store, "other")).toBe(1);
    expect(await countOf(store, "mailed")).toBe(0);
    expect(await store.erase("other@example.org")).toMatchObject({ events: 1 });
    expect(await database.read.selectFrom("event_ids").selectAll().execute()).toEqual([]);
  });
});

test("a page is looked for in few days first, and everything is asked once", () => {
  const day = (at: number): number => Math.floor(NOW / DAY + at) * DAY_KEYS;
  const newest = [...stretchesOf({ from: null, to: null }, "desc", NOW)];
  expect(newest[0]).toEqual({ from: day(-1), to: null });
  expect(newest[1]).toEqual({ from: day(-3), to: day(-1) });
  expect(newest.at(-1)?.from).toBeNull();
  expect(newest.length).toBeLessThan(10);
  for (const [span, direction] of [
    [{ from: day(-30) + 5, to: day(0) + 7 }, "desc"],
    [{ from: day(-30) + 5, to: day(0) + 7 }, "asc"],
    [{ from: day(0) + 1, to: day(0) + 2 }, "desc"],
    [{ from: day(-400), to: null }, "asc"],
    [{ from: null, to: day(3) }, "asc"],
    [{ from: day(5), to: day(2) }, "desc"],
  ] as const) {
    const parts = [...stretchesOf(span, direction, NOW)];
    const ordered = direction === "asc" ? parts : parts.toReversed();
    expect(ordered[0]?.from).toBe(span.from);
    expect(ordered.at(-1)?.to).toBe(span.to);
    for (const [index, part] of ordered.slice(1).entries()) expect(part.from).toBe(ordered[index]?.to);
  }
});
