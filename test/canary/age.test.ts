import { expect, test } from "vitest";
import { createCanaryAge } from "../../src/canary/age.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test("a clock that goes back and forth makes no canary late", () => {
  const clock = { now: 10 * HOUR, steady: 0 };
  const ageOf = createCanaryAge({ now: () => clock.now, steady: () => clock.steady });
  const isoOf = (ms: number): string => new Date(ms).toISOString();
  const pass = (ms: number): void => void ((clock.now += ms), (clock.steady += ms));
  expect(ageOf(isoOf(clock.now - MINUTE))).toBe(MINUTE);
  pass(MINUTE);
  // Three hours back: the next one is written with that clock.
  clock.now -= 3 * HOUR;
  const written = isoOf(clock.now - 1000);
  expect(ageOf(written)).toBe(1000);
  clock.now += 3 * HOUR;
  pass(MINUTE);
  expect(ageOf(written)).toBe(MINUTE + 1000);
  pass(3 * MINUTE);
  expect(ageOf(written)).toBe(4 * MINUTE + 1000);
  // From the future: it came since the last look.
  expect(ageOf(isoOf(clock.now + HOUR))).toBe(0);
});

test("one that came long before the first look is old", () => {
  expect(createCanaryAge({ now: () => 10 * HOUR, steady: () => 5 })(new Date(9 * HOUR).toISOString())).toBe(HOUR);
});
