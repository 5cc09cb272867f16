import { expect, test } from "vitest";
import { repeatFilter } from "../../src/telemetry/logger.ts";
import { terminalLineOf } from "../../src/telemetry/terminal-lines.ts";

const time = "2026-11-29T14:03:07.000Z";
const entry = (more: object): string => JSON.stringify({ level: 40, time, pid: 7, ...more });

test("at a terminal an entry is one line, without ids and control characters", () => {
  const line = terminalLineOf(
    entry({ msg: "the process runs again", process: "smtp", reqId: "r", why: "a\u001b[2Jb" }),
    false,
  );
  expect(line).toMatch(/^\d\d:\d\d:\d\d warn {2}the process runs again {2}process=smtp why=a \[2Jb\n$/);
});

test("an error is its message; only one with a stack shows it", () => {
  expect(terminalLineOf(entry({ msg: "Redis", err: { message: "connect ECONNREFUSED" } }), false)).toMatch(
    /Redis: connect ECONNREFUSED\n$/,
  );
  expect(terminalLineOf(entry({ msg: "x", err: { message: "bug", stack: "Error: bug\n    at here" } }), false)).toMatch(
    /x: bug\n {4}at here\n$/,
  );
});

test("the same trouble with a connection is logged once a minute, everything else each time", () => {
  let now = 0;
  const isRepeated = repeatFilter(() => now);
  const down = { err: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) };
  expect([isRepeated([down, "Redis"]), isRepeated([down, "Redis"]), isRepeated([down, "relay"])]).toEqual([
    false,
    true,
    false,
  ]);
  now = 60_001;
  expect(isRepeated([down, "Redis"])).toBe(false);
  const bug = { err: new Error("bug") };
  expect([isRepeated([bug, "x"]), isRepeated([bug, "x"]), isRepeated(["text"])]).toEqual([false, false, false]);
});
