import { expect, test } from "vitest";
import type { KeySpan } from "../../../src/store/db/key-span.ts";
import { daysOfUnit } from "../../../src/store/days/units.ts";
import { spanOf } from "../../../src/store/db/key-span.ts";
import { DAY_KEYS } from "../../../src/store/db/slots.ts";

test("units have whole days, lie side by side, and are so few that a search can open all", () => {
  expect(spanOf(20_000 * DAY_KEYS + 5, 1, [])).toEqual({ from: 20_000 * DAY_KEYS, to: 20_001 * DAY_KEYS });
  expect(spanOf(5, 1, [{ from: -1, to: DAY_KEYS }])).toBeNull();
  for (const kept of [1, 7, 40, 56, 57, 90, 365, 36_500]) {
    const days = daysOfUnit(kept);
    // Another retention before left units of another size.
    const taken: KeySpan[] = [
      { from: -1, to: 20_003 * DAY_KEYS },
      { from: 20_010 * DAY_KEYS, to: 20_013 * DAY_KEYS },
    ];
    for (let day = 20_000; day < 20_000 + kept; day++) {
      const span = spanOf(day * DAY_KEYS + 7, days, taken);
      if (span === null) continue;
      for (const other of taken) expect(span.to <= other.from || span.from >= other.to).toBe(true);
      expect([span.from % DAY_KEYS, span.to % DAY_KEYS]).toEqual([0, 0]);
      taken.push(span);
    }
    expect(taken.length).toBeLessThanOrEqual(62);
  }
});
