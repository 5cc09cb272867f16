/**
 * The log at size: `node bench/store.ts [--rows 1000000] [--postgres URL] [--dir FOLDER] [--keep]`
 *
 * Fills a log with made-up events over 40 days, then searches by a part of the address within a date range while more
 * events are written, asks the suppression list, and writes a CSV of everything. Prints one JSON object.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { loadConfig } from "../src/config.ts";
import type { BouncedEvent } from "../src/core/event.ts";
import type { RecordJob } from "../src/queues/names.ts";
import { csvOf } from "../src/store/csv.ts";
import { openStore, type Store } from "../src/store/store.ts";
import { makeEvent } from "../test/store/make-event.ts";

const DAY_MS = 86_400_000;
const BATCH = 256;
const SEARCHES = 300;
const CHECKS = 300;

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    postgres: { type: "string", default: "" },
    dir: { type: "string" },
    keep: { type: "boolean", default: false },
    writeSeconds: { type: "string", default: "20" },
  },
});
const rows = Number(values.rows);
const dataDir = values.dir ?? mkdtempSync(join(tmpdir(), "bounced-bench-"));

/** The same numbers at every run. */
function randomly(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = randomly(7);
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
const SYLLABLES = "an ber chi dor el fan gu hir in jo ka lem mo nu or pel qui ra sa tor ul ven wi xa yo zen".split(" ");
const word = (length: number): string => Array.from({ length }, () => pick(SYLLABLES)).join("");
const DOMAINS = [
  ...Array.from({ length: 60 }, () => "gmail.example"),
  ...Array.from({ length: 2000 }, () => `${word(3)}.example`),
];
const OUTCOMES: readonly Partial<BouncedEvent>[] = [
  {},
  { severity: "block", reason: "ip_reputation", fault: "sender", status: "5.7.1", replyCode: 554 },
  { severity: "soft", reason: "mailbox_full", status: "4.2.2", replyCode: 452 },
  { severity: "soft", reason: "greylisted", status: "4.7.1", replyCode: 451, kind: "delay" },
  { severity: "block", reason: "spam_content", fault: "content", status: "5.7.1", replyCode: 550 },
];

const template = makeEvent();
function eventAt(at: number, address: string): BouncedEvent {
  const outcome = pick(OUTCOMES);
  const sha256 = createHash("sha256").update(`${at} ${address} ${random()}`).digest("hex");
  const status = outcome.status ?? "5.1.1";
  return {
    ...template,
    ...outcome,
    id: sha256.slice(0, 32),
    recipient: { address, original: null, domain: address.split("@")[1] ?? null },
    diagnostic: {
      type: "smtp",
      text: `${outcome.replyCode ?? 550} ${status} <${address}>: ${word(4)} rejected in reply ${sha256.slice(0, 12)}, see the postmaster page`,
    },
    original: {
      ...template.original,
      messageId: `<${sha256.slice(20, 40)}@sender.example>`,
      subject: `${word(3)} ${word(2)} ${word(3)}`,
    },
    message: { ...template.message, sha256, receivedAt: new Date(at).toISOString() },
  };
}
const address = (): string => `${word(2)}.${word(2)}${Math.floor(random() * 1000)}@${pick(DOMAINS)}`;
const batchAt = (at: () => number): RecordJob[] =>
  Array.from({ length: BATCH }, () => ({ v: 1, events: [eventAt(at(), address())], raw: null }));

const percentile = (times: readonly number[], share: number): number =>
  Math.round(
    (times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 100,
  ) / 100;
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** As the worker does it: two batches on their way, one being made ready while the other is written. */
const inLanes = (work: () => Promise<void>): Promise<unknown> => Promise.all([work(), work()]);

/** On top of what a folder that was kept holds already. */
async function fill(store: Store, end: number, present: number): Promise<number> {
  const start = performance.now();
  let written = present;
  await inLanes(async () => {
    while (written < rows) {
      const at = written;
      written += BATCH;
      await store.record(batchAt(() => end - 40 * DAY_MS * (1 - (at + random() * BATCH) / rows)));
      if (at % (BATCH * 200) === 0) say(`${at} rows, ${Math.round((performance.now() - start) / 1000)} s`);
    }
  });
  return Math.round((rows - present) / ((performance.now() - start) / 1000));
}

async function searchWhileWriting(store: Store, end: number) {
  const search: number[] = [];
  const kinds = { rare: [] as number[], common: [] as number[], none: [] as number[] };
  const stop = new AbortController();
  let written = 0;
  const writeStart = performance.now();
  const writer = inLanes(async () => {
    while (!stop.signal.aborted) {
      await store.record(batchAt(() => end + random() * 1000));
      written += BATCH;
    }
  });
  for (let index = 0; index < SEARCHES; index++) {
    const kind = (["rare", "common", "none"] as const)[index % 3] ?? "rare";
    const recipient =
      kind === "rare"
        ? `${word(2)}.${word(1)}`
        : kind === "common"
          ? pick(["gmail", "an@", ".exam", "lem"])
          : `zzq${index}qzz`;
    const from = end - 40 * DAY_MS * random();
    const to = from + pick([1, 7, 40]) * DAY_MS;
    const took = await timed(() =>
      store.search({ recipient, from: new Date(from).toISOString(), to: new Date(to).toISOString(), limit: 50 }),
    );
    search.push(took);
    kinds[kind].push(took);
  }
  while (performance.now() - writeStart < Number(values.writeSeconds) * 1000)
    await new Promise((done) => setTimeout(done, 200));
  stop.abort();
  await writer;
  const elapsed = performance.now() - writeStart;
  return {
    searchMs: { p50: percentile(search, 0.5), p95: percentile(search, 0.95), max: percentile(search, 1) },
    p95ByKind: {
      rare: percentile(kinds.rare, 0.95),
      common: percentile(kinds.common, 0.95),
      none: percentile(kinds.none, 0.95),
    },
    insertsPerSecondWhileSearching: Math.round(written / (elapsed / 1000)),
  };
}

async function askList(store: Store) {
  const one: number[] = [];
  const thousand: number[] = [];
  for (let index = 0; index < CHECKS; index++) one.push(await timed(() => store.suppressions.check([address()])));
  for (let index = 0; index < 20; index++) {
    const addresses = Array.from({ length: 1000 }, address);
    thousand.push(await timed(() => store.suppressions.check(addresses)));
  }
  return {
    entries: await store.suppressions.count({}),
    oneP95Ms: percentile(one, 0.95),
    thousandP95Ms: percentile(thousand, 0.95),
  };
}

/** Without mapped pages of the database file, where Linux tells. */
function ownMemory(): number {
  try {
    return Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024;
  } catch {
    return process.memoryUsage().rss;
  }
}

async function writeCsv(store: Store) {
  let bytes = 0;
  let peak = 0;
  const before = ownMemory();
  const samples: number[] = [];
  const sampler = setInterval(() => {
    samples.push(ownMemory());
    peak = Math.max(peak, samples.at(-1) ?? 0);
  }, 200);
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  const ms = await timed(() => pipeline(csvOf(store.iterate({}), "full"), sink));
  clearInterval(sampler);
  return {
    seconds: Math.round(ms / 100) / 10,
    megabytes: Math.round(bytes / 1e6),
    rssGrowthMb: Math.round((peak - before) / 1e6),
  };
}

const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: dataDir, DATABASE_URL: values.postgres }));
try {
  const end = Date.UTC(2026, 2, 1);
  const present = await store.count({});
  const fillPerSecond = present >= rows ? null : await fill(store, end, present);
  const total = await store.count({});
  say("searching while writing");
  const search = await searchWhileWriting(store, end);
  say("facets and series");
  const facetsMs = Math.round(await timed(() => store.facets({}, ["reason"])));
  const seriesMs = Math.round(await timed(() => store.series({ by: "day", dimension: "severity" })));
  const countMs = Math.round(await timed(() => store.count({})));
  const list = await askList(store);
  say("writing CSV");
  const csv = await writeCsv(store);
  const fileGb = values.postgres ? null : Math.round(statSync(join(dataDir, "log.sqlite")).size / 1e7) / 100;
  console.log(
    JSON.stringify({
      dialect: store.dialect,
      rows: total,
      fillPerSecond,
      ...search,
      facetsMs,
      seriesMs,
      countMs,
      list,
      csv,
      fileGb,
    }),
  );
} finally {
  await store.close();
  if (!values.keep && values.dir === undefined) rmSync(dataDir, { recursive: true, force: true });
}
