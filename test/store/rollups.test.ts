/** The rollups say what a full count says, whatever happened to the log. */
import * as fc from "fast-check";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { CREDIBLE } from "../../src/event/credible.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { openDatabase, type Database } from "../../src/store/db/database.ts";
import { DIMENSIONS, type Dimension, type Facets, type LogFilter } from "../../src/store/log/log-query.ts";
import { keyOf, rowOf } from "../../src/store/log/rows.ts";
import { rollupFor } from "../../src/store/rollups/source.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import type { EventsTable } from "../../src/store/db/tables.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const HOUR = DAY / 24;
const HISTORIES = 4;

const outcome = fc.constantFrom<Partial<BouncedEvent>>(
  {},
  { severity: "soft", reason: "mailbox_full", status: "4.2.2", replyCode: 452 },
  { severity: "block", reason: "ip_reputation", fault: "sender", provider: "google", authenticity: "likely" },
  { severity: "hard", authenticity: "unproven", replyCode: null, status: null, derivedStatus: null },
  { kind: "delay", severity: "soft", reason: "greylisted", authenticity: "forged", provider: "yahoo" },
  { kind: "delivery", severity: "info", reason: "delivered", evidence: [], returnPath: null },
);
const event = fc
  .record({
    name: fc.constantFrom("ann", "bob", "eve"),
    domain: fc.constantFrom("example.org", "example.net", `${"long.".repeat(60)}example`, "déjà.example"),
    // On the boundaries of hours and days, and beside them.
    at: fc.tuple(fc.integer({ min: 0, max: 12 * 24 }), fc.constantFrom(0, 1, -1, HOUR / 2)),
    outcome,
    tag: fc.constantFrom("spring", "🐦".repeat(300)),
  })
  .map(({ name, domain, at: [hours, beside], outcome: changes, tag }) => {
    const made = makeEvent({ address: `${name}@${domain}`, at: NOW - hours * HOUR + beside });
    return { ...made, returnPath: made.returnPath && { ...made.returnPath, tag }, ...changes };
  });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("record" as const), events: fc.array(event, { maxLength: 25 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("replay" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("reclassify" as const), to: outcome }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("erase" as const), name: fc.constantFrom("ann", "bob") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("retain" as const), days: fc.integer({ min: 1, max: 4 }) }) },
);

interface World {
  readonly store: Store;
  readonly clock: { now: number };
  readonly recorded: BouncedEvent[][];
}

async function take({ store, clock, recorded }: World, one: typeof step extends fc.Arbitrary<infer S> ? S : never) {
  if (one.do === "record") {
    recorded.push(one.events);
    await store.record(one.events.map((event) => jobOf([event], "raw")));
  } else if (one.do === "replay") {
    for (const events of recorded.slice(-2)) await store.record([jobOf(events), jobOf(events)]);
  } else if (one.do === "reclassify") {
    const some = await store.search({ limit: 10 });
    const changes = some.entries.map(({ event: before }) => ({
      before,
      after: { ...before, ...one.to, authenticity: before.authenticity, returnPath: before.returnPath },
    }));
    await store.replaceVerdicts([...changes, ...changes.slice(0, 2)], "test");
  } else if (one.do === "erase") {
    await store.erase(`${one.name}@example.org`);
  } else {
    clock.now += one.days * DAY;
    await store.retain();
  }
}

const rollupsOf = async ({ read }: Database) => [
  await read
    .selectFrom("rollup_hours")
    .selectAll()
    .where("count", "<>", 0)
    .orderBy(sql`1, 2, 3, 4, 5, 6, 7`)
    .execute(),
  await read
    .selectFrom("rollup_days")
    .selectAll()
    .where("count", "<>", 0)
    .orderBy(sql`1, 2, 3, 4, 5, 6`)
    .execute(),
];

const FILTERS: readonly LogFilter[] = [
  {},
  { authenticity: CREDIBLE },
  { from: new Date(NOW - 6 * DAY).toISOString(), authenticity: ["proven"] },
  { from: new Date(NOW - 5 * DAY - 1).toISOString(), to: new Date(NOW - HOUR / 3).toISOString() },
  { from: new Date(NOW - 1).toISOString(), to: new Date(NOW + 1).toISOString() },
  { domain: ["example.org", "DÉJÀ.example"], severity: ["hard", "block"] },
  { replyCode: [452, 550] },
  { failureCode: [2001], kind: ["bounce"] },
  { status: ["4.", "5.1.1"], from: new Date(NOW - 8 * DAY).toISOString() },
  { evidence: ["none"], kind: ["bounce", "delivery"] },
  { tag: ["spring"], to: new Date(NOW - 2 * DAY).toISOString() },
  { provider: ["google"], reason: ["ip_reputation"], fault: ["sender"] },
];

const COLUMN: Readonly<Record<Dimension, keyof EventsTable>> = {
  kind: "kind",
  severity: "severity",
  reason: "reason",
  fault: "fault",
  authenticity: "authenticity",
  provider: "provider",
  domain: "domain",
  status: "status",
  replyCode: "reply_code",
  failureCode: "failure_code",
  software: "software",
  format: "format",
  evidence: "evidence",
  rule: "rule",
  senderDomain: "sender_domain",
  sendingAddress: "sending_address",
  tag: "tag",
};
/** As a rollup keeps it. */
const kept = (value: string | number | undefined): string =>
  value === 0 ? "" : Array.from(String(value)).slice(0, 255).join("");

/** Counted here, one event after the other. */
async function countedByHand(store: Store, filter: LogFilter): Promise<Readonly<Record<string, Map<string, number>>>> {
  const counts = Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, new Map<string, number>()]));
  for await (const { event } of store.iterate(filter)) {
    const row = rowOf(event, 0);
    for (const dimension of DIMENSIONS) {
      const value = kept(row[COLUMN[dimension]]);
      counts[dimension]?.set(value, (counts[dimension].get(value) ?? 0) + 1);
    }
  }
  return counts;
}

const asMaps = (facets: Facets): Record<string, Map<string, number>> =>
  Object.fromEntries(
    Object.entries(facets).map(([name, values]) => [name, new Map(values.map((one) => [kept(one.value), one.count]))]),
  );

onBoth(({ config, emptyConfig }) => {
  test("after random histories they are what counting anew makes them, and answer as the events do", async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        const settings = { ...config(), BOUNCED_RETENTION_DAYS: 10 };
        const clock = { now: NOW };
        const store = await openStore(settings, { now: () => clock.now });
        const database = await openDatabase(settings);
        try {
          const world: World = { store, clock, recorded: [] };
          for (const one of steps) await take(world, one);
          const before = await rollupsOf(database);
          for (const filter of FILTERS) {
            const byHand = await countedByHand(store, filter);
            expect([filter, asMaps(await store.facets(filter, DIMENSIONS, 500))]).toEqual([filter, byHand]);
            const { severity } = byHand;
            expect([filter, asMaps(await store.facets(filter, ["severity"]))]).toEqual([filter, { severity }]);
            const total = [...(severity?.values() ?? [])].reduce((sum, count) => sum + count, 0);
            expect([filter, await store.count(filter)]).toEqual([filter, total]);
            for (const by of ["hour", "day"] as const) {
              const points = await store.series({ ...filter, by, dimension: "severity" });
              expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(total);
            }
            if (rollupFor(filter, ["severity"], null)) answered++;
          }
          await store.rebuildRollups();
          expect(await rollupsOf(database)).toEqual(before);
        } finally {
          await database.close();
          await store.close();
        }
      }),
      { numRuns: HISTORIES, seed: 20261129, endOnFailure: true },
    );
    expect(answered).toBe(HISTORIES * FILTERS.length);
  }, 240_000);

  test("a log of before the rollups is counted by its events until it is complete, and by the rollups then", async () => {
    const settings = emptyConfig();
    const old = await openDatabase(settings, "0005-event-addresses");
    const events = [NOW - 3 * DAY, NOW - 3 * DAY - 1, NOW].map((at) => makeEvent({ at }));
    await old.write
      .insertInto("events")
      .values(
        events.map((event) => ({
          ...rowOf(event, NOW),
          key: keyOf(Date.parse(event.message.receivedAt ?? ""), event.id),
        })),
      )
      .execute();
    await old.close();
    const store = await openStore(settings, { now: () => NOW });
    const database = await openDatabase(settings);
    await store.record([jobOf([makeEvent({ at: NOW + 1 })])]);
    expect(await store.count({})).toBe(4);
    expect(await store.count({}, 2)).toBe(2);
    const days: string[] = [];
    expect(await store.completeRollups((day) => days.push(day))).toBe(2);
    expect(days).toEqual(["2026-02-26", "2026-03-01"]);
    expect(await store.completeRollups()).toBe(0);
    // Whatever the events say now, the answer is that of the rollups.
    await database.write.updateTable("rollup_hours").set({ count: 100 }).execute();
    expect(await store.count({})).toBe(300);
    expect(await store.rebuildRollups()).toBe(2);
    expect(await store.count({})).toBe(4);
    await database.close();
    await store.close();
  });

  test("counts that go on while others write miss nothing", async () => {
    const settings = config();
    const store = await openStore(settings, { now: () => NOW });
    const other = await openStore(settings, { now: () => NOW });
    const jobs = Array.from({ length: 160 }, (_, index) =>
      jobOf([makeEvent({ address: `u${index}@example.org`, at: NOW - (index % 6) * DAY })]),
    );
    const written = new AbortController();
    const counting = (async () => {
      while (!written.signal.aborted) await store.rebuildRollups();
    })();
    const lane = async (from: Store, first: number) => {
      for (let at = first; at < jobs.length; at += 40) await from.record(jobs.slice(at, at + 20));
    };
    await Promise.all([lane(store, 0), lane(other, 20)]);
    written.abort();
    await counting;
    expect(await store.count({})).toBe(160);
    const { domain = [] } = await store.facets({}, ["domain"]);
    expect(domain.map(({ count }) => count)).toEqual([160]);
    await other.close();
    await store.close();
  });
});
