/** `bounced suppressions`: look, add, remove, undo; files are suppression-files.ts. */
import { Command, InvalidArgumentError, Option } from "commander";
import type { Store } from "../../store/store.ts";
import { CAUSES, type Suppression, type SuppressionChange } from "../../store/suppressions/suppression.ts";
import { isAddress } from "../../addresses/is-address.ts";
import { asFailure, EXIT } from "../exit-status.ts";
import { parseInstant, parseLimit } from "../log-options.ts";
import { addFileCommands } from "../suppression-files.ts";
import { formatTable } from "../table.ts";
import { JSON_HELP, minuteOf, onOneLine, print, printJson } from "../terminal.ts";
import { commandActor, recorded, withStore } from "../with-service.ts";

interface Common {
  readonly note?: string;
  readonly stream?: string;
  readonly json?: boolean;
}

export function suppressionsCommand(): Command {
  const command = new Command("suppressions").description("Show, change, import and export the suppression list.");
  command
    .command("list", { isDefault: true })
    .description("List the entries, newest first.")
    .option("--value <part>", "Any part of the address or domain")
    .addOption(new Option("--cause <cause>", "Cause of the entry").choices(CAUSES))
    .option("--limit <number>", "Maximum number of rows", parseLimit, 50)
    .option("--json", JSON_HELP)
    .action((options: { value?: string; cause?: Suppression["cause"]; limit: number; json?: boolean }) =>
      withStore(async ({ suppressions }) => {
        const filter = { value: options.value, cause: options.cause ? [options.cause] : undefined };
        const { entries } = await suppressions.list({ ...filter, limit: options.limit });
        if (options.json) return printJson(entries);
        print(entriesTable(entries));
        process.stderr.write(`${entries.length} of ${await suppressions.count(filter)}\n`);
      }),
    );
  command
    .command("check <addresses...>")
    .description("Say whether mail to these addresses is suppressed. Exit status 1 if one is, 2 if one is no address.")
    .option("--stream <stream>", "Entries of this stream count too")
    .option("--json", JSON_HELP)
    .action((addresses: string[], { stream, json }: Common) =>
      withStore(async ({ suppressions }) => {
        const wrong = addresses.filter((address) => !isAddress(address));
        const checks = await suppressions.check(
          addresses.filter((address) => isAddress(address)),
          stream,
        );
        if (json) printJson(checks);
        else
          for (const { address, suppressed, entry } of checks)
            print(
              `${onOneLine(address, 320)}: ${suppressed ? `suppressed, ${entry?.cause} ${entry?.reason}`.trim() : "free"}`,
            );
        for (const word of wrong) process.stderr.write(`bounced: ${JSON.stringify(word)} is not an address\n`);
        if (wrong.length > 0) process.exitCode = EXIT.usage;
        else if (checks.some(({ suppressed }) => suppressed)) process.exitCode = EXIT.failed;
      }),
    );
  command
    .command("add <values...>")
    .description("Add addresses, or domains for every address there.")
    .option("--note <text>", "Why, for the history")
    .option("--stream <stream>", "Only for this stream")
    .addOption(new Option("--expires <time>", "Until then, e.g. 2036-12-31").argParser(parseExpiry))
    .option("--json", JSON_HELP)
    .action((values: string[], options: Common & { expires?: string }) =>
      change(options.json, "add", values, (suppressions) =>
        suppressions.add(
          values.map((value) => ({ value, stream: options.stream, expiresAt: options.expires })),
          author(options.note),
        ),
      ),
    );
  command
    .command("remove <values...>")
    .description("Remove addresses or domains, and forget earlier soft failures.")
    .option("--note <text>", "Why, for the history")
    .option("--stream <stream>", "The entry of this stream")
    .option("--json", JSON_HELP)
    .action((values: string[], { note, stream, json }: Common) =>
      change(json, "remove", values, (suppressions) =>
        suppressions.remove(
          values.map((value) => ({ value, stream })),
          author(note),
        ),
      ),
    );
  command
    .command("clear <addresses...>")
    .description("Forget the soft failures counted so far.")
    .option("--note <text>", "Why, for the history")
    .option("--json", JSON_HELP)
    .action((addresses: string[], { note, json }: Common) =>
      change(json, "clear", addresses, (suppressions) => suppressions.clear(addresses, author(note))),
    );
  command
    .command("history [value]")
    .description("List the changes, newest first.")
    .option("--limit <number>", "Maximum number of rows", parseLimit, 100)
    .option("--json", JSON_HELP)
    .action((value: string | undefined, { limit, json }: Common & { limit: number }) =>
      withStore(async ({ suppressions }) => {
        const changes = await newestChanges(suppressions, value, limit);
        if (json) printJson(changes);
        else if (changes.length === 0)
          process.stderr.write(`No changes${value === undefined ? "" : ` of ${value}`}.\n`);
        else print(changesTable(changes));
      }),
    );
  command
    .command("undo")
    .description("Restore what was before a change of the history.")
    .argument("<change>", "Its number, as suppressions history prints it", parseChange)
    .option("--note <text>", "Why, for the history")
    .option("--json", JSON_HELP)
    .action((id: number, { note, json }: Common) =>
      change(json, "undo", [String(id)], async (suppressions) => [
        await asFailure(() => suppressions.undo(id, author(note))),
      ]),
    );
  return addFileCommands(command);
}

async function change(
  json: boolean | undefined,
  verb: string,
  targets: readonly string[],
  work: (list: Store["suppressions"]) => Promise<readonly SuppressionChange[]>,
): Promise<void> {
  await withStore(async (store) => {
    const target = targets.length > 5 ? `${targets.length} entries` : targets.join(", ");
    const act = { action: "list-change", target, detail: `bounced suppressions ${verb}` } as const;
    const changes = await recorded(store, act, () => work(store.suppressions));
    if (changes.length === 0) throw new Error("nothing changed: no entry of the list matches");
    if (json) printJson(changes);
    else print(changesTable(changes));
  });
}

/** The list gives a thousand at a time at most. */
async function newestChanges(
  list: Store["suppressions"],
  value: string | undefined,
  limit: number,
): Promise<readonly SuppressionChange[]> {
  const changes: SuppressionChange[] = [];
  for (;;) {
    const page = await list.history({ value, limit: limit - changes.length, before: changes.at(-1)?.id });
    changes.push(...page);
    if (page.length === 0 || changes.length >= limit) return changes;
  }
}

const entriesTable = (entries: readonly Suppression[]): string =>
  formatTable(
    ["value", "cause", "reason", "since (UTC)", "expires", "by", "note"],
    entries.map(({ value, stream, cause, reason, createdAt, expiresAt, actor, note }) => [
      onOneLine(stream ? `${value} (${stream})` : value, 60),
      cause,
      onOneLine(reason, 24),
      minuteOf(createdAt),
      expiresAt === null ? "never" : minuteOf(expiresAt),
      onOneLine(actor, 20),
      onOneLine(note, 40),
    ]),
  );

const changesTable = (changes: readonly SuppressionChange[]): string =>
  formatTable(
    ["change", "at (UTC)", "action", "value", "by", "note"],
    changes.map(({ id, at, action, value, stream, actor, note }) => [
      id,
      minuteOf(at),
      action,
      onOneLine(stream ? `${value} (${stream})` : value),
      onOneLine(actor, 20),
      onOneLine(note, 40),
    ]),
  );

function parseChange(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("expected a number, as suppressions history prints it");
  return Number(text);
}

function parseExpiry(text: string): string {
  const instant = parseInstant(text);
  if (Date.parse(instant) <= Date.now())
    throw new InvalidArgumentError("it is in the past: the entry would end at once");
  return instant;
}

const author = (note: string | undefined) => ({ actor: commandActor(), note });
