/** `bounced sync`: compares the list with those at sending providers and makes them the same; what waits there and what failed. */
import { Command } from "commander";
import type { Config } from "../../config/config.ts";
import { messageOf } from "../../machine/error-message.ts";
import type { Store } from "../../store/store.ts";
import type { SyncItem } from "../../store/sync/sync-item.ts";
import type { Difference } from "../../sync/compare.ts";
import { openList, PROVIDER_NAMES } from "../../sync/providers/index.ts";
import { syncName, type SyncSettings } from "../../sync/settings.ts";
import { syncStateOf, type SyncState } from "../../sync/state.ts";
import { previewTarget, syncTarget } from "../../sync/sync-target.ts";
import { EXIT, UsageError } from "../exit-status.ts";
import { untilSignal } from "../interrupt.ts";
import { parseLimit } from "../log-options.ts";
import { formatTable } from "../table.ts";
import { count, JSON_HELP, minuteOf, onOneLine, print, printJson } from "../terminal.ts";
import { withStore } from "../with-service.ts";
import { wrap } from "../wrap.ts";

export function syncCommand(): Command {
  const command = new Command("sync").description("Keep the lists at sending providers like yours.");
  command
    .command("run [names...]", { isDefault: true })
    .description("Compare the lists and make them the same; without a name, all of bounced.yaml.")
    .option("--dry-run", "Print the differences; change nothing, here and there", false)
    .option("--confirm-removals", "Remove more addresses there than maxRemovals allows", false)
    .option("--json", JSON_HELP, false)
    .action((names: string[], options: RunOptions) =>
      withStore((store, config) =>
        untilSignal(async (signal) => {
          for (const settings of targetsOf(config, names)) {
            if (signal.aborted) return;
            await (options.dryRun ? preview(store, settings, options) : run(store, settings, options, signal)).catch(
              (error: unknown) => {
                process.stderr.write(
                  `${wrap(`bounced: ${syncName(settings)}: ${onOneLine(messageOf(error), 300)}`)}\n`,
                );
                process.exitCode = EXIT.failed;
              },
            );
          }
        }),
      ),
    );
  command
    .command("status [names...]")
    .description("List each provider with what waits, what failed and why.")
    .option("--json", JSON_HELP, false)
    .action((names: string[], { json }: { json: boolean }) =>
      withStore(async ({ sync }, config) => {
        const states = await Promise.all(targetsOf(config, names, true).map((settings) => syncStateOf(sync, settings)));
        if (json) printJson(states);
        else if (states.length === 0) print("No targets: docs/sync.md describes how to add one to bounced.yaml.");
        else print(statesTable(states));
      }),
    );
  command
    .command("addresses <name>")
    .description("List the addresses whose change is not at a provider, newest first.")
    .option("--limit <number>", "Maximum number of rows", parseLimit, 20)
    .option("--json", JSON_HELP, false)
    .action((name: string, { limit, json }: { limit: number; json: boolean }) =>
      withStore(async ({ sync }, config) => {
        targetsOf(config, [name], true);
        const items = await sync.open(name, limit);
        if (json) printJson(items);
        else print(items.length === 0 ? "All changes are there." : addressTable(items));
      }),
    );
  return command;
}

interface RunOptions {
  readonly dryRun: boolean;
  readonly confirmRemovals: boolean;
  readonly json: boolean;
}

function targetsOf({ file }: Config, names: readonly string[], mayBeNone = false): readonly SyncSettings[] {
  const known = file.sync.map(syncName);
  if (known.length === 0 && !mayBeNone)
    throw new UsageError("bounced.yaml has no section sync: docs/sync.md describes it");
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`bounced.yaml has no sync target ${unknown}; it has ${known.join(", ") || "none"}`);
  return file.sync.filter((settings) => names.length === 0 || names.includes(syncName(settings)));
}

const EXAMPLES = 10;

async function preview(store: Store, settings: SyncSettings, { json }: RunOptions): Promise<void> {
  const difference = await previewTarget(settings, { store, client: openList(settings) });
  const name = syncName(settings);
  const parts = partsOf(difference);
  if (json) {
    for (const [action, values] of Object.entries(parts)) printJson(values.map((value) => ({ name, action, value })));
    return printJson([{ name, ...summaryOf(difference) }]);
  }
  print(wrap(`${name}: ${saying(difference)}`));
  for (const [action, values] of Object.entries(parts))
    if (values.length > 0)
      print(
        `  ${WORDS[action as keyof typeof WORDS]}: ${onOneLine(values.slice(0, EXAMPLES).join(", "), 600)}${values.length > EXAMPLES ? ", …" : ""}`,
      );
  const { length } = parts.remove;
  if (length > settings.maxRemovals)
    print(
      wrap(`  ${length} removals are more than maxRemovals (${settings.maxRemovals}): they need --confirm-removals`),
    );
}

const WORDS = { add: "add there", remove: "remove there", import: "import here" } as const;

const partsOf = ({ wishes, imports }: Difference) => ({
  add: wishes.flatMap(({ wanted, value }) => (wanted === "add" ? [value] : [])),
  remove: wishes.flatMap(({ wanted, value }) => (wanted === "remove" ? [value] : [])),
  import: imports.map(({ value }) => value),
});

function summaryOf(difference: Difference) {
  const { add, remove, import: imports } = partsOf(difference);
  const { theirs, same, unusable } = difference;
  return { theirs, same, unusable, add: add.length, remove: remove.length, import: imports.length };
}

function saying(difference: Difference): string {
  const { theirs, same, unusable, add, remove, import: imports } = summaryOf(difference);
  const odd = unusable === 0 ? "" : `, ${unusable} unusable`;
  return `${count(theirs, "address", "addresses")} there, ${same} the same${odd}; ${add} to add there, ${remove} to remove there, ${imports} to import here`;
}

async function run(
  store: Store,
  settings: SyncSettings,
  { confirmRemovals, json }: RunOptions,
  signal: AbortSignal,
): Promise<void> {
  const name = syncName(settings);
  const onWait = (ms: number, why: string): void =>
    void process.stderr.write(`${wrap(`${name}: ${why}; going on in ${Math.ceil(ms / 1000)} s`)}\n`);
  const { difference, imported, pushed, left } = await syncTarget(
    settings,
    { store, client: openList(settings) },
    { signal, confirmRemovals, onWait },
  );
  if (left.held + left.refused + left.pending > 0) process.exitCode = EXIT.failed;
  if (json) return printJson([{ name, ...summaryOf(difference), imported, pushed, ...left }]);
  print(wrap(`${name}: ${saying(difference)}`));
  print(`  ${pushed} changed there, ${imported} imported`);
  if (left.held > 0)
    print(
      wrap(`  ${count(left.held, "removal")} held: more than maxRemovals. Check them, then use --confirm-removals.`),
    );
  if (left.refused > 0) print(`  ${left.refused} refused by the provider: bounced sync addresses ${name}`);
  if (left.pending > 0) print(`  ${left.pending} wait: the running service sends them`);
}

const time = (at: string | null): string => (at === null ? "never" : minuteOf(at));

const statesTable = (states: readonly SyncState[]): string =>
  formatTable(
    ["name", "provider", "pending", "held", "refused", "last change (UTC)", "compared (UTC)", "problem"],
    states.map(({ name, provider, pending, held, refused, pushedAt, comparedAt, error }) => [
      name,
      PROVIDER_NAMES[provider],
      pending,
      held,
      refused,
      time(pushedAt),
      time(comparedAt),
      onOneLine(error || "-", 60),
    ]),
  );

const addressTable = (items: readonly SyncItem[]): string =>
  formatTable(
    ["address", "wanted", "state", "tries", "since (UTC)", "answer"],
    items.map(({ value, wanted, state, attempts, updatedAt, error }) => [
      onOneLine(value, 60),
      wanted,
      state,
      attempts,
      minuteOf(updatedAt),
      onOneLine(error || "-", 60),
    ]),
  );
