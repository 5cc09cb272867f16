/** `bounced help-desks`: what waits, what was written, trying a key, sending again. */
import { Command } from "commander";
import type { Config } from "../../../config/config.ts";
import { loadConfigOfAny } from "../../../client/find-service.ts";
import { readMessage } from "../../../core/index.ts";
import { deskDeliveriesOf, type DeskDelivery } from "../../../outputs/help-desks/desk-log.ts";
import { deskNoteOf } from "../../../outputs/help-desks/desk-note.ts";
import { helpDeskState, replayDesk } from "../../../outputs/help-desks/desk-state.ts";
import { HELP_DESK_NAMES, openHelpDesk } from "../../../outputs/help-desks/desks.ts";
import type { HelpDeskSettings } from "../../../outputs/help-desks/settings.ts";
import type { Queues } from "../../../queues/queues.ts";
import { readSettingsOf } from "../../../reading/read-settings.ts";
import { messageInputOf } from "../../../sources/message-input.ts";
import { UsageError } from "../../exit-status.ts";
import { parseLimit } from "../../log-options.ts";
import { sampleReport } from "./sample-report.ts";
import { formatTable } from "../../table.ts";
import { count, JSON_HELP, onOneLine, paint, print, printJson } from "../../terminal.ts";
import { withQueues } from "../../with-service.ts";

export function helpDesksCommand(): Command {
  const command = new Command("help-desks").description(
    "Show waiting, written and failed notes to the help desks of bounced.yaml; send again.",
  );
  command
    .command("list")
    .description("List each help desk with its waiting and failed notes.")
    .option("--json", JSON_HELP, false)
    .action(({ json }: { json: boolean }) => withQueues((queues, config) => list(queues, config, json)));
  command
    .command("log <id>")
    .description("List what was tried at a help desk, newest first.")
    .option("--limit <number>", "Maximum number of rows", parseLimit, 20)
    .option("--json", JSON_HELP, false)
    .action((id: string, { limit, json }: { limit: number; json: boolean }) =>
      withQueues(async (queues, config) => {
        const deliveries = await deskDeliveriesOf(queues, deskOf(config, id).id, limit);
        if (json) printJson(deliveries);
        else print(deliveriesTable(deliveries));
      }),
    );
  command
    .command("replay <id>")
    .description("Try again what was given up.")
    .option("--json", JSON_HELP, false)
    .action((id: string, { json }: { json: boolean }) =>
      withQueues(async (queues, config) => {
        const events = await replayDesk(queues, deskOf(config, id).id);
        if (json) printJson([{ desk: id, events }]);
        else print(`${count(events, "event")} put back; the service adds the notes.`);
      }),
    );
  command
    .command("test <id>")
    .description("Check the key of a help desk; with --conversation, add a sample note there.")
    .option("--conversation <id>", "Id of a conversation or ticket in the API of the help desk", parseConversation)
    .option("--json", JSON_HELP, false)
    .action((id: string, { conversation, json }: { conversation?: string; json: boolean }) =>
      test(loadConfigOfAny(), id, conversation, json),
    );
  return command;
}

function parseConversation(text: string): string {
  if (!/^\w{1,40}$/.test(text)) throw new UsageError("--conversation: expected an id of letters and digits");
  return text;
}

function deskOf({ file }: Config, id: string): HelpDeskSettings {
  const settings = file.helpDesks.find((known) => known.id === id);
  const known = file.helpDesks.map((each) => each.id).join(", ") || "none";
  if (!settings) throw new Error(`no help desk ${id} in bounced.yaml; there are: ${known}`);
  return settings;
}

async function list(queues: Queues, { file }: Config, json: boolean): Promise<void> {
  const states = await Promise.all(file.helpDesks.map((settings) => helpDeskState(queues, settings)));
  if (json) return printJson(states);
  if (states.length === 0) return print("No help desks: docs/help-desks.md describes how to add one to bounced.yaml.");
  const rows = states.map(({ id, type, host, waiting, delayed, failed, last }) => [
    id,
    HELP_DESK_NAMES[type],
    host,
    waiting,
    delayed,
    failed,
    last ? onOneLine(last.error || last.outcome, 60) : "-",
  ]);
  print(formatTable(["id", "type", "host", "waiting", "to be tried again", "failed", "last"], rows));
}

const deliveriesTable = (deliveries: readonly DeskDelivery[]): string =>
  formatTable(
    ["at", "event", "outcome", "conversation", "found by", "ms", "error"],
    deliveries.map(({ at, eventId, outcome, conversation, foundBy, ms, error }) => [
      at,
      eventId,
      outcome,
      conversation || "-",
      foundBy || "-",
      ms,
      onOneLine(error, 80),
    ]),
  );

async function test(config: Config, id: string, conversationId: string | undefined, json: boolean): Promise<void> {
  const settings = deskOf(config, id);
  const desk = openHelpDesk(settings);
  const { who, problem } = await desk.check();
  if (conversationId !== undefined) {
    const conversation = await desk.read(conversationId);
    if (!conversation) throw new Error(`${id} has no conversation ${conversationId} that this key can see`);
    const input = messageInputOf(sampleReport("a test of this help desk"), config.BOUNCED_KEEP_BYTES);
    const [event] = await readMessage(input, readSettingsOf(config));
    if (event) await desk.addNote(conversation, deskNoteOf(event, settings, "header"));
  }
  if (json) return printJson([{ desk: id, who, problem, noteIn: conversationId ?? null }]);
  print(paint.green(`${id} accepts the key of ${who}.`));
  if (problem) print(paint.yellow(`But ${problem.found}: ${problem.todo}.`));
  if (conversationId !== undefined) print(`A sample note is in conversation ${conversationId}.`);
}
