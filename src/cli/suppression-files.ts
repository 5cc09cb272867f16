/** `bounced suppressions import | export | dry-run`. */
import { type Command, Option } from "commander";
import { parse as parseYaml } from "yaml";
import { checkPeriod, QueryError } from "../store/log/log-query.ts";
import type { Store } from "../store/store.ts";
import { readValue } from "../store/suppressions/edit.ts";
import type { NewSuppression } from "../store/suppressions/suppression.ts";
import { listCsvOf, readListCsv } from "../store/suppressions/csv.ts";
import { LIST_FORMATS, type ListFormat } from "../store/suppressions/formats/index.ts";
import { asFailure, EXIT } from "./exit-status.ts";
import { openInput, readTextFile } from "./files.ts";
import { parseEnd, parseInstant } from "./log-options.ts";
import { sayInterrupted, untilAborted, untilSignal } from "./interrupt.ts";
import { countItems, jsonOf, writeOut } from "./output.ts";
import { count, JSON_HELP, onOneLine, print, printJson } from "./terminal.ts";
import { commandActor, recorded, withStore } from "./with-service.ts";

const IMPORT_BATCH = 500;
const REPORTED_LINES = 20;

export function addFileCommands(command: Command): Command {
  const format = new Option("--format <format>", "Columns of the file").choices(LIST_FORMATS).default("bounced");
  command
    .command("import <file>")
    .description("Import a CSV list. Existing entries are not changed; unusable lines are reported.")
    .addOption(format)
    .option("--note <text>", "Why, for the history")
    .option("--dry-run", "Read the file and report; add nothing")
    .option("--json", JSON_HELP)
    .action((file: string, options: ImportOptions) =>
      withStore((store) =>
        untilSignal((signal) => {
          const work = () => importFile(store, file, options, signal);
          const act = {
            action: "list-change",
            detail: `bounced suppressions import --format ${options.format}`,
          } as const;
          return options.dryRun ? work() : recorded(store, act, work);
        }),
      ),
    );
  command
    .command("export [file]")
    .description("Export CSV to a new file, or to stdout.")
    .addOption(format)
    .option("--json", `${JSON_HELP}, instead of CSV`)
    .action((file: string | undefined, options: { format: ListFormat; json?: boolean }) =>
      withStore((store) =>
        untilSignal((signal) =>
          recorded(store, { action: "export", detail: "bounced suppressions export" }, async () => {
            const counted = countItems(untilAborted(store.suppressions.iterate({}), signal));
            await writeOut(options.json ? jsonOf(counted.items) : listCsvOf(counted.items, options.format), file);
            if (signal.aborted) sayInterrupted(count(counted.number(), "entry", "entries"));
          }),
        ),
      ),
    );
  command
    .command("dry-run")
    .description("Test a policy on past events; changes nothing.")
    .addOption(new Option("--from <time>", "Received since").argParser(parseInstant))
    .addOption(new Option("--to <time>", "Received until; a day is included").argParser(parseEnd))
    .option("--policy <file>", "YAML file with the section `suppression`; default: the current one")
    .option("--json", "Print JSON, as without this option")
    .action((options: { from?: string; to?: string; policy?: string }) =>
      withStore(async ({ suppressions }) => {
        checkPeriod(options);
        const policy: unknown = options.policy === undefined ? undefined : parseYaml(readTextFile(options.policy));
        printJson([await suppressions.dryRun(options, policy)]);
      }),
    );
  return command;
}

interface ImportOptions {
  readonly note?: string;
  readonly format: ListFormat;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

async function importFile(
  { suppressions }: Store,
  file: string,
  options: ImportOptions,
  signal: AbortSignal,
): Promise<void> {
  const written = { new: 0, refused: 0, lines: 0, skipped: 0 };
  const by = { actor: commandActor(), note: options.note ?? `import of ${options.format}` };
  const add = async (entries: readonly NewSuppression[]): Promise<void> => {
    if (options.dryRun) for (const { value } of entries) readValue(value);
    else written.new += (await suppressions.add(entries, by, { onlyNew: true })).length;
  };
  const write = async (batch: readonly { readonly line: number; readonly entry: NewSuppression }[]): Promise<void> => {
    try {
      await add(batch.map(({ entry }) => entry));
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      // One line of the batch cannot be used: find it.
      for (const { line, entry } of batch)
        try {
          await add([entry]);
        } catch (reason) {
          if (!(reason instanceof QueryError)) throw reason;
          if (written.refused++ < REPORTED_LINES)
            process.stderr.write(`line ${line}: ${onOneLine(reason.message, 200)}\n`);
        }
    }
  };
  let batch: { line: number; entry: NewSuppression }[] = [];
  const input = await openInput(file);
  await asFailure(async () => {
    for await (const { line, entry } of untilAborted(readListCsv(input, options.format), signal)) {
      written.lines++;
      if (entry === null) {
        written.skipped++;
        continue;
      }
      batch.push({ line, entry });
      if (batch.length < IMPORT_BATCH) continue;
      await write(batch);
      batch = [];
    }
  }).finally(() => input.destroy());
  if (batch.length > 0) await write(batch);
  const { skipped, refused } = written;
  const usable = written.lines - refused - skipped;
  const known = usable - written.new;
  if (signal.aborted) sayInterrupted(`${count(written.lines, "line")}; the lines before are on the list`);
  const passed = skipped === 0 ? "" : `, ${skipped} not suppressed in this file and skipped`;
  if (options.json)
    printJson([options.dryRun ? { usable, refused, skipped } : { written: written.new, known, refused, skipped }]);
  else if (options.dryRun)
    print(`${usable} can be added, ${count(refused, "line")} refused${passed}; nothing was added`);
  else print(`${written.new} written, ${known} already on the list, ${count(refused, "line")} refused${passed}`);
  if (refused > 0) process.exitCode = EXIT.failed;
}
