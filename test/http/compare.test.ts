import { afterAll, beforeAll, expect, test } from "vitest";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startHarness, type Harness } from "./harness.ts";

let harness: Harness;
/** A Friday, noon. */
let now: number;
beforeAll(async () => {
  harness = await startHarness();
  now = harness.clock.at;
  const some = (count: number, at: number, provider: string) =>
    Array.from({ length: count }, (_, n) => jobOf([makeEvent({ address: `u${n}@example.org`, at: at + n, provider })]));
  await harness.store.record([
    ...some(30, Date.parse("2026-04-28T10:00Z"), "google"),
    ...some(10, Date.parse("2026-04-21T10:00Z"), "google"),
    ...some(5, Date.parse("2026-04-21T15:00Z"), "yahoo"),
    jobOf([makeEvent({ address: "old@example.org", at: Date.parse("2026-03-30T00:00Z") })]),
    jobOf([
      makeEvent({ address: "forged@example.org", at: now - 86_400_000, authenticity: "forged", provider: "google" }),
    ]),
  ]);
});
afterAll(() => harness.close());

const get = (url: string) => harness.app.inject({ url, headers: harness.bearer("viewer") });

test("this week beside the last one, by provider", async () => {
  const answer = (await get("/v1/stats/compare?by=provider&kind=bounce")).json();
  expect(answer).toMatchObject({
    period: { from: "2026-04-27T00:00:00.000Z", to: "2026-05-01T12:00:00.000Z" },
    before: { from: "2026-04-20T00:00:00.000Z", to: "2026-04-24T12:00:00.000Z" },
    unit: "hour",
    step: "day",
    share: 1,
    keptFrom: null,
    leftOut: [],
    more: false,
    total: { count: 30, before: 15 },
  });
  expect(answer.rows).toEqual([
    {
      value: "google",
      count: 30,
      before: 10,
      sends: null,
      change: "grew",
      growth: 3.16,
      steps: { count: [0, 30, 0, 0, 0], before: [0, 10, 0, 0, 0] },
    },
    {
      value: "yahoo",
      count: 0,
      before: 5,
      sends: null,
      change: "same",
      growth: -2.24,
      steps: { count: [0, 0, 0, 0, 0], before: [0, 5, 0, 0, 0] },
    },
  ]);
});

test("any two periods: as many days right before, or given ones, which are compared per day", async () => {
  const spans = async (query: string) => {
    const { period, before } = (await get(`/v1/stats/compare?${query}`)).json();
    return [period, before].map(({ from, to }) => `${from.slice(0, 10)} ${to.slice(0, 10)}`);
  };
  expect(await spans("from=2026-04-20&to=2026-04-22")).toEqual(["2026-04-20 2026-04-23", "2026-04-17 2026-04-20"]);
  expect(await spans("from=2026-04-20&to=2026-04-22&beforeFrom=2026-04-01")).toEqual([
    "2026-04-20 2026-04-23",
    "2026-04-01 2026-04-04",
  ]);
  expect(await spans("from=2026-04-20&to=2026-04-22&beforeTo=2026-04-10")).toEqual([
    "2026-04-20 2026-04-23",
    "2026-04-08 2026-04-11",
  ]);
  expect(await spans("period=yesterday&beforeFrom=2026-04-21")).toEqual([
    "2026-04-30 2026-05-01",
    "2026-04-21 2026-04-22",
  ]);
  const unequal = (
    await get("/v1/stats/compare?from=2026-04-21&to=2026-04-21&beforeFrom=2026-04-27&beforeTo=2026-04-28&by=reason")
  ).json();
  expect(unequal.rows).toMatchObject([{ value: "mailbox_unknown", count: 15, before: 30, change: "same", growth: 0 }]);
  for (const query of [
    "from=2026-04-20&to=2026-04-19",
    "beforeFrom=2026-04-20&beforeTo=2026-04-19",
    "by=subject",
    "period=year",
    "from=2026-04",
  ])
    expect((await get(`/v1/stats/compare?${query}`)).statusCode, query).toBe(400);
});

test("authenticity is compared over all events, everything else over the credible ones", async () => {
  const { rows } = (await get("/v1/stats/compare?by=authenticity")).json();
  expect(rows.map(({ value, count }: { value: string; count: number }) => [value, count])).toEqual([
    ["proven", 30],
    ["forged", 1],
  ]);
});

test("each number of the page is a link to the log, which finds as many", async () => {
  for (const query of [
    "by=provider",
    "by=authenticity&period=last-week",
    "by=domain&period=last-week&subject=spring",
  ]) {
    const { body, statusCode } = await get(`/compare?${query}`);
    expect(statusCode).toBe(200);
    const links = [...body.matchAll(/href="(\/log\?[^"]+)"\s*>([\d,]+)<\/a/g)];
    expect(links.length).toBeGreaterThan(3);
    for (const [, href = "", number] of links) {
      const { events } = (
        await get(`/v1/events?${href.replaceAll("&amp;", "&").slice("/log?".length)}&limit=100`)
      ).json();
      expect([href, events.length]).toEqual([href, Number(number)]);
    }
  }
});
