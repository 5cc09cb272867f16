/** What was sent beside what returned: counts of one period, and what is above a line beyond chance. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { atLeast, lineCrossed, rateOf, type SendCounts } from "../../src/tallies/rates.ts";
import { hourOf, textOfTally, type Tallied } from "../../src/tallies/tally.ts";
import { jobOf, makeEvent, type EventChanges } from "../store/make-event.ts";
import { DAY, NOW, onBoth } from "../store/on-both.ts";

const HOUR = DAY / 24;
const NONE: SendCounts = { delivered: 0, failed: 0, delayed: 0, bounced: 0, hard: 0, blocked: 0, complained: 0 };
const counts = (changes: Partial<SendCounts>): SendCounts => ({ ...NONE, ...changes });

test("rates are of sends, the deferral rate of attempts", () => {
  const some = counts({ delivered: 90, failed: 10, delayed: 25, bounced: 8, hard: 6, blocked: 4, complained: 1 });
  expect(rateOf(some, "bounce")).toEqual({ part: 8, whole: 100 });
  expect(rateOf(some, "hard")).toEqual({ part: 6, whole: 100 });
  expect(rateOf(some, "block")).toEqual({ part: 4, whole: 100 });
  expect(rateOf(some, "complaint")).toEqual({ part: 1, whole: 100 });
  expect(rateOf(some, "deferral")).toEqual({ part: 25, whole: 125 });
});

test("a rate is at least what it can be told from by chance", () => {
  expect(atLeast({ part: 3, whole: 10 })).toBeLessThan(0.1);
  expect(atLeast({ part: 3000, whole: 10_000 })).toBeGreaterThan(0.28);
  expect([atLeast({ part: 0, whole: 10 }), atLeast({ part: 5, whole: 0 })]).toEqual([0, 0]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 2e6 }), (whole, part) => {
      const bound = atLeast({ part, whole });
      expect(bound).toBeGreaterThanOrEqual(0);
      expect(bound).toBeLessThanOrEqual(Math.min(1, part / whole) + 1e-12);
    }),
  );
  expect(lineCrossed(counts({ delivered: 1000, complained: 3 }), "complaint")).toBeNull();
  expect(lineCrossed(counts({ delivered: 100_000, complained: 200 }), "complaint")?.by).toBe("Amazon SES");
  expect(lineCrossed(counts({ delivered: 100_000, complained: 500 }), "complaint")?.by).toBe("Gmail and Yahoo");
});

onBoth(({ open }) => {
  test("sends and events of one period, by each dimension and beside a provider", async () => {
    const store = await open();
    const about = {
      provider: "google",
      domain: "gmail.com",
      senderDomain: "shop.example",
      sendingAddress: "192.0.2.9",
    };
    const sent = (outcome: Tallied["outcome"], count: number, changes: Partial<Tallied> = {}): [string, number] => [
      textOfTally({ hour: hourOf(NOW) - 3, tag: "spring", ...about, outcome, ...changes }),
      count,
    ];
    await store.countTallies({
      id: "1",
      counts: new Map([
        sent("delivered", 95),
        sent("failed", 5),
        sent("delayed", 7),
        sent("delivered", 50, { provider: "yahoo", domain: "yahoo.com", tag: "autumn" }),
        sent("delivered", 1000, { hour: hourOf(NOW) - 30 * 24 }),
      ]),
    });
    let n = 0;
    const event = (changes: EventChanges, tag = "Spring") => {
      const made = makeEvent({ address: `u${n}@gmail.com`, at: NOW - 3 * HOUR + n++, provider: "google", ...changes });
      return jobOf([{ ...made, returnPath: made.returnPath && { ...made.returnPath, tag } }]);
    };
    await store.record([
      event({}),
      event({}),
      event({ severity: "soft", reason: "mailbox_full" }),
      event({ severity: "block", reason: "ip_reputation" }),
      event({ kind: "complaint", severity: "complaint", reason: "complaint" }),
      event({ kind: "complaint", severity: "info", reason: "complaint" }),
      event({ kind: "delay", severity: "soft", reason: "greylisted" }),
      event({ authenticity: "unproven" }),
      event({ provider: "yahoo" }, "autumn"),
    ]);
    const period = { from: NOW - 7 * DAY, to: NOW };
    const spring = { delivered: 95, failed: 5, delayed: 7, bounced: 3, hard: 2, blocked: 1, complained: 1 };
    const autumn = { delivered: 50, failed: 0, delayed: 0, bounced: 1, hard: 1, blocked: 0, complained: 0 };
    const all = { delivered: 145, failed: 5, delayed: 7, bounced: 4, hard: 3, blocked: 1, complained: 1 };
    expect(await store.sends(period)).toEqual([{ value: "", ...all }]);
    expect(await store.sends({ ...period, by: "tag" })).toEqual([
      { value: "spring", ...spring },
      { value: "autumn", ...autumn },
    ]);
    expect(await store.sends({ ...period, by: "provider", minSends: 51 })).toEqual([{ value: "google", ...spring }]);
    expect(await store.sends({ ...period, tag: "SPRING", by: "provider" })).toEqual([{ value: "google", ...spring }]);
    expect(await store.sends({ ...period, provider: "yahoo", by: "tag" })).toEqual([{ value: "autumn", ...autumn }]);
    expect(await store.sends({ ...period, sendingAddress: "192.0.2.9" })).toMatchObject([{ delivered: 145 }]);
    expect(await store.sends({ ...period, tag: "winter" })).toEqual([]);
    expect(await store.sends({ from: NOW - HOUR, to: NOW })).toEqual([]);
    await expect(store.sends({ ...period, tag: "spring", by: "domain" })).rejects.toThrow("not by both");
  });
});
