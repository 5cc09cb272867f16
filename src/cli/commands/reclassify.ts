/** `bounced reclassify`: stored messages under the rules of today; `bounced reclassify unmatched`: what no rule knew. */
import { Command } from "commander";
import type { Config } from "../../config/config.ts";
import { countedBy } from "../../event/credible.ts";
import { readSettingsOf } from "../../reading/read-settings.ts";
import { WITHOUT_RULE, type LogFilter } from "../../store/log/log-query.ts";
import { reclassifyLog, type Move } from "../../store/reclassify-log.ts";
import { rereadWith } from "../../store/reclassify/reread.ts";
import type { Store } from "../../store/store.ts";
import { createTemplates, ruleFor } from "../../store/log/templates.ts";
import { addFilterOptions, parseLimit, type FilterOptions } from "../log-options.ts";
import { sayInterrupted, untilAborted, untilSignal } from "../interrupt.ts";
import { startProgress } from "../progress.ts";
import { formatTable } from "../table.ts";
import { count, JSON_HELP, onOneLine, print, printJson } from "../terminal.ts";
import { commandActor, recorded, withStore } from "../with-service.ts";

const EXAMPLES = 3;

export function reclassifyCommand(): Command {
  const command = addFilterOptions(
    new Command("reclassify").description("Preview the current rules on the log. Changes nothing without --apply."),
  )
    .option("--apply", "Write the new verdicts; the old ones are kept", false)
    .option("--json", JSON_HELP, false)
    .action((options: FilterOptions & { apply: boolean; json: boolean }) =>
      withStore((store, config) => untilSignal((signal) => reclassify(store, config, { ...options, signal }))),
    );
  addFilterOptions(command.command("unmatched"))
    .description("List diagnostics that no rule decided, grouped, each with a rule to copy.")
    .option("--limit <number>", "Maximum number of groups", parseLimit, 20)
    .option("--json", JSON_HELP, false)
    .action((_options: unknown, self: Command) =>
      withStore((store) =>
        untilSignal((signal) => {
          const options = self.optsWithGlobals<FilterOptions & { limit: number; json: boolean }>();
          return unmatched(store, { ...options, signal });
        }),
      ),
    );
  return command;
}

async function reclassify(
  store: Store,
  config: Config,
  { apply, json, signal, ...filter }: FilterOptions & { apply: boolean; json: boolean; signal: AbortSignal },
): Promise<void> {
  const reread = rereadWith(readSettingsOf(config));
  const actor = apply ? commandActor() : null;
  // Trust: all, it counts what would be read.
  const matches = process.stderr.isTTY ? await store.count(filter) : 0;
  const progress = startProgress("reading [{bar}] {value} of {total} events  {eta_formatted} left", { total: matches });
  const isStopped = (): boolean => {
    progress.add(1);
    return signal.aborted;
  };
  const work = () => reclassifyLog({ store, filter, reread, actor, isStopped }).done.finally(() => progress.stop());
  const act = { action: "reclassification", detail: "bounced reclassify --apply" } as const;
  const { moves, ...total } = await (apply ? recorded(store, act, work) : work());
  if (signal.aborted) sayInterrupted(count(total.events, "event"));
  const same = total.events - total.changed - total.unreadable;
  if (json) return printJson([{ ...total, same, moves }]);
  if (moves.length > 0) print(movesTable(moves));
  print(
    `${count(total.events, "event")}: ${same} as before, ${total.changed} different, ${total.unreadable} cannot be read again` +
      (apply ? `; ${total.applied} written, ${count(total.listChanges, "change")} of the suppression list` : ""),
  );
  if (!apply && total.changed > 0) print("Nothing was written. --apply writes it.");
}

const movesTable = (moves: readonly Move[]): string =>
  formatTable(
    ["events", "from -> to", "for example"],
    moves.map(({ from, to, count: events, examples }) => [
      events,
      from === to ? `${from}, decided otherwise` : `${from} -> ${to}`,
      examples
        .slice(0, EXAMPLES)
        .map(({ diagnostic }) => onOneLine(diagnostic, 70))
        .join("\n"),
    ]),
  );

async function unmatched(
  store: Store,
  { limit, json, signal, ...filter }: LogFilter & { limit: number; json: boolean; signal: AbortSignal },
): Promise<void> {
  const templates = createTemplates();
  let events = 0;
  const undecided = store.iterate({
    ...countedBy(filter),
    evidence: WITHOUT_RULE,
    kind: filter.kind ?? ["bounce", "delay"],
  });
  for await (const { event } of untilAborted(undecided, signal)) {
    if (!event.diagnostic?.text) continue;
    events++;
    const { reason, status, replyCode, provider } = event;
    templates.add({ text: event.diagnostic.text, reason, status, replyCode, provider });
  }
  if (signal.aborted) sayInterrupted(count(events, "event"));
  const found = templates.list().slice(0, limit);
  if (json) return printJson(found.map((template) => ({ ...template, rule: ruleFor(template) })));
  print(`# ${count(events, "event")} that no rule decided; copy what you need into a file of BOUNCED_RULES\n`);
  for (const template of found)
    print(
      `# ${count(template.count, "time")}${template.providers.length > 0 ? ` at ${template.providers.join(", ")}` : ""}: ` +
        `${onOneLine(template.text, 200)}\n${ruleFor(template)}`,
    );
}
