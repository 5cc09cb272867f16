/** Deliveries of a log are counted once, whatever dies between reading, storing and handing over. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { beginLog, uncountedBefore } from "../../src/follow/begin.ts";
import { followLog } from "../../src/follow/follow.ts";
import { logFormatOf } from "../../src/follow/formats/index.ts";
import { openPlaceFile } from "../../src/follow/place-file.ts";
import { createLogTally } from "../../src/follow/tally-log.ts";
import { readTally } from "../../src/tallies/tally.ts";

const FATES = ["sent (250 OK)", "bounced (550 5.1.1 no)", "deferred (451 4.7.1 later)"] as const;
const lineOf = (n: number): string =>
  `2026-11-29T10:00:00Z mx1 postfix/smtp[4]: 4X${n}aaa: to=<u${n}@d${n % 7}.example>, relay=mx.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=${FATES[n % 5 < 3 ? 0 : (n % 5) - 2]}\n`;

class Killed extends Error {}

/** A process that dies at the given call of whatever can be its last: it leaves what is on disk and what was counted. */
async function runUntilKilled(path: string, folder: string, service: Service, lives: number): Promise<void> {
  let left = lives;
  const orDie = <Value>(work: () => Value, isAfter: boolean): Value => {
    if (!isAfter && left-- <= 0) throw new Killed();
    const value = work();
    if (isAfter && left-- <= 0) throw new Killed();
    return value;
  };
  const stop = new AbortController();
  const places = openPlaceFile(folder, path, "postfix");
  const begun = await beginLog({ path, once: true, from: "start", places, signal: stop.signal, now: Date.now });
  // A killed process does not go on trying.
  const dead = (error: unknown): void => (error instanceof Killed ? stop.abort() : undefined);
  await followLog({
    format: logFormatOf("postfix"),
    places: { write: async (saved) => orDie(() => places.write(saved), false) },
    reader: begun.reader,
    chunks: begun.chunks,
    accept: () => Promise.resolve([]),
    tally: createLogTally({ saved: begun.tally, pathPrefix: "b", since: uncountedBefore(begun) }),
    count: async (batch) => orDie(() => service.count(batch), left % 2 === 0),
    signal: stop.signal,
    onChunk: () => undefined,
    onUnreadable: (line) => expect.unreachable(line),
    onWait: dead,
    waitMs: 1,
  }).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
}

interface Service {
  readonly count: (batch: { source: string; number: number; counts: ReadonlyMap<string, number> }) => void;
  readonly sums: () => Record<string, number>;
}

/** As redis-tallies.ts counts. */
function openService(): Service {
  const last = new Map<string, number>();
  const sums: Record<string, number> = {};
  return {
    count({ source, number, counts }) {
      if (number <= (last.get(source) ?? 0)) return;
      last.set(source, number);
      for (const [text, count] of counts) {
        const { outcome } = readTally(text) ?? expect.unreachable();
        sums[outcome] = (sums[outcome] ?? 0) + count;
      }
    },
    sums: () => sums,
  };
}

test("every line counts once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ lines: fc.integer({ min: 0, max: 40 }), lives: fc.integer({ min: 0, max: 3 }) }), {
        maxLength: 8,
      }),
      async (runs) => {
        const folder = mkdtempSync(join(tmpdir(), "bounced-tally-"));
        const path = join(folder, "mail.log");
        const service = openService();
        writeFileSync(path, "");
        let written = 0;
        for (const { lines, lives } of [...runs, { lines: 5, lives: 99 }]) {
          for (let n = 0; n < lines; n++) appendFileSync(path, lineOf(written++));
          await runUntilKilled(path, folder, service, lives);
        }
        rmSync(folder, { recursive: true });
        const all = Array.from({ length: written }, (_, n) => n % 5);
        const sums = { delivered: 0, failed: 0, delayed: 0, ...service.sums() };
        expect(sums).toEqual({
          delivered: all.filter((fate) => fate < 3).length,
          failed: all.filter((fate) => fate === 3).length,
          delayed: all.filter((fate) => fate === 4).length,
        });
      },
    ),
    { numRuns: 60 },
  );
});

test("where the stored place was lost, what was delivered before is not counted again", () => {
  const tally = createLogTally({ saved: undefined, pathPrefix: "b", since: uncountedBefore({ isDamaged: true }) });
  const delivered = { recipient: "ann@example.org", action: "delivered" as const, queueId: "q" };
  tally.add({ ...delivered, at: "2026-01-01T00:00:00Z" }, Date.now());
  expect(tally.close().counts).toEqual([]);
  tally.add({ ...delivered, at: new Date(Date.now() + 1000).toISOString() }, Date.now());
  expect(tally.close()).toMatchObject({ number: 1, counts: [[expect.stringContaining("example.org"), 1]] });
});
