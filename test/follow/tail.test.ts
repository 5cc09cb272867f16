/** A log through every way in which it is rotated, read by one that is stopped and started at any line. */
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  readFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginLog } from "../../src/follow/begin.ts";
import { followLog } from "../../src/follow/follow.ts";
import { logFormatOf } from "../../src/follow/formats/index.ts";
import { openPlaceFile } from "../../src/follow/place-file.ts";
import { createLogTally } from "../../src/follow/tally-log.ts";
import { createLineSplitter } from "../../src/follow/split-lines.ts";
import { tailLog, type LogPlace } from "../../src/follow/tail.ts";

let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bounced-tail-"));
  log = join(folder, "mail.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => `line ${String(from + at).padStart(5, "0")} of the log\n`).join("");
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);
const numberOf = (line: string): number => Number(/^line (\d+)/.exec(line)?.[1]);

/** What is read from a place to the end, and the place behind it. */
async function readOn(place: LogPlace | null): Promise<{ read: number[]; place: LogPlace | null }> {
  const read: number[] = [];
  let last = place;
  const { signal } = new AbortController();
  for await (const chunk of tailLog({ path: log, place, once: true, signal, now: Date.now })) {
    read.push(...chunk.lines.map(numberOf));
    last = chunk.place;
  }
  return { read, place: last };
}

const ROTATIONS: readonly (readonly [string, () => void])[] = [
  ["renamed", () => renameSync(log, `${log}.1`)],
  [
    "renamed and compressed (gzip)",
    () => {
      writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(log)));
      unlinkSync(log);
    },
  ],
  [
    "renamed and compressed (zstd), with a date",
    () => {
      writeFileSync(join(folder, "mail-20261129.log.zst"), zstdCompressSync(readFileSync(log)));
      unlinkSync(log);
    },
  ],
  [
    "copied and truncated",
    () => {
      copyFileSync(log, `${log}.1`);
      truncateSync(log);
    },
  ],
];

test.each(ROTATIONS)("%s while nobody read: nothing is lost or read twice", async (_, rotate) => {
  writeFileSync(log, lines(0, 100));
  const first = await readOn(null);
  expect(first.read).toEqual(numbers(0, 100));
  appendFileSync(log, lines(100, 150));
  rotate();
  // Longer than what was read of the old one: its size says nothing.
  appendFileSync(log, lines(150, 400));
  const second = await readOn(first.place);
  expect(second.read).toEqual(numbers(100, 400));
  expect((await readOn(second.place)).read).toEqual([]);
});

test("several rotations while nobody read: every file, oldest first", async () => {
  writeFileSync(log, lines(0, 10));
  const { place } = await readOn(null);
  appendFileSync(log, lines(10, 20));
  renameSync(log, `${log}.2`);
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeFileSync(log, lines(20, 30));
  renameSync(log, `${log}.1`);
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeFileSync(log, lines(30, 40));
  expect((await readOn(place)).read).toEqual(numbers(10, 40));
});

test("what is left of a file that was deleted is gone; the new one is read from its start", async () => {
  writeFileSync(log, lines(0, 10));
  const { place } = await readOn(null);
  unlinkSync(log);
  writeFileSync(log, lines(10, 20));
  expect((await readOn(place)).read).toEqual(numbers(10, 20));
});

test("a line without an end is left until it has one", async () => {
  writeFileSync(log, `${lines(0, 2)}line 0000`);
  const first = await readOn(null);
  expect(first.read).toEqual([0, 1]);
  appendFileSync(log, "2 of the log\n");
  expect((await readOn(first.place)).read).toEqual([2]);
});

test.each(ROTATIONS.filter(([name]) => /^(?:renamed|copied and truncated)$/.test(name)))(
  "%s while it is read",
  async (_, rotate) => {
    writeFileSync(log, lines(0, 50));
    const stopping = new AbortController();
    const read: number[] = [];
    const reading = (async () => {
      for await (const chunk of tailLog({
        path: log,
        place: null,
        once: false,
        signal: stopping.signal,
        now: Date.now,
        pollMs: 10,
      }))
        read.push(...chunk.lines.map(numberOf));
    })();
    await expect.poll(() => read.length).toBe(50);
    appendFileSync(log, lines(50, 60));
    await expect.poll(() => read.length).toBe(60);
    rotate();
    appendFileSync(log, lines(60, 70));
    await expect.poll(() => read.length, { timeout: 10_000 }).toBe(70);
    stopping.abort();
    await reading;
    expect(read).toEqual(numbers(0, 70));
  },
);

test("lines are cut at any octet, and one without end does not grow memory", () => {
  const text = Buffer.from(`${lines(0, 50)}${"x".repeat(200_000)}\n${lines(50, 60)}`);
  for (const size of [1, 7, 1000, 65_536]) {
    const splitter = createLineSplitter();
    const read: number[] = [];
    let octets = 0;
    let tooLong = 0;
    for (let at = 0; at < text.length; at += size) {
      const part = splitter.push(text.subarray(at, at + size));
      read.push(...part.lines.map(numberOf));
      octets += part.octets;
      tooLong += part.tooLong;
    }
    expect([read, octets, tooLong], String(size)).toEqual([numbers(0, 60), text.length, 1]);
  }
});

const POSTFIX = (n: number): string =>
  `Nov 29 10:00:00 mx1 postfix/cleanup[2]: 4X${n}aaa: message-id=<${n}@shop.example>\n` +
  `Nov 29 10:00:00 mx1 postfix/smtp[4]: 4X${n}aaa: to=<u${n}@example.org>, relay=none, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (550 no)\n`;

/** Reads to the end; `fails` says of each try whether what is handed over is known to be durable. */
async function followOnce(places: ReturnType<typeof openPlaceFile>, fails: () => boolean = () => false) {
  const accepted: (string | undefined)[] = [];
  const problems: string[] = [];
  const { signal } = new AbortController();
  const begun = await beginLog({ path: log, once: true, from: "start", places, signal, now: Date.now });
  const counts = await followLog({
    format: logFormatOf("postfix"),
    places,
    reader: begun.reader,
    chunks: begun.chunks,
    tally: createLogTally({ saved: begun.tally, pathPrefix: "b" }),
    count: () => Promise.resolve(),
    accept(refusals) {
      if (fails()) return Promise.reject(new Error("no answer"));
      accepted.push(...refusals.map(({ messageId }) => messageId));
      return Promise.resolve([]);
    },
    signal,
    onChunk: () => undefined,
    onUnreadable: (what) => problems.push(what),
    onWait: () => undefined,
    waitMs: 1,
  });
  return { accepted, counts, problems, isDamaged: begun.isDamaged };
}

test("the place is stored after what was read is accepted, with what the lines said before", async () => {
  const places = openPlaceFile(folder, log, "postfix");
  writeFileSync(log, POSTFIX(1) + POSTFIX(2).split("\n")[0] + "\n");
  let tries = 0;
  const first = await followOnce(places, () => ++tries < 3);
  expect(first.accepted).toEqual(["<1@shop.example>"]);
  expect(tries).toBe(3);
  appendFileSync(log, POSTFIX(2).split("\n")[1] + "\nnonsense\n");
  const second = await followOnce(places);
  expect(second.accepted).toEqual(["<2@shop.example>"]);
  expect(second.counts).toMatchObject({ lines: 2, failed: 1, unreadable: 1 });
  expect(second.problems).toEqual(["nonsense"]);
  expect((await followOnce(places)).counts.lines).toBe(0);
});

test.each(["", "{", "7", '{"v":1,"place":{"head":null,"offset":-1}}', '{"v":9}'])(
  "a place file that holds %j is as if the log were new, and that is said",
  async (text) => {
    const places = openPlaceFile(folder, log, "postfix");
    writeFileSync(log, POSTFIX(1));
    await followOnce(places);
    const [name = ""] = (await import("node:fs")).readdirSync(join(folder, "follow"));
    writeFileSync(join(folder, "follow", name), text);
    const again = await followOnce(places);
    expect([again.isDamaged, again.accepted]).toEqual([true, ["<1@shop.example>"]]);
    expect((await followOnce(places)).isDamaged).toBe(false);
  },
);
