/** `bounced reclassify`: stored messages under the rules of today; `bounced reclassify unmatched`: what no rule knew. */
import { userInfo } from "node:os";
import Table from "cli-table3";
import { Command } from "commander";
import { loadConfig, type Config } from "../config.ts";
import { readSettingsOf } from "../read-settings.ts";
import { UNDECIDED, type LogFilter } from "../store/log-query.ts";
import { reclassifyLog, type Move } from "../store/reclassify-log.ts";
import { rereadWith } from "../store/reread.ts";
import { openStore, type Store } from "../store/store.ts";
import { createTemplates, ruleFor } from "../store/templates.ts";
import { addFilterOptions, type FilterOptions } from "./log-options.ts";
import { onOneLine } from "./terminal.ts";

const EXAMPLES = 3;

export function reclassifyCommand(): Command {
  const command = addFilterOptions(
    new Command("reclassify").description("show what the rules of today would say of the log; change nothing"),
  )
    .option("--apply", "write it; the old verdicts are kept", false)
    .option("--json", "as JSON", false)
    .action((options: FilterOptions & { apply: boolean; json: boolean }) =>
      withStore((store, config) => reclassify(store, config, options)),
    );
  addFilterOptions(command.command("unmatched"))
    .description("diagnostics that no rule decided, grouped, each with a rule to copy")
    .option("--limit <number>", "groups", Number, 20)
    .option("--json", "as JSON", false)
    .action((_options: unknown, self: Command) =>
      withStore((store) => unmatched(store, self.optsWithGlobals<FilterOptions & { limit: number; json: boolean }>())),
    );
  return command;
}

async function reclassify(
  store: Store,
  config: Config,
  { apply, json, ...filter }: FilterOptions & { apply: boolean; json: boolean },
): Promise<void> {
  const reread = rereadWith(readSettingsOf(config));
  const actor = apply ? `cli:${userInfo().username}` : null;
  const { moves, ...total } = await reclassifyLog({ store, filter, reread, actor }).done;
  const same = total.events - total.changed - total.unreadable;
  if (json) return print(JSON.stringify({ ...total, same, moves }));
  if (moves.length > 0) print(movesTable(moves));
  print(
    `${total.events} events: ${same} as before, ${total.changed} different, ${total.unreadable} cannot be read again` +
      (apply ? `; ${total.applied} written, ${total.listChanges} changes of the suppression list` : ""),
  );
  if (!apply && total.changed > 0) print("Nothing was written. --apply writes it.");
}

function movesTable(moves: readonly Move[]): string {
  const table = new Table({ head: ["events", "from -> to", "for example"], style: { head: [] } });
  for (const { from, to, count, examples } of moves)
    table.push([
      count,
      from === to ? `${from}, decided otherwise` : `${from} -> ${to}`,
      examples
        .slice(0, EXAMPLES)
        .map(({ diagnostic }) => onOneLine(diagnostic, 70))
        .join("\n"),
    ]);
  return table.toString();
}

async function unmatched(
  store: Store,
  { limit, json, ...filter }: LogFilter & { readonly limit: number; readonly json: boolean },
): Promise<void> {
  const templates = createTemplates();
  let events = 0;
  for await (const { event } of store.iterate({
    ...filter,
    evidence: UNDECIDED,
    kind: filter.kind ?? ["bounce", "delay"],
  })) {
    if (!event.diagnostic?.text) continue;
    events++;
    const { reason, status, replyCode, provider } = event;
    templates.add({ text: event.diagnostic.text, reason, status, replyCode, provider });
  }
  const found = templates.list().slice(0, limit);
  if (json) return print(JSON.stringify(found.map((template) => ({ ...template, rule: ruleFor(template) }))));
  print(`# ${events} events that no rule decided; copy what you need into a file of BOUNCED_RULES\n`);
  for (const template of found)
    print(
      `# ${template.count} times${template.providers.length > 0 ? ` at ${template.providers.join(", ")}` : ""}: ` +
        `${onOneLine(template.text, 200)}\n${ruleFor(template)}`,
    );
}

async function withStore(work: (store: Store, config: Config) => Promise<void>): Promise<void> {
  const config = loadConfig();
  const store = await openStore(config);
  try {
    await work(store, config);
  } finally {
    await store.close();
  }
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
