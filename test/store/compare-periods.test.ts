import { describe, expect, test } from "vitest";
import { judgeChange, growthOf } from "../../src/store/compare/change.ts";
import { chosenSpans, comparableSpans, PERIOD_CHOICES } from "../../src/store/compare/periods.ts";

const at = (text: string): number => Date.parse(`${text}Z`);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("chosen periods", () => {
  test.each([
    ["today", "2026-11-30 11:20", ["2026-11-29", "2026-11-30", "2026-12-01"]],
    ["yesterday", "2026-11-30 11:20", ["2026-11-28", "2026-11-29", "2026-11-30"]],
    // A Monday, and the Sunday before.
    ["this-week", "2026-11-30 00:00", ["2026-11-23", "2026-11-30", "2026-12-07"]],
    ["this-week", "2026-11-29 23:59", ["2026-11-16", "2026-11-23", "2026-11-30"]],
    ["last-week", "2026-11-30 11:20", ["2026-11-16", "2026-11-23", "2026-11-30"]],
    ["this-month", "2026-01-31 11:20", ["2025-12-01", "2026-01-01", "2026-02-01"]],
    ["last-month", "2026-03-31 11:20", ["2026-01-01", "2026-02-01", "2026-03-01"]],
  ] as const)("%s at %s", (choice, now, days) => {
    const [start, middle, end] = days.map((day) => at(`${day} 00:00`));
    expect(chosenSpans(choice, at(now))).toEqual({
      before: { from: start, to: middle },
      period: { from: middle, to: end },
    });
  });

  test("each follows right after the other", () => {
    for (const choice of PERIOD_CHOICES)
      for (let now = at("2024-01-01 00:00"); now < at("2026-01-01 00:00"); now += 31 * HOUR) {
        const { period, before } = chosenSpans(choice, now);
        expect(before.to).toBe(period.from);
        expect(period.to).toBeGreaterThan(period.from);
        expect(period.from).toBeLessThanOrEqual(now);
      }
  });
});

test("a longer month is compared with the whole of a shorter one", () => {
  const spans = chosenSpans("this-month", at("2026-03-30 12:34"));
  expect(comparableSpans(spans, HOUR, at("2026-03-30 12:34"), 0)).toEqual({
    period: { from: at("2026-03-01 00:00"), to: at("2026-03-30 12:00") },
    before: { from: at("2026-02-01 00:00"), to: at("2026-03-01 00:00") },
    isCut: true,
    keptFrom: null,
  });
});

test("a log that begins within a period is counted from its first whole unit", () => {
  const spans = chosenSpans("yesterday", at("2026-03-30 12:34"));
  const found = comparableSpans(spans, DAY, at("2026-03-30 12:34"), at("2026-03-28 06:00"));
  expect(found).toMatchObject({ keptFrom: at("2026-03-29 00:00"), before: { from: at("2026-03-29 00:00") } });
  expect(found.before.to).toBe(found.before.from);
  expect(comparableSpans(spans, HOUR, at("2026-03-30 12:34"), at("2026-03-28 06:00"))).toMatchObject({
    before: { from: at("2026-03-28 06:00"), to: at("2026-03-29 00:00") },
    period: spans.period,
  });
});

describe("change", () => {
  const days = { now: 7, before: 7 };
  test.each([
    [{ now: 0, before: 0 }, days, "same"],
    [{ now: 3, before: 1 }, days, "same"],
    [{ now: 12, before: 0 }, days, "grew"],
    [{ now: 130, before: 100 }, days, "same"],
    [{ now: 140, before: 100 }, days, "grew"],
    [{ now: 100, before: 140 }, days, "fell"],
    [{ now: 100, before: 200 }, { now: 3.5, before: 7 }, "same"],
    [{ now: 100, before: 100 }, { now: 3.5, before: 7 }, "grew"],
    [{ now: 100, before: 0 }, { now: 7, before: 0 }, "same"],
  ] as const)("%o in %o: %s", (count, exposure, change) => {
    expect(judgeChange(count, exposure)).toBe(change);
    expect(Math.sign(growthOf(count, exposure)) * (change === "same" ? 0 : 1)).toBe(
      { grew: 1, fell: -1, same: 0 }[change],
    );
  });
});
