/** Two periods beside each other: every number is the one that the log shows for its link, on both databases. */
import { expect, test } from "vitest";
import { CREDIBLE } from "../../src/event/credible.ts";
import { COMPARED, type CompareQuery, type Comparison } from "../../src/store/compare/compared.ts";
import { chosenSpans, PERIOD_CHOICES, type PeriodSpan } from "../../src/store/compare/periods.ts";
import type { LogFilter } from "../../src/store/log/log-query.ts";
import type { Store } from "../../src/store/store.ts";
import { hourOf, textOfTally } from "../../src/tallies/tally.ts";
import { jobOf, makeEvent, type EventChanges } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const HOUR = DAY / 24;
const credible: LogFilter = { authenticity: CREDIBLE };
const asked = (query: Partial<CompareQuery>): CompareQuery => ({
  ...chosenSpans("this-week", NOW),
  filter: credible,
  by: "severity",
  sort: "grew",
  limit: 50,
  budgetMs: 30_000,
  ...query,
});
const tagged = (tag: string) => ({
  address: "b@bounces.example.com",
  scheme: "plain" as const,
  recipient: null,
  tag,
  issuedAt: null,
});

/** Two months, three events each six hours, of several kinds. */
async function seed(store: Store): Promise<void> {
  const kinds: readonly EventChanges[] = [
    {},
    { severity: "block", reason: "ip_reputation", fault: "sender", provider: "google", authenticity: "likely" },
    { kind: "delay", severity: "soft", reason: "greylisted", provider: "yahoo", returnPath: null },
    { severity: "hard", authenticity: "unproven" },
    { kind: "complaint", severity: "complaint", reason: "complaint", provider: "google" },
  ];
  const events = Array.from({ length: 39 * 12 }, (_, at) =>
    makeEvent({
      ...kinds[(at * 7 + (at % 3)) % kinds.length],
      address: `u${at}@${["example.org", "example.net", "example.com"][at % 3]}`,
      at: NOW - at * 2 * HOUR - 1,
      ...(at % 4 === 0 ? { returnPath: tagged(at < 120 ? "new" : "old") } : {}),
    }),
  );
  await store.record(events.map((event) => jobOf([event])));
}

const countIn = async (store: Store, filter: LogFilter, { from, to }: PeriodSpan): Promise<number> => {
  const query = { ...filter, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  let count = 0;
  // Trust: as the filter says.
  for await (const _ of store.iterate(query)) count++;
  return count;
};

async function expectLogsNumbers(store: Store, by: CompareQuery["by"], found: Comparison): Promise<void> {
  const { filter, period, before } = found;
  for (const row of [found.total, ...found.rows]) {
    const one = row === found.total ? filter : { ...filter, [by]: [row.value] };
    const counts = { now: await countIn(store, one, period), before: await countIn(store, one, before) };
    expect(row.count, `${by} ${row.value}`).toEqual(counts);
    const sum = (steps: readonly number[]): number => steps.reduce((all, count) => all + count, 0);
    expect(row.steps && { now: sum(row.steps.now), before: sum(row.steps.before) }).toEqual(counts);
  }
}

onBoth(({ open, clock }) => {
  test(
    "by every dimension, for every choice of periods, counts are those of the log",
    { timeout: 300_000 },
    async () => {
      clock.now = NOW;
      const store = await open();
      await seed(store);
      for (const by of COMPARED) await expectLogsNumbers(store, by, await store.compare(asked({ by })));
      for (const choice of PERIOD_CHOICES)
        for (const by of ["reason", "domain"] as const)
          await expectLogsNumbers(store, by, await store.compare(asked({ ...chosenSpans(choice, NOW), by })));
      const filters: readonly LogFilter[] = [
        { ...credible, kind: ["bounce"], severity: ["hard", "block"] },
        { ...credible, tag: ["new"] },
        { ...credible, subject: "spring", recipient: "u1" },
        {},
      ];
      for (const filter of filters)
        for (const by of ["provider", "tag"] as const) {
          const found = await store.compare(asked({ ...chosenSpans("last-week", NOW), filter, by }));
          expect(found.share).toEqual({ now: 1, before: 1 });
          expect(found.rows.length).toBeGreaterThan(0);
          await expectLogsNumbers(store, by, found);
        }
    },
  );

  test("a period that goes on is counted to its last whole hour or day, and the earlier one to the same point", async () => {
    clock.now = NOW + 20 * 60_000;
    const store = await open();
    await seed(store);
    const monday = Date.UTC(2026, 1, 23);
    const byHour = await store.compare(asked({ ...chosenSpans("this-week", clock.now) }));
    expect(byHour).toMatchObject({
      isCut: true,
      unit: "hour",
      step: "day",
      period: { from: monday, to: NOW },
      before: { from: monday - 7 * DAY, to: NOW - 7 * DAY },
    });
    expect(byHour.total.steps?.now.length).toBe(7);
    const byDay = await store.compare(asked({ ...chosenSpans("this-week", clock.now), by: "domain" }));
    expect(byDay).toMatchObject({
      unit: "day",
      period: { from: monday, to: monday + 6 * DAY },
      before: { from: monday - 7 * DAY, to: monday - DAY },
    });
    const today = await store.compare(asked({ ...chosenSpans("today", clock.now) }));
    expect(today).toMatchObject({ step: "hour", period: { to: NOW }, before: { to: NOW - DAY } });
    expect(today.total.steps?.now.length).toBe(12);
    const none = await store.compare(asked({ ...chosenSpans("today", clock.now), by: "domain" }));
    expect(none).toMatchObject({ unit: "day", rows: [], total: { count: { now: 0, before: 0 }, change: "same" } });
  });

  test("what was deleted, or is not kept so long, is not taken for a period without events", async () => {
    clock.now = NOW;
    const store = await open({ log: { retentionDays: { delay: 5 } } });
    await seed(store);
    await store.retain();
    // 28 days of February, and 31 of January, of which 20 are still there.
    const months = await store.compare(asked(chosenSpans("last-month", NOW)));
    const first = NOW - 39 * DAY;
    expect(months.leftOut).toEqual(["delay"]);
    expect(months.keptFrom).toBeGreaterThanOrEqual(first - 2 * HOUR);
    expect(months.before).toEqual({ from: months.keptFrom, to: Date.UTC(2026, 1, 1) });
    expect(months.filter.kind).not.toContain("delay");
    await expectLogsNumbers(store, "severity", months);
    // The same number each day: nothing grew, although February has many more of them than what is left of January.
    expect(months.total.count.now).toBeGreaterThan(2 * months.total.count.before);
    expect(months.total.change).toBe("same");
    const gone = await store.compare(
      asked({ period: { from: NOW - 7 * DAY, to: NOW }, before: { from: NOW - 90 * DAY, to: NOW - 83 * DAY } }),
    );
    expect(gone.before.to).toBe(gone.before.from);
    expect(gone.rows.every(({ change }) => change === "same")).toBe(true);
  });

  test("what grew beyond chance comes first, by sends where they are known", async () => {
    clock.now = NOW;
    const store = await open();
    const [thisDay, dayBefore] = [NOW - 30 * HOUR, NOW - 54 * HOUR];
    const some = (domain: string, count: number, at: number) =>
      Array.from({ length: count }, (_, n) =>
        jobOf([
          makeEvent({ address: `u${n}@${domain}`, at: at + n, provider: domain === "gmail.com" ? "google" : null }),
        ]),
      );
    await store.record([
      // The log is older than the periods.
      ...some("old.example", 1, NOW - 20 * DAY),
      ...some("grew.example", 60, thisDay),
      ...some("grew.example", 20, dayBefore),
      ...some("fell.example", 10, thisDay),
      ...some("fell.example", 50, dayBefore),
      ...some("chance.example", 12, thisDay),
      ...some("chance.example", 9, dayBefore),
      ...some("gmail.com", 200, thisDay),
      ...some("gmail.com", 100, dayBefore),
    ]);
    const spans = chosenSpans("yesterday", NOW);
    const byDomain = await store.compare(asked({ ...spans, by: "domain" }));
    expect(byDomain.rows.map(({ value, change }) => [value, change])).toEqual([
      ["gmail.com", "grew"],
      ["grew.example", "grew"],
      ["chance.example", "same"],
      ["fell.example", "fell"],
    ]);
    const fell = await store.compare(asked({ ...spans, by: "domain", sort: "fell", limit: 1 }));
    expect(fell.rows.map(({ value }) => value)).toEqual(["fell.example"]);
    expect(fell.more).toBe(true);
    // Twice the bounces of twice the mail is no growth.
    const about = { provider: "google", domain: "gmail.com", senderDomain: "", sendingAddress: "", tag: "" } as const;
    const counts = new Map([
      [textOfTally({ ...about, hour: hourOf(thisDay), outcome: "delivered" }), 20_000],
      [textOfTally({ ...about, hour: hourOf(dayBefore), outcome: "delivered" }), 9900],
      [textOfTally({ ...about, hour: hourOf(dayBefore), outcome: "failed" }), 100],
    ]);
    await store.countTallies({ id: "1", counts });
    const withSends = await store.compare(asked({ ...spans, by: "domain" }));
    expect(withSends.rows.map(({ value, change, sends }) => [value, change, sends])).toEqual([
      ["grew.example", "grew", null],
      ["chance.example", "same", null],
      ["gmail.com", "same", { now: 20_000, before: 10_000 }],
      ["fell.example", "fell", null],
    ]);
    const byReason = await store.compare(
      asked({ ...spans, by: "reason", filter: { ...credible, provider: ["google"] } }),
    );
    expect(byReason.rows).toMatchObject([
      { value: "mailbox_unknown", sends: { now: 20_000, before: 10_000 }, change: "same" },
    ]);
  });
});
