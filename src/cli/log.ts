/** `bounced log`: search, show, download, count and erase. Works on the store itself, beside a running service. */
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import Table from "cli-table3";
import { Command, InvalidArgumentError, Option } from "commander";
import { loadConfig } from "../config.ts";
import { messageOf } from "../error-message.ts";
import { CSV_PROFILES, csvOf, jsonLinesOf, type CsvProfile } from "../store/csv.ts";
import {
  DIMENSIONS,
  DIRECTIONS,
  SORT_COLUMNS,
  type Dimension,
  type LogEntry,
  type LogQuery,
} from "../store/log-query.ts";
import { openStore, type Store } from "../store/store.ts";
import { logBackupCommand } from "./log-backup.ts";
import { addFilterOptions, type FilterOptions } from "./log-options.ts";
import { onOneLine } from "./terminal.ts";

interface SearchOptions extends FilterOptions {
  readonly sort: NonNullable<LogQuery["sort"]>;
  readonly direction: NonNullable<LogQuery["direction"]>;
  readonly limit: number;
  readonly csv?: CsvProfile | true;
  readonly jsonl?: true;
  readonly out?: string;
  readonly count?: true;
  readonly by?: Dimension;
}

export function logCommand(): Command {
  const command = addFilterOptions(new Command("log").description("search the bounce log, download it, erase from it"))
    .addOption(new Option("--sort <column>", "sorted by").choices(SORT_COLUMNS).default("received"))
    .addOption(new Option("--direction <word>", "newest first, or oldest").choices(DIRECTIONS).default("desc"))
    .option("--limit <number>", "rows of the table; --csv and --jsonl write everything", parseLimit, 50)
    .addOption(new Option("--csv [profile]", "as CSV").choices(CSV_PROFILES))
    .option("--jsonl", "as JSON lines: one event each")
    .option("--out <file>", "write to a file that does not exist yet")
    .option("--count", "only how many")
    .addOption(new Option("--by <dimension>", "how many of each").choices(DIMENSIONS))
    .action((options: SearchOptions) => withStore((store) => search(store, options)));
  command.addCommand(logBackupCommand());
  command
    .command("show <id>")
    .description("one event with everything that is known of it")
    .action((id: string) =>
      withStore(async (store) => {
        const detail = await store.get(id);
        if (!detail) throw new Error(`no event ${onOneLine(id)} in the log`);
        print(JSON.stringify(detail, null, 2));
      }),
    );
  command
    .command("raw <id>")
    .description("the message the event came from, as it is kept")
    .action((id: string) =>
      withStore(async (store) => {
        const raw = await store.raw(id);
        if (!raw) throw new Error(`the message of event ${onOneLine(id)} is not kept`);
        process.stdout.write(raw);
      }),
    );
  command
    .command("erase <address>")
    .description("take an address out of the log, the messages, the suppression list and the queues")
    .requiredOption("--yes", "really: this cannot be undone")
    .action((address: string) => withStore((store) => erase(store, address)));
  return command;
}

async function search(store: Store, options: SearchOptions): Promise<void> {
  if (options.count) return print(String(await store.count(options)));
  if (options.by) {
    const facets = await store.facets(options, [options.by], 1000);
    const table = new Table({ head: [options.by, "events"], style: { head: [] } });
    for (const { value, count } of facets[options.by] ?? []) table.push([onOneLine(value) || "-", count]);
    return print(table.toString());
  }
  if (options.csv !== undefined || options.jsonl) {
    const all = store.iterate({ ...options, sort: options.sort, direction: options.direction });
    return write(
      options.jsonl ? jsonLinesOf(all) : csvOf(all, options.csv === true || !options.csv ? "full" : options.csv),
      options.out,
    );
  }
  const entries: LogEntry[] = [];
  for await (const entry of store.iterate(options)) {
    entries.push(entry);
    if (entries.length >= options.limit) break;
  }
  print(tableOf(entries));
  const more = await store.count(options, 100_000);
  if (more > entries.length)
    process.stderr.write(`${entries.length} of ${more >= 100_000 ? "100000 or more" : more}\n`);
}

async function write(stream: Readable, path: string | undefined): Promise<void> {
  if (path === undefined) await pipeline(stream, process.stdout, { end: false });
  else await pipeline(stream, createWriteStream(path, { flags: "wx", mode: 0o600 }));
}

function tableOf(entries: readonly LogEntry[]): string {
  const table = new Table({
    head: ["received", "severity", "reason", "status", "recipient", "error"],
    style: { head: [] },
  });
  for (const { event, recordedAt } of entries)
    table.push([
      (event.message.receivedAt ?? recordedAt).slice(0, 16).replace("T", " "),
      event.severity,
      event.reason,
      event.status ?? event.derivedStatus ?? "",
      onOneLine(event.recipient.address ?? event.recipient.original, 44),
      onOneLine(event.diagnostic?.text ?? event.explanation, 60),
    ]);
  return table.toString();
}

async function erase(store: Store, address: string): Promise<void> {
  const erased = await store.erase(address);
  const config = loadConfig();
  // Only here: BullMQ takes longer to load than a search takes.
  const [{ configuredQueues, eraseJobs }, { openQueues }, { redisUrlOf }] = await Promise.all([
    import("../queues/erase-jobs.ts"),
    import("../queues/queues.ts"),
    import("../queues/redis.ts"),
  ]);
  let failure: Error | null = null;
  const queues = openQueues({
    redisUrl: redisUrlOf(config),
    prefix: config.BOUNCED_PREFIX,
    purpose: "accept",
    onError: (error) => void (failure ??= error),
  });
  try {
    await reachable(queues.redis);
    const others = configuredQueues(config.file);
    const jobs = await eraseJobs(queues, address, { others, streamKey: config.file.stream.key });
    print(JSON.stringify({ ...erased, ...jobs }));
  } catch (error) {
    print(JSON.stringify(erased));
    const cause = messageOf(failure ?? error);
    throw new Error(`the queues were not erased, Redis does not answer (${cause}): run it again when it does`, {
      cause: error,
    });
  } finally {
    await queues.close();
  }
}

/** With the purpose `accept` a command fails at once before the connection stands. */
const reachable = (redis: {
  readonly status: string;
  once(event: "ready" | "error", then: (error?: Error) => void): unknown;
}) =>
  new Promise<void>((resolve, reject) => {
    if (redis.status === "ready") return resolve();
    redis.once("ready", () => resolve());
    redis.once("error", (error) => reject(error ?? new Error("no connection")));
  });

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore(loadConfig());
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError("expected a whole number above 0");
  return limit;
}
