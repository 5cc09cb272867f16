/** How a person writes an instant. */
import { expect, test } from "vitest";
import { parseEnd, parseInstant } from "../../src/cli/log-options.ts";

test.each([
  ["2026-03-01", "2026-03-01T00:00:00.000Z"],
  ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000Z"],
  ["2026-03-01 12:00+02:00", "2026-03-01T10:00:00.000Z"],
  ["2024-02-29", "2024-02-29T00:00:00.000Z"],
])("%s is %s", (text, instant) => expect(parseInstant(text)).toBe(instant));

test("a day that ends a period belongs to it", () => expect(parseEnd("2026-02-28")).toBe("2026-03-01T00:00:00.000Z"));

test.each(["01.11.2026", "11/01/2026", "5", "2026-02-30", "2026-13-01", "yesterday", ""])("%s is refused", (text) =>
  expect(() => parseInstant(text)).toThrow("expected 2026-03-01 or 2026-03-01T12:00:00Z"),
);
