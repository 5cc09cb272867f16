/** `bounced log`: search, show, download, count, count again and erase. Works on the store itself, beside a running service. */
import { Command, Option } from "commander";
import { messageOf } from "../../../machine/error-message.ts";
import { isCredible } from "../../../event/credible.ts";
import { CSV_PROFILES, csvOf, jsonLinesOf, type CsvProfile } from "../../../store/log/csv.ts";
import {
  DIMENSIONS,
  DIRECTIONS,
  SORT_COLUMNS,
  type Dimension,
  type LogEntry,
  type LogQuery,
} from "../../../store/log/log-query.ts";
import { isErasable } from "../../../store/erasure/erase.ts";
import type { Store } from "../../../store/store.ts";
import { logBackupCommand } from "../../log-backup.ts";
import { addFilterOptions, parseLimit, type FilterOptions } from "../../log-options.ts";
import { UsageError } from "../../exit-status.ts";
import { sayInterrupted, untilAborted, untilSignal } from "../../interrupt.ts";
import { outcomeOf } from "../../outcome.ts";
import { countItems, writeOut } from "../../output.ts";
import { formatTable } from "../../table.ts";
import { count, JSON_HELP, minuteOf, onOneLine, paint, print, printJson } from "../../terminal.ts";
import { commandActor, recorded, withQueues, withStore } from "../../with-service.ts";

interface SearchOptions extends FilterOptions {
  readonly sort: NonNullable<LogQuery["sort"]>;
  readonly direction: NonNullable<LogQuery["direction"]>;
  readonly limit?: number;
  readonly csv?: CsvProfile | true;
  readonly json?: true;
  readonly out?: string;
  readonly count?: true;
  readonly by?: Dimension;
}

/** Rows of a table nobody limited. */
const TABLE_ROWS = 50;

export function logCommand(): Command {
  const command = addFilterOptions(new Command("log").description("Search the bounce log, download it, erase from it."))
    .optionsGroup("Order and number:")
    .addOption(new Option("--sort <column>", "Sort by this column").choices(SORT_COLUMNS).default("received"))
    .addOption(
      new Option("--direction <word>", "Sort newest or largest first, or last").choices(DIRECTIONS).default("desc"),
    )
    .option(
      "--limit <number>",
      `Print at most so many; default: ${TABLE_ROWS} in a table, all as CSV or JSON`,
      parseLimit,
    )
    .optionsGroup("Output:")
    .addOption(new Option("--csv [profile]", "Print CSV").choices(CSV_PROFILES))
    .option("--json", `${JSON_HELP}: whole events`)
    .addOption(new Option("--jsonl", "The same as --json").hideHelp().implies({ json: true }))
    .option("--out <file>", "Write CSV or JSON to a file that does not exist yet")
    .option("--count", "Print only how many match")
    .addOption(new Option("--by <dimension>", "Print how many of each").choices(DIMENSIONS))
    .addHelpText(
      "after",
      `
Examples:
  bounced log --severity hard --from 2026-11-01
  bounced log --recipient user@example.org --json
  bounced log --csv --out november.csv --from 2026-11-01 --to 2026-11-30`,
    )
    .action((options: SearchOptions) => withStore((store) => search(store, options)));
  command.addCommand(logBackupCommand());
  command
    .command("show <id>")
    .description("Print one event and all its details, as JSON on many lines.")
    .option("--json", "Print it on one line")
    .action((id: string, _options: unknown, self: Command) =>
      withStore(async (store) => {
        const detail = await store.get(id);
        if (!detail) throw new Error(`no event ${onOneLine(id)} in the log`);
        if (wantsJson(self)) printJson([detail]);
        else print(JSON.stringify(detail, null, 2));
      }),
    );
  command
    .command("raw <id>")
    .description("Print the stored message of the event.")
    .action((id: string) =>
      withStore(async (store) => {
        const raw = await recorded(store, { action: "raw-read", target: id, detail: "bounced log raw" }, () =>
          store.raw(id),
        );
        if (!raw) throw new Error(`the message of event ${onOneLine(id)} is not kept`);
        process.stdout.write(raw);
      }),
    );
  command
    .command("rollup")
    .description("Count the log again for its figures, beside a running service.")
    .option("--json", JSON_HELP)
    .action((_options: unknown, self: Command) =>
      withStore(async (store) => {
        const days = await store.rebuildRollups((day) => process.stderr.write(`${day} counted\n`));
        if (wantsJson(self)) printJson([{ days }]);
        else print(`${count(days, "day")} counted.`);
      }),
    );
  command
    .command("erase <address>")
    .description("Delete an address from the log, the messages, the suppression list and the queues.")
    .option("--yes", "Confirm: this cannot be undone", false)
    .option("--ban", "Leave a keyed digest, so that the address stays suppressed", false)
    .option("--json", "Print JSON, as without this option")
    .action((address: string, { yes, ban }: { yes: boolean; ban: boolean }) => {
      if (!isErasable(address)) throw new UsageError(`${JSON.stringify(onOneLine(address))} is not an address`);
      return withStore((store) => (yes ? erase(store, address, ban) : warn(store, address)));
    });
  return command;
}

async function search(store: Store, options: SearchOptions): Promise<void> {
  if (options.count) {
    // Trust: all, it counts what the command would list.
    const total = await store.count(options);
    return options.json ? printJson([{ count: total }]) : print(String(total));
  }
  if (options.by) {
    // Trust: all.
    const facets = (await store.facets(options, [options.by], options.limit ?? 1000))[options.by] ?? [];
    if (options.json) return printJson(facets);
    return print(
      formatTable(
        [options.by, "events"],
        facets.map(({ value, count }) => [onOneLine(value) || "-", count]),
      ),
    );
  }
  // Trust: all.
  const all = store.iterate({ ...options, sort: options.sort, direction: options.direction });
  if (options.csv !== undefined || options.json) {
    const some = options.limit === undefined ? all : firstOf(all, options.limit);
    const profile = options.csv === true || !options.csv ? "full" : options.csv;
    return untilSignal((signal) =>
      recorded(store, { action: "export", detail: `bounced log ${options.json ? "--json" : "--csv"}` }, async () => {
        const { items, number } = countItems(untilAborted(some, signal));
        await writeOut(options.json ? jsonLinesOf(items) : csvOf(items, profile), options.out);
        if (signal.aborted) sayInterrupted(count(number(), "event"));
      }),
    );
  }
  if (options.out !== undefined) throw new UsageError("--out writes CSV or JSON: add --csv or --json");
  const entries: LogEntry[] = [];
  for await (const entry of firstOf(all, options.limit ?? TABLE_ROWS)) entries.push(entry);
  print(tableOf(entries));
  // Trust: all.
  const more = await store.count(options, 100_000);
  if (more > entries.length)
    process.stderr.write(`${entries.length} of ${more >= 100_000 ? "100000 or more" : more}; --limit prints more\n`);
}

async function* firstOf<Item>(items: AsyncIterable<Item>, limit: number): AsyncGenerator<Item, void, undefined> {
  let left = limit;
  for await (const item of items) {
    yield item;
    if (--left === 0) return;
  }
}

/** `--json` is an option of `log` too, which takes it wherever it stands. */
const wantsJson = (command: Command): boolean => command.optsWithGlobals<{ json?: boolean }>().json ?? false;

const tableOf = (entries: readonly LogEntry[]): string =>
  formatTable(
    ["received (UTC)", "outcome", "reason", "status", "recipient", "error"],
    entries.map(({ event, recordedAt }) => [
      minuteOf(event.message.receivedAt ?? recordedAt),
      // What a stranger could have written looks different from what changes the suppression list.
      isCredible(event) ? outcomeOf(event) : `${outcomeOf(event)}, ${paint.dim(event.authenticity)}`,
      event.reason,
      event.status ?? event.derivedStatus ?? "",
      onOneLine(event.recipient.mailed ?? event.recipient.address, 44),
      onOneLine(event.diagnostic?.text ?? event.explanation, 60),
    ]),
  );

async function warn(store: Store, address: string): Promise<void> {
  // Trust: all, it counts what would be erased.
  const events = await store.count({ address: [address] });
  throw new UsageError(
    `this deletes ${count(events, "event")} of ${onOneLine(address)}, their messages, the entry of the suppression list and the jobs, and cannot be undone. Add --yes to do it.`,
  );
}

async function erase(store: Store, address: string, ban: boolean): Promise<void> {
  const erased = await recorded(store, { action: "erasure", target: address, detail: "bounced log erase" }, () =>
    store.erase(address, ban ? { actor: commandActor() } : undefined),
  );
  try {
    await withQueues(async (queues, config) => {
      const { configuredQueues, eraseJobs } = await import("../../../queues/upkeep/erase-jobs.ts");
      const others = configuredQueues(config.file);
      const jobs = await eraseJobs(queues, address, { others, streamKey: config.file.stream.key });
      const { unreachedBy } = await import("../../../erasure/unreached.ts");
      printJson([{ ...erased, ...jobs, unreached: unreachedBy({ config, ...jobs }) }]);
    });
  } catch (cause) {
    printJson([erased]);
    throw new Error(`the log is erased, the queues are not: ${messageOf(cause)} Then run this again.`, { cause });
  }
}
