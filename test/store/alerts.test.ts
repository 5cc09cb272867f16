import { expect, test } from "vitest";
import { jobOf, makeEvent, type EventChanges } from "./make-event.ts";
import { DAY, NOW, onBoth, type Bench } from "./on-both.ts";

const HOUR = DAY / 24;
const blocked = { severity: "block", reason: "ip_reputation", provider: "google", fault: "sender" } as const;
const some = (count: number, from: number, span: number, changes: EventChanges = {}) =>
  Array.from({ length: count }, (_, index) => {
    const event = makeEvent({
      address: `u${index}@example${index % 7}.org`,
      at: from + Math.floor((index * span) / count),
      diagnostic: { type: "smtp", text: `550 5.7.1 [203.0.113.9] is on a list, ticket 10${index}` },
      ...changes,
    });
    return jobOf([event]);
  });
/** Eight days: each hour five hard bounces and one block at google. */
const usual = () => [
  ...some(8 * 24 * 5, NOW - 8 * DAY, 8 * DAY, {
    provider: "google",
    diagnostic: { type: "smtp", text: "550 5.1.1 no" },
  }),
  ...some(8 * 24, NOW - 8 * DAY, 8 * DAY, blocked),
];
const filled = async ({ open }: Bench, jobs: ReturnType<typeof some>) => {
  const store = await open({ suppression: { automatic: false } });
  for (let at = 0; at < jobs.length; at += 500) await store.record(jobs.slice(at, at + 500));
  return store;
};

onBoth((bench) => {
  const { clock } = bench;

  test("an ordinary day is quiet", async () => {
    const store = await filled(bench, usual());
    expect(await store.findAlerts()).toEqual([]);
  });

  test("a jump of blocks is one alert with the words that drive it, then quiet until it doubles", async () => {
    const store = await filled(bench, [...usual(), ...some(60, NOW - HOUR / 2, HOUR / 4, blocked)]);
    const alerts = await store.findAlerts();
    const provider = alerts.find(({ dimension }) => dimension === "provider");
    expect(provider).toMatchObject({
      measure: "block",
      state: "open",
      value: "google",
      expected: 1,
      from: "2026-03-01T11:00:00.000Z",
      to: "2026-03-01T12:00:00.000Z",
      texts: [{ text: "550 5.7.1 <ip> is on a list, ticket <number>" }],
    });
    expect(provider?.explanation).toMatch(
      /^At google there were 6\d events refused as blocked, where about 1 are usual\. /,
    );
    expect(alerts.map(({ dimension, value }) => `${dimension} ${value}`)).toContain("sendingAddress 203.0.113.9");
    await store.markAlerts(alerts);
    expect(await store.findAlerts()).toEqual([]);
    await store.record(some(80, NOW - HOUR / 5, HOUR / 6, { ...blocked, address: "more@example.org" }));
    expect((await store.findAlerts()).map(({ dimension }) => dimension)).toContain("provider");
    await store.markAlerts(await store.findAlerts());
    clock.now = NOW + 7 * HOUR;
    try {
      const resolved = await store.findAlerts();
      expect(resolved).toContainEqual(
        expect.objectContaining({ state: "resolved", dimension: "provider", value: "google", texts: [] }),
      );
      expect(new Set(resolved.map(({ state }) => state))).toEqual(new Set(["resolved"]));
      await store.markAlerts(resolved);
      expect(await store.findAlerts()).toEqual([]);
      await store.record(some(80, NOW + 6.5 * HOUR, HOUR / 4, { ...blocked, address: "again@example.org" }));
      expect(await store.findAlerts()).toContainEqual(expect.objectContaining({ state: "open", value: "google" }));
    } finally {
      clock.now = NOW;
    }
  });

  test("a thousand made-up names are ten alerts, the last of which counts the rest, and then quiet", async () => {
    const flood = Array.from({ length: 30 }, (_, domain) =>
      some(20, NOW - HOUR / 2, HOUR / 4, { ...blocked, provider: null, address: `x@made-up-${domain}.example` }),
    ).flat();
    const store = await filled(bench, [...usual(), ...flood]);
    const alerts = await store.findAlerts();
    expect(alerts).toHaveLength(10);
    expect(alerts.slice(0, 9).every(({ more }) => more === 0)).toBe(true);
    const { more = 0, explanation = "" } = alerts.at(-1) ?? {};
    expect(more).toBeGreaterThanOrEqual(20);
    expect(explanation).toContain(`And ${more} more jumps at the same time`);
    await store.markAlerts(alerts);
    expect(await store.findAlerts()).toEqual([]);
  });

  test("small numbers, and more of everything, are no jump", async () => {
    const small = await filled(bench, [...usual(), ...some(15, NOW - HOUR / 2, HOUR / 4, blocked)]);
    expect(await small.findAlerts()).toEqual([]);
    const mailing = await filled(bench, [
      ...usual(),
      ...some(40, NOW - HOUR / 2, HOUR / 4, blocked),
      ...some(200, NOW - HOUR / 2, HOUR / 4, { provider: "google", address: "list@example.org" }),
    ]);
    expect((await mailing.findAlerts()).filter(({ dimension }) => dimension === "provider")).toEqual([]);
  });

  test("complaints, unknowns and forgeries jump too; without a day of history nothing does", async () => {
    const jumps = [
      ...some(30, NOW - HOUR / 2, HOUR / 4, {
        kind: "complaint",
        severity: "complaint",
        reason: "complaint",
        provider: "yahoo",
      }),
      ...some(30, NOW - HOUR / 2, HOUR / 4, {
        severity: "unknown",
        reason: "unknown",
        provider: "apple",
        address: "x@example.com",
      }),
      ...some(30, NOW - HOUR / 2, HOUR / 4, { authenticity: "forged", provider: "gmx", address: "y@example.com" }),
    ];
    const store = await filled(bench, [...usual(), ...jumps]);
    const found = (await store.findAlerts()).map(({ measure, value }) => `${measure} ${value}`);
    for (const expected of ["complaint yahoo", "unknown apple", "forged gmx"]) expect(found).toContain(expected);
    expect(await (await filled(bench, jumps)).findAlerts()).toEqual([]);
    const off = await bench.open({ alerts: { enabled: false } });
    await off.record(jumps);
    expect(await off.findAlerts()).toEqual([]);
  });
});
