import { afterAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { readWhole } from "../../src/intake/message.ts";
import { packOctets } from "../../src/queues/raw.ts";
import { openReaderPool, type ReaderPool, type ReaderPoolOptions } from "../../src/reading/pool.ts";

const pools: ReaderPool[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

function open(changes: Partial<ReaderPoolOptions> = {}): { readonly pool: ReaderPool; readonly condemned: string[] } {
  const condemned: string[] = [];
  const pool = openReaderPool({
    config: structuredClone(loadConfig({})),
    threads: 1,
    onUnreadable: ({ octets }, why) => [{ id: `${why} ${String(octets)}` } as BouncedEvent],
    onCondemned: ({ octets }, why) => condemned.push(`${why} ${String(octets)}`),
    ...changes,
  });
  pools.push(pool);
  return { pool, condemned };
}
const inputOf = (text: string) => ({
  ...readWhole(Buffer.from(text, "latin1"), 1000),
  receivedAt: null,
  envelope: { reversePath: "", forwardPath: "b@bounces.example.com" },
  remoteAddress: null,
});
/** A thread program that does what the message says. */
const obedient = new URL("obedient-thread.ts", import.meta.url);
const readAll = (pool: ReaderPool, ...texts: readonly string[]) =>
  Promise.all(texts.map(async (text) => (await pool.read(inputOf(text)))[0]?.id));

test("reads mail into events, as it is or as it waits in Redis", async () => {
  const mail = "From: a@sender.example\r\nSubject: hello\r\n\r\ntext\r\n";
  const { pool } = open();
  for (const octets of [Buffer.from(mail), await packOctets(Buffer.from(mail))])
    expect(await pool.read({ ...inputOf(mail), octets })).toMatchObject([
      { kind: "unrecognized", message: { subject: "hello" } },
    ]);
});

test("a message that never ends costs its thread only; the others are read", async () => {
  const { pool } = open({ program: obedient, budgetMs: 300 });
  expect(await readAll(pool, "a", "hang", "b", "hang too", "c")).toEqual([
    "a",
    "time-budget hang",
    "b",
    "time-budget hang too",
    "c",
  ]);
});

test("what is condemned is condemned by its digest: all copies at once, and later ones", async () => {
  const { pool, condemned } = open({ program: obedient, budgetMs: 300 });
  expect(await readAll(pool, "hang", ...Array.from<string>({ length: 50 }).fill("hang"), "b")).toEqual([
    ...Array.from({ length: 51 }, () => "time-budget hang"),
    "b",
  ]);
  expect(await readAll(pool, "hang")).toEqual(["time-budget hang"]);
  expect(new Set(condemned)).toEqual(new Set(["time-budget hang"]));
  // Those that its thread had in hand already, at most.
  expect(condemned.length).toBe(1);
});

test("time that a thread waits for its turn on the machine is not counted", async () => {
  const { pool, condemned } = open({ program: obedient, budgetMs: 300 });
  expect(await readAll(pool, "a", "sleep", "b")).toEqual(["a", "sleep", "b"]);
  expect(condemned).toEqual([]);
});

test("a message that waits for ever is ended", async () => {
  const { pool } = open({ program: obedient, budgetMs: 100, stuckMs: 1000 });
  expect(await readAll(pool, "die in sleep", "b")).toEqual(["time-budget die in sleep", "b"]);
});

test("a message that takes all memory, or crashes its thread, is a recorded outcome", async () => {
  const { pool } = open({ program: obedient, maxHeapMb: 32, budgetMs: 25_000 });
  expect(await readAll(pool, "a", "throw", "b", "exhaust", "c")).toEqual([
    "a",
    "crashed throw",
    "b",
    "crashed exhaust",
    "c",
  ]);
});

test("where no thread starts, who waits is told, and a later start is tried", async () => {
  const crashes: string[] = [];
  const { pool } = open({
    program: new URL(`data:text/javascript,throw new Error("a rule file is broken")`),
    onCrash: (detail) => crashes.push(detail),
  });
  await expect(pool.read(inputOf("a"))).rejects.toThrow("the reader does not start: a rule file is broken");
  await expect.poll(() => crashes.length, { timeout: 10_000 }).toBeGreaterThan(1);
});

test("a message that lacks a key is read once more with it; the thread reads on meanwhile, and without one it stays", async () => {
  let give: (found: ReadonlyMap<string, string> | null) => void = () => {};
  const asked: (readonly string[])[] = [];
  const keys = {
    known: () => new Map<string, string>(),
    find(names: readonly string[]) {
      asked.push(names);
      return new Promise<ReadonlyMap<string, string> | null>((resolve) => (give = resolve));
    },
  };
  const { pool } = open({ program: obedient, keys });
  const first = readAll(pool, "want s1");
  await expect.poll(() => asked).toEqual([["s1"]]);
  expect(await readAll(pool, "a")).toEqual(["a"]);
  give(new Map([["s1", "key of s1"]]));
  expect(await first).toEqual(["key of s1"]);
  const second = readAll(pool, "want s2");
  await expect.poll(() => asked.length).toBe(2);
  give(null);
  expect(await second).toEqual(["no key"]);
  expect(await readAll(open({ program: obedient }).pool, "want s3")).toEqual(["no key"]);
});
