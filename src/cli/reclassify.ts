/** `bounced reclassify`: stored messages under the rules of today; `bounced reclassify unmatched`: what no rule knew. */
import { userInfo } from "node:os";
import Table from "cli-table3";
import { Command } from "commander";
import { loadConfig, type Config } from "../config.ts";
import { readSettingsOf } from "../read-settings.ts";
import type { LogFilter } from "../store/log-query.ts";
import { differs, type VerdictChange } from "../store/reclassify.ts";
import { rereadWith } from "../store/reread.ts";
import { openStore, type Store } from "../store/store.ts";
import { createTemplates, ruleFor } from "../store/templates.ts";
import { addFilterOptions, type FilterOptions } from "./log-options.ts";
import { onOneLine } from "./terminal.ts";

const BATCH = 200;
const EXAMPLES = 3;
/** Evidence that is not a rule's. */
const UNDECIDED = ["status", "reply_code", "action", "none"];

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

interface Move {
  count: number;
  readonly examples: { readonly id: string; readonly recipient: string | null; readonly diagnostic: string }[];
}

async function reclassify(
  store: Store,
  config: Config,
  { apply, json, ...filter }: FilterOptions & { apply: boolean; json: boolean },
): Promise<void> {
  const moves = new Map<string, Move>();
  const total = { events: 0, same: 0, changed: 0, unreadable: 0, applied: 0, listChanges: 0 };
  let batch: VerdictChange[] = [];
  const write = async (): Promise<void> => {
    const { events, changes } = await store.replaceVerdicts(batch, `cli:${userInfo().username}`);
    total.applied += events;
    total.listChanges += changes;
    batch = [];
  };
  for await (const { event: before, after } of store.reread(filter, rereadWith(readSettingsOf(config)))) {
    total.events++;
    if (after === null) total.unreadable++;
    else if (!differs(before, after)) total.same++;
    else {
      total.changed++;
      noteMove(moves, { before, after });
      if (apply) batch.push({ before, after });
      if (batch.length >= BATCH) await write();
    }
  }
  if (batch.length > 0) await write();
  const sorted = [...moves].sort(([, a], [, b]) => b.count - a.count);
  if (json) return print(JSON.stringify({ ...total, moves: sorted.map(([move, rest]) => ({ move, ...rest })) }));
  if (sorted.length > 0) print(movesTable(sorted));
  print(
    `${total.events} events: ${total.same} as before, ${total.changed} different, ${total.unreadable} cannot be read again` +
      (apply ? `; ${total.applied} written, ${total.listChanges} changes of the suppression list` : ""),
  );
  if (!apply && total.changed > 0) print("Nothing was written. --apply writes it.");
}

function noteMove(moves: Map<string, Move>, { before, after }: VerdictChange): void {
  const name = `${describe(before)} -> ${describe(after)}`;
  const move = moves.get(name) ?? { count: 0, examples: [] };
  moves.set(name, move);
  move.count++;
  if (move.examples.length < EXAMPLES)
    move.examples.push({
      id: before.id,
      recipient: before.recipient.address,
      diagnostic: onOneLine(before.diagnostic?.text, 200),
    });
}

const describe = ({ kind, severity, reason }: VerdictChange["before"]): string =>
  `${kind === "bounce" ? "" : `${kind} `}${severity} ${reason}`;

function movesTable(moves: readonly (readonly [string, Move])[]): string {
  const table = new Table({ head: ["events", "from -> to", "for example"], style: { head: [] } });
  for (const [name, { count, examples }] of moves)
    table.push([count, name, examples.map(({ diagnostic }) => onOneLine(diagnostic, 70)).join("\n")]);
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
