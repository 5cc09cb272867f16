/** The journal, by the real journalctl, from a journal that systemd-journal-remote wrote. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginJournal } from "../../src/follow/journal.ts";
import type { SavedPlace } from "../../src/follow/place-file.ts";

const BOOT = "0123456789abcdef0123456789abcdef";
const UNIT = "postfix@-.service";
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "bounced-journal-"))));
afterEach(() => rmSync(folder, { recursive: true }));

let written = 0;
/** Entries of a unit with these numbers. */
function write(from: number, to: number, unit = UNIT): void {
  let entries = "";
  for (let n = from; n < to; n++)
    entries += `__REALTIME_TIMESTAMP=${1_795_946_400_000_000 + n * 1_000_000}
__MONOTONIC_TIMESTAMP=${n + 1}
_BOOT_ID=${BOOT}
_HOSTNAME=mx1
_SYSTEMD_UNIT=${unit}
SYSLOG_IDENTIFIER=postfix/qmgr
SYSLOG_PID=12
MESSAGE=${n}: removed

`;
  const path = join(folder, `${String(++written)}.journal`);
  const writer = "/lib/systemd/systemd-journal-remote";
  const { status, stderr } = spawnSync(writer, [`--output=${path}`, "-"], { input: entries, encoding: "utf8" });
  expect(status, stderr).toBe(0);
}

const WANTED = { units: [UNIT], from: "start", once: true, now: Date.now } as const;
const problems: string[] = [];
const begin = (saved: SavedPlace | null | "damaged", options: { once?: boolean; signal?: AbortSignal } = {}) =>
  beginJournal({
    ...WANTED,
    signal: new AbortController().signal,
    ...options,
    places: { read: () => saved },
    onProblem: (problem) => problems.push(problem),
    args: [`--directory=${folder}`],
  });

async function readOn(saved: SavedPlace | null | "damaged") {
  const lines: string[] = [];
  let last = saved === "damaged" ? null : saved;
  for await (const chunk of begin(saved).chunks) {
    lines.push(...chunk.lines);
    last = { place: chunk.place, reader: null };
  }
  return { numbers: lines.map((line) => Number(/: (\d+): removed$/.exec(line)?.[1])), lines, saved: last };
}
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

test("entries of the mail server's unit become lines, once each, from the stored cursor on", async () => {
  write(0, 300);
  write(300, 303, "session-3.scope");
  const first = await readOn(null);
  expect(first.numbers).toEqual(numbers(0, 300));
  expect(first.lines[0]).toBe("2026-11-29T10:00:00.000Z mx1 postfix/qmgr[12]: 0: removed");
  write(400, 420);
  const second = await readOn(first.saved);
  expect(second.numbers).toEqual(numbers(400, 420));
  expect((await readOn(second.saved)).numbers).toEqual([]);
  expect((await readOn("damaged")).numbers).toHaveLength(320);
});

test("what is written later is read as it comes, until it is stopped", async () => {
  write(0, 3);
  const stopping = new AbortController();
  const read: string[] = [];
  for await (const { lines } of begin(null, { once: false, signal: stopping.signal }).chunks) {
    read.push(...lines);
    if (read.length === 3) write(10, 12);
    if (read.length === 5) stopping.abort();
  }
  expect(read.at(-1)).toContain(": 11: removed");
  expect(problems).toEqual([]);
});
