import { expect, test } from "vitest";
import { silentLoops, type Complaint } from "../../src/doctor/loops.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-29T10:00:00Z");
const every = (loop: string, gapDays: number, count: number, lastDaysAgo: number): readonly Complaint[] =>
  Array.from({ length: count }, (_, at) => ({ loop, at: NOW - (lastDaysAgo + gapDays * at) * DAY }));
const ids = (...complaints: readonly (readonly Complaint[])[]): string[] =>
  silentLoops(complaints.flat(), NOW).map(({ id, state }) => `${state} ${id}`);

test("a loop from which complaints come as before is in order", () => {
  expect(ids(every("yahoo", 1, 20, 1))).toEqual(["ok feedback-loops"]);
  expect(ids(every("yahoo", 1, 20, 3.9))).toEqual(["ok feedback-loops"]);
  expect(ids(every("quiet", 9, 5, 20))).toEqual(["ok feedback-loops"]);
});

test("one that fell silent is named, beside one that did not", () => {
  expect(ids(every("yahoo", 1, 20, 5), every("validity", 1, 20, 0))).toEqual(["warn feedback-loop yahoo"]);
  expect(ids(every("quiet", 9, 5, 28))).toEqual(["warn feedback-loop quiet"]);
  expect(ids(every("", 0.1, 50, 6))).toEqual(["warn feedback-loop unnamed"]);
  const [{ found, todo } = { found: "", todo: "" }] = silentLoops(every("yahoo", 1, 20, 5), NOW);
  expect(found).toBe("the last complaint came 5 days ago; the longest pause before was 1.0 days");
  expect(todo).toContain("docs/feedback-loops.md");
});

test("a loop with a new version number is the same loop", () => {
  expect(ids(every("FBL/1.0", 1, 20, 6), every("FBL/2.0", 1, 6, 0))).toEqual(["ok feedback-loops"]);
});

test("few complaints have no rhythm", () => {
  expect(ids(every("rare", 2, 4, 30))).toEqual([]);
  expect(ids([])).toEqual([]);
});
