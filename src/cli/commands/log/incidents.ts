/** `bounced incidents`: what goes wrong now, what it is, and that it is over. */
import { Command, Option } from "commander";
import { readBuiltInRules } from "../../../rules/built-in-rules.ts";
import type { ByHand, Moved } from "../../../store/incidents/by-hand.ts";
import { INCIDENT_STATES, type Incident, type IncidentDetail } from "../../../store/incidents/incident.ts";
import { wordsOfIncident } from "../../../store/incidents/words.ts";
import type { Store } from "../../../store/store.ts";
import { asFailure } from "../../exit-status.ts";
import { parseLimit } from "../../log-options.ts";
import { formatTable } from "../../table.ts";
import { JSON_HELP, minuteOf, onOneLine, print, printJson } from "../../terminal.ts";
import { commandActor, recorded, withStore } from "../../with-service.ts";
import { wrap } from "../../wrap.ts";

interface ChangeOptions {
  readonly note?: string;
  readonly json?: boolean;
}

export function incidentsCommand(): Command {
  const command = new Command("incidents").description("Show incidents; close and reopen them.");
  command
    .command("list", { isDefault: true })
    .description("List the open incidents, newest first.")
    .addOption(new Option("--state <state>", "Which ones").choices([...INCIDENT_STATES, "all"]).default("open"))
    .option("--limit <number>", "Maximum number of rows", parseLimit, 50)
    .option("--json", JSON_HELP)
    .action(({ state, limit, json }: { state: Incident["state"] | "all"; limit: number; json?: boolean }) =>
      withStore(async ({ incidents }) => {
        const found = await incidents.list({ state: state === "all" ? undefined : state, limit });
        if (json) return printJson(found.incidents.map(describedIncident));
        if (found.incidents.length === 0) process.stderr.write(`No ${state === "all" ? "" : `${state} `}incidents.\n`);
        else print(tableOf(found.incidents));
      }),
    );
  command
    .command("show <id>")
    .description("Say what an incident is, what to do, and what happened to it.")
    .option("--json", JSON_HELP)
    .action((id: string, { json }: ChangeOptions) =>
      withStore(async ({ incidents }) => {
        const incident = await existing(incidents, id);
        if (json) printJson([describedIncident(incident)]);
        else print(textOf(incident));
      }),
    );
  for (const [how, what] of [
    ["close", "Say that an incident is over. The same failures do not open it again for a day."],
    ["reopen", "Open a cleared incident again, if it began within 30 days."],
  ] as const)
    command
      .command(`${how} <id>`)
      .description(what)
      .option("--note <text>", "Why, for the history")
      .option("--json", JSON_HELP)
      .action((id: string, { note, json }: ChangeOptions) =>
        withStore(async (store) => {
          await recorded(store, { action: "incident-change", target: id, detail: `incidents ${how}` }, () =>
            move(store, how, id, { actor: commandActor(), text: note ?? "" }),
          );
          const incident = await existing(store.incidents, id);
          if (json) printJson([describedIncident(incident)]);
          else print(`${incident.id} is ${incident.state}.`);
        }),
      );
  return command;
}

const WHY_NOT: Readonly<Record<Exclude<Moved, "done">, string>> = {
  already: "it is in that state already",
  taken: "another incident with this cause is open",
  old: "it began more than 30 days ago",
};

async function move({ incidents }: Pick<Store, "incidents">, how: "close" | "reopen", id: string, by: ByHand) {
  const moved = await asFailure(() => incidents[how](id, by));
  if (moved === null) throw unknown(id);
  if (moved !== "done") throw new Error(`${id}: ${WHY_NOT[moved]}`);
}

async function existing(incidents: Store["incidents"], id: string): Promise<IncidentDetail> {
  const incident = await incidents.get(id);
  if (!incident) throw unknown(id);
  return incident;
}

const unknown = (id: string): Error =>
  new Error(`no incident ${JSON.stringify(id)}: see bounced incidents --state all`);

function nameOf(id: string): string {
  return readBuiltInRules().providers.find((provider) => provider.id === id)?.name ?? id;
}

const describedIncident = <One extends Incident>(incident: One) => ({
  ...incident,
  ...wordsOfIncident(incident, nameOf),
});

const tableOf = (incidents: readonly Incident[]): string =>
  formatTable(
    ["since (UTC)", "state", "events", "id", "what"],
    incidents.map((incident) => [
      minuteOf(incident.startedAt),
      incident.state,
      incident.count,
      incident.id,
      onOneLine(wordsOfIncident(incident, nameOf).title, 200),
    ]),
  );

function textOf(incident: IncidentDetail): string {
  const { title, explanation, cause, todo } = wordsOfIncident(incident, nameOf);
  return [
    title,
    explanation,
    ...(cause === null ? [] : [`Usual cause: ${cause}`]),
    todo,
    "",
    ...incident.texts.map(({ text, count }) => `${count} × ${text}`),
    "",
    ...incident.entries.map(({ at, actor, kind, text }) => `${minuteOf(at)} ${actor}: ${kind} ${text}`.trimEnd()),
  ]
    .map((line) => wrap(onOneLine(line, 2000), "  "))
    .join("\n");
}
