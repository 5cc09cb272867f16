import { afterAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { readWhole } from "../../src/intake/message.ts";
import { openReaderPool, type ReaderPool, type ReaderPoolOptions } from "../../src/reading/pool.ts";

const pools: ReaderPool[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

function open(changes: Partial<ReaderPoolOptions> = {}): ReaderPool {
  const pool = openReaderPool({
    config: structuredClone(loadConfig({})),
    threads: 1,
    onUnreadable: (input, why) => ({ events: [], raw: `${why} ${input.head}` }),
    ...changes,
  });
  pools.push(pool);
  return pool;
}
const inputOf = (text: string) => ({
  ...readWhole(Buffer.from(text, "latin1"), 1000),
  receivedAt: null,
  envelope: { reversePath: "", forwardPath: "b@bounces.example.com" },
  remoteAddress: null,
});
/** A thread program that does what the message says. */
const obedient = new URL("obedient-thread.ts", import.meta.url);

test("reads mail into events and packs the head", async () => {
  const { events, raw } = await open().read(inputOf("From: a@sender.example\r\nSubject: hello\r\n\r\ntext\r\n"));
  expect(events).toMatchObject([{ kind: "unrecognized", message: { subject: "hello" } }]);
  expect(raw).not.toBeNull();
});

test("a message that never ends costs its thread only; the others are read", async () => {
  const pool = open({ program: obedient, budgetMs: 500 });
  const results = await Promise.all(["a", "hang", "b", "hang", "c"].map((text) => pool.read(inputOf(text))));
  expect(results.map(({ raw }) => raw)).toEqual(["a", "time-budget hang", "b", "time-budget hang", "c"]);
});

test("a message that takes all memory, or crashes its thread, is a recorded outcome", async () => {
  const pool = open({ program: obedient, maxHeapMb: 32, budgetMs: 25_000 });
  const results = await Promise.all(["a", "throw", "b", "exhaust", "c"].map((text) => pool.read(inputOf(text))));
  expect(results.map(({ raw }) => raw)).toEqual(["a", "crashed throw", "b", "crashed exhaust", "c"]);
});
