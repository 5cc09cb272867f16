/**
 * The log at size:
 *
 *     node bench/store.ts [--rows 1000000] [--dir FOLDER] [--postgres URL] [--seconds 60] [--only questions,search,list,retention,csv]
 *
 * Fills a log with made-up events over 40 days and a list of a million suppressed addresses, in bulk. Then, with the
 * durability of the service: what people ask, one at a time; searches for a part of an address within a date range while
 * events are written as the worker does it; the suppression list asked by program and over HTTP; a day that expires; a
 * CSV of a million rows. Prints one JSON object, and each figure beside its goal. `--dir` keeps the folder and finds it filled the next time; a database given by `--postgres`
 * is kept too.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../src/config/config.ts";
import { openStore } from "../src/store/store.ts";
import { fillPostgres } from "./store/fill-postgres.ts";
import { fillSqlite, warmSqlite } from "./store/fill-sqlite.ts";
import { besideGoals } from "./store/goals.ts";
import { madeUp } from "./store/made-up.ts";
import { measureCsv } from "./store/measure-csv.ts";
import { measureList } from "./store/measure-list.ts";
import { measureQuestions } from "./store/measure-questions.ts";
import { measureRetention } from "./store/measure-retention.ts";
import { measureSearch } from "./store/measure-search.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    dir: { type: "string" },
    postgres: { type: "string", default: "" },
    seconds: { type: "string", default: "60" },
    only: { type: "string", default: "questions,search,list,retention,csv" },
  },
});
const rows = Number(values.rows);
const wanted = new Set(values.only.split(","));
const dataDir = values.dir ?? mkdtempSync(join(tmpdir(), "bounced-bench-"));
const end = Date.UTC(2026, 2, 1);
const say = (line: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

const config = loadConfig({ BOUNCED_DATA_DIR: dataDir, DATABASE_URL: values.postgres, BOUNCED_HTTP_OPEN: "1" });
// The clock of the made-up events: days are made for them, and close.
const time = { at: end };
const clock = { now: () => time.at };
let store = await openStore(config, clock);
try {
  if ((await store.count({}, 1)) === 0) {
    await store.close();
    const options = { rows, suppressions: Math.min(rows, 1_000_000), end, days: 40, say };
    await (values.postgres ? fillPostgres(values.postgres, options) : fillSqlite(dataDir, options));
    store = await openStore(config, clock);
    // Filled behind its back.
    say("rollups");
    await store.rebuildRollups();
  }
  await store.completeRollups();
  const present = await store.count({});
  // As the service does when it has nothing to write: an earlier run left its small commits behind.
  await store.tidy(() => true);
  if (!values.postgres) warmSqlite(dataDir);
  // Another seed for every state of the folder: a second run writes other events, and asks for others.
  const made = madeUp(present);
  const measured = {
    dialect: store.dialect,
    rows: present,
    ...(wanted.has("questions") && (say("questions"), { questions: await measureQuestions(store, made, end) })),
    ...(wanted.has("search") &&
      (say("searching, then while writing"),
      await measureSearch(store, made, { end, seconds: Number(values.seconds) }))),
    ...(wanted.has("list") && (say("the suppression list"), { list: await measureList(store, config, made) })),
    ...(wanted.has("retention") && (say("retention"), { retention: await measureRetention(store, made, time) })),
    ...(wanted.has("csv") && (say("CSV"), { csv: await measureCsv(store, { rows: Math.min(present, 1_000_000) }) })),
    fileGb: values.postgres ? null : Math.round(statSync(join(dataDir, "log.sqlite")).size / 1e7) / 100,
  };
  console.log(JSON.stringify(measured, null, 1));
  for (const line of besideGoals(measured, store.dialect)) console.log(line);
} finally {
  await store.close();
  if (values.dir === undefined) rmSync(dataDir, { recursive: true, force: true });
}
