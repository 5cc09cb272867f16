import { expect, test } from "vitest";
import type { CheckContext } from "../../src/doctor/check.ts";
import { checkLoops, silentLoops, type Complaint } from "../../src/doctor/loops.ts";
import { openStore } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { NOW as MARCH, onBoth } from "../store/on-both.ts";

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

onBoth(({ config }) => {
  test("complaints of the log count if they are credible; an unsubscribe is none", async () => {
    const settings = config();
    const check = (now: number) => checkLoops({ config: settings, now } as CheckContext);
    const store = await openStore(settings);
    try {
      const complaint = { kind: "complaint", severity: "complaint", reason: "complaint" } as const;
      const record = (changes: object, days: readonly number[]) =>
        store.record(days.map((day) => jobOf([makeEvent({ ...complaint, ...changes, at: MARCH - day * DAY })])));
      await record({ software: "yahoo/2" }, [6, 7, 8, 9, 10, 11]);
      await record({ software: "yahoo/2", authenticity: "unproven", proof: null, advice: "investigate" }, [1]);
      await record({ software: "yahoo/2", reason: "unsubscribe" }, [2]);
      expect(await check(MARCH)).toMatchObject([{ id: "feedback-loop yahoo", state: "warn" }]);
      await record({ software: "yahoo/2" }, [1.5]);
      expect(await check(MARCH)).toMatchObject([{ id: "feedback-loops", state: "ok" }]);
    } finally {
      await store.close();
    }
  });
});

test("no log, and one that cannot be read, say nothing", async () => {
  const check = (config: object) => checkLoops({ config, now: NOW } as CheckContext);
  expect(await check({ dataDir: "/nonexistent" })).toEqual([]);
  expect(await check({ DATABASE_URL: "postgres://127.0.0.1:1/none" })).toEqual([]);
});
