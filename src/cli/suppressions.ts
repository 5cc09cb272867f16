/** `bounced suppressions`: look, add, remove, undo, import, export, try a policy. */
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { pipeline } from "node:stream/promises";
import Table from "cli-table3";
import { Command, Option } from "commander";
import { parse as parseYaml } from "yaml";
import { loadConfig } from "../config.ts";
import { QueryError } from "../store/log-query.ts";
import { openStore, type Store } from "../store/store.ts";
import { CAUSES, type NewSuppression, type Suppression, type SuppressionChange } from "../store/suppression.ts";
import { LIST_FORMATS, listCsvOf, readListCsv, type ListFormat } from "../store/suppression-csv.ts";
import { parseEnd, parseInstant } from "./log-options.ts";
import { onOneLine } from "./terminal.ts";

const IMPORT_BATCH = 500;
const REPORTED_LINES = 20;

interface Common {
  readonly note?: string;
  readonly stream?: string;
}

export function suppressionsCommand(): Command {
  const command = new Command("suppressions").description("the suppression list: look, change, import, export");
  command
    .command("list", { isDefault: true })
    .description("what is on it, newest first")
    .option("--value <part>", "any part of the address or domain")
    .addOption(new Option("--cause <cause>", "what put it there").choices(CAUSES))
    .option("--limit <number>", "rows", Number, 50)
    .action((options: { value?: string; cause?: Suppression["cause"]; limit: number }) =>
      withStore(async ({ suppressions }) => {
        const filter = { value: options.value, cause: options.cause ? [options.cause] : undefined };
        const { entries } = await suppressions.list({ ...filter, limit: options.limit });
        print(entriesTable(entries));
        process.stderr.write(`${entries.length} of ${await suppressions.count(filter)}\n`);
      }),
    );
  command
    .command("check <addresses...>")
    .description("may these be written to? Exit status 1 if one may not")
    .option("--stream <stream>", "entries of this stream too")
    .action((addresses: string[], { stream }: Common) =>
      withStore(async ({ suppressions }) => {
        const checks = await suppressions.check(addresses, stream);
        for (const { address, suppressed, entry } of checks)
          print(
            `${onOneLine(address, 320)}: ${suppressed ? `suppressed, ${entry?.cause} ${entry?.reason}`.trim() : "free"}`,
          );
        if (checks.some(({ suppressed }) => suppressed)) process.exitCode = 1;
      }),
    );
  command
    .command("add <values...>")
    .description("addresses, or domains for everybody there")
    .option("--note <text>", "why")
    .option("--stream <stream>", "only for this stream")
    .addOption(new Option("--expires <time>", "until then").argParser(parseInstant))
    .action((values: string[], options: Common & { expires?: string }) =>
      change((suppressions) =>
        suppressions.add(
          values.map((value) => ({ value, stream: options.stream, expiresAt: options.expires })),
          author(options.note),
        ),
      ),
    );
  command
    .command("remove <values...>")
    .description("take off, and forget earlier soft failures")
    .option("--note <text>", "why")
    .option("--stream <stream>", "the entry of this stream")
    .action((values: string[], { note, stream }: Common) =>
      change((suppressions) =>
        suppressions.remove(
          values.map((value) => ({ value, stream })),
          author(note),
        ),
      ),
    );
  command
    .command("clear <addresses...>")
    .description("forget soft failures counted so far")
    .option("--note <text>", "why")
    .action((addresses: string[], { note }: Common) =>
      change((suppressions) => suppressions.clear(addresses, author(note))),
    );
  command
    .command("history [value]")
    .description("every change, newest first")
    .action((value?: string) =>
      withStore(async ({ suppressions }) => print(changesTable(await suppressions.history({ value })))),
    );
  command
    .command("undo <change>")
    .description("put back what was before a change of the history")
    .option("--note <text>", "why")
    .action((id: string, { note }: Common) =>
      change(async (suppressions) => [await suppressions.undo(Number(id), author(note))]),
    );
  return addFileCommands(command);
}

function addFileCommands(command: Command): Command {
  const format = new Option("--format <format>", "columns").choices(LIST_FORMATS).default("bounced");
  command
    .command("import <file>")
    .description(
      "CSV of another list; what is on this one already stays as it is, a line that cannot be used is reported",
    )
    .addOption(format)
    .option("--note <text>", "why")
    .action((file: string, options: Common & { format: ListFormat }) =>
      withStore((store) => importFile(store, file, options)),
    );
  command
    .command("export [file]")
    .description("CSV, to a new file or stdout")
    .addOption(format)
    .action((file: string | undefined, options: { format: ListFormat }) =>
      withStore(async ({ suppressions }) => {
        const csv = listCsvOf(suppressions.iterate({}), options.format);
        if (file === undefined) await pipeline(csv, process.stdout, { end: false });
        else await pipeline(csv, createWriteStream(file, { flags: "wx", mode: 0o600 }));
      }),
    );
  command
    .command("dry-run")
    .description("what a policy would have done to the past; changes nothing")
    .addOption(new Option("--from <time>", "since").argParser(parseInstant))
    .addOption(new Option("--to <time>", "until; a day is included").argParser(parseEnd))
    .option("--policy <file>", "YAML: the section `suppression` as you would write it; default: the present one")
    .action((options: { from?: string; to?: string; policy?: string }) =>
      withStore(async ({ suppressions }) => {
        const policy: unknown =
          options.policy === undefined ? undefined : parseYaml(readFileSync(options.policy, "utf8"));
        print(JSON.stringify(await suppressions.dryRun(options, policy), null, 2));
      }),
    );
  return command;
}

async function importFile(
  { suppressions }: Store,
  file: string,
  options: Common & { format: ListFormat },
): Promise<void> {
  const written = { changes: 0, refused: 0 };
  const by = author(options.note ?? `import of ${options.format}`);
  let batch: { line: number; entry: NewSuppression }[] = [];
  const flush = async (): Promise<void> => {
    const some = batch;
    batch = [];
    try {
      written.changes += (
        await suppressions.add(
          some.map(({ entry }) => entry),
          by,
          { onlyNew: true },
        )
      ).length;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      // One line of the batch cannot be used: find it.
      for (const { line, entry } of some)
        try {
          written.changes += (await suppressions.add([entry], by, { onlyNew: true })).length;
        } catch (reason) {
          if (!(reason instanceof QueryError)) throw reason;
          if (written.refused++ < REPORTED_LINES)
            process.stderr.write(`line ${line}: ${onOneLine(reason.message, 200)}\n`);
        }
    }
  };
  for await (const line of readListCsv(createReadStream(file), options.format)) {
    batch.push(line);
    if (batch.length >= IMPORT_BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  print(`${written.changes} written, ${written.refused} lines refused`);
  if (written.refused > 0) process.exitCode = 1;
}

async function change(work: (list: Store["suppressions"]) => Promise<readonly SuppressionChange[]>): Promise<void> {
  await withStore(async ({ suppressions }) => {
    const changes = await work(suppressions);
    if (changes.length === 0) process.stderr.write("nothing to change\n");
    else print(changesTable(changes));
  });
}

const time = (instant: string | null): string => instant?.slice(0, 16).replace("T", " ") ?? "never";

function entriesTable(entries: readonly Suppression[]): string {
  const table = new Table({
    head: ["value", "cause", "reason", "since", "expires", "by", "note"],
    style: { head: [] },
  });
  for (const { value, stream, cause, reason, createdAt, expiresAt, actor, note } of entries)
    table.push([
      onOneLine(stream ? `${value} (${stream})` : value, 60),
      cause,
      onOneLine(reason, 24),
      time(createdAt),
      time(expiresAt),
      onOneLine(actor, 20),
      onOneLine(note, 40),
    ]);
  return table.toString();
}

function changesTable(changes: readonly SuppressionChange[]): string {
  const table = new Table({ head: ["change", "at", "action", "value", "by", "note"], style: { head: [] } });
  for (const { id, at, action, value, stream, actor, note } of changes)
    table.push([
      id,
      time(at),
      action,
      onOneLine(stream ? `${value} (${stream})` : value),
      onOneLine(actor, 20),
      onOneLine(note, 40),
    ]);
  return table.toString();
}

const author = (note: string | undefined) => ({ actor: `cli:${userInfo().username}`, note });

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore(loadConfig());
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
