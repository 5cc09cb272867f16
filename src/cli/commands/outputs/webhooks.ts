import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Command } from "commander";
import type { Config } from "../../../config/config.ts";
import { readMessage } from "../../../core/index.ts";
import { messageInputOf } from "../../../sources/message-input.ts";
import { createBreaker } from "../../../outputs/breaker.ts";
import { sampleAlert } from "../../../outputs/chat/alert-text.ts";
import { isChat } from "../../../outputs/chat/messages.ts";
import { deliver, deliverNotice } from "../../../outputs/deliver.ts";
import { deliveriesOf, type Delivery } from "../../../outputs/delivery-log.ts";
import { endpointState, replayEndpoint } from "../../../outputs/endpoint-state.ts";
import { MOST_REPLAYED, replayLog } from "../../../outputs/replay-log.ts";
import type { WebhookEndpoint } from "../../../outputs/webhook-settings.ts";
import { loadConfigOfAny } from "../../../client/find-service.ts";
import type { Queues } from "../../../queues/queues.ts";
import { readSettingsOf } from "../../../reading/read-settings.ts";
import { UsageError } from "../../exit-status.ts";
import { addFilterOptions, parseLimit, type FilterOptions } from "../../log-options.ts";
import { sampleReport } from "./sample-report.ts";
import { formatTable, type Row } from "../../table.ts";
import { count, JSON_HELP, onOneLine, paint, print, printJson } from "../../terminal.ts";
import { recorded, withQueues, withStore } from "../../with-service.ts";

/** `bounced webhooks`: what waits, what was tried, sending again, trying out. */
export function webhooksCommand(): Command {
  const command = new Command("webhooks").description(
    "Show waiting, failed and recent deliveries to the endpoints of bounced.yaml; send again.",
  );
  command
    .command("list")
    .description("List each endpoint with its waiting and failed deliveries.")
    .option("--json", JSON_HELP)
    .action(({ json }: { json?: boolean }) => withQueues((queues, config) => list(queues, config, json ?? false)));
  command
    .command("log <id>")
    .description("List the last requests to an endpoint, newest first.")
    .option("--limit <number>", "Maximum number of rows", parseLimit, 20)
    .option("--json", JSON_HELP)
    .action((id: string, options: { limit: number; json?: boolean }) =>
      withQueues(async (queues, config) => {
        const deliveries = await deliveriesOf(queues, endpointOf(config, id).id, options.limit);
        if (options.json) printJson(deliveries);
        else print(formatTable(DELIVERY_HEAD, deliveries.map(rowOf)));
      }),
    );
  addFilterOptions(
    command
      .command("replay <id>")
      .description(
        "Send again what an endpoint did not accept within a day; with a filter, events of the log that it wants.",
      ),
  )
    .option("--at-most <number>", "Of the log, send at most so many, oldest first", parseLimit, 10_000)
    .option("--dry-run", "Of the log: only count them", false)
    .option("--json", JSON_HELP, false)
    .action((id: string, { atMost, dryRun, json, ...filter }: FilterOptions & FromLog) =>
      Object.keys(filter).length > 0 || dryRun
        ? replayFromLog(id, filter, { atMost, dryRun, json })
        : withQueues(async (queues, config) => {
            const events = await replayEndpoint(queues, endpointOf(config, id).id);
            if (json) printJson([{ endpoint: id, events }]);
            else print(`${count(events, "event")} put back; the service sends them.`);
          }),
    );
  command
    .command("test <id>")
    .description("Send one sample event, or to a chat a sample alert, to an endpoint now and print its answer.")
    .option("--json", JSON_HELP, false)
    .action((id: string, { json }: { json: boolean }) => sendSample(loadConfigOfAny(), id, json));
  command
    .command("keygen")
    .description("Make a secret; with --sendgrid a key pair, whose public half verifies.")
    .option("--sendgrid", "Make a P-256 key pair")
    .option("--json", JSON_HELP)
    .action((options: { sendgrid?: boolean; json?: boolean }) => {
      if (!options.sendgrid) {
        const secret = `whsec_${randomBytes(32).toString("base64")}`;
        return options.json ? printJson([{ secret }]) : print(`secret: ${secret}`);
      }
      const pair = generateKeyPairSync("ec", {
        namedCurve: "P-256",
        publicKeyEncoding: { type: "spki", format: "der" },
        privateKeyEncoding: { type: "pkcs8", format: "der" },
      });
      const secret = pair.privateKey.toString("base64");
      const verificationKey = pair.publicKey.toString("base64");
      if (options.json) printJson([{ secret, verificationKey }]);
      else print(`secret: ${secret}\n# verification key: ${verificationKey}`);
    });
  return command;
}

interface FromLog {
  readonly atMost: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}

async function replayFromLog(id: string, filter: FilterOptions, { atMost, dryRun, json }: FromLog): Promise<void> {
  if (Object.keys(filter).length === 0)
    throw new UsageError("say which events of the log, e.g. --from 2026-03-01: all of it would be sent");
  await withStore((store, config) => {
    const endpoint = endpointOf(config, id);
    const replay = async (queues: Queues | null): Promise<void> => {
      // Trust: all, the endpoint's own filter decides.
      const events = store.iterate({ ...filter, direction: "asc" });
      const done = await replayLog(queues, { events, endpoint, atMost: Math.min(atMost, MOST_REPLAYED), dryRun });
      if (json) return printJson([{ endpoint: id, dryRun, ...done }]);
      print(
        `${count(done.events, "event")} ${dryRun ? `would go to ${id}` : `put on the queue of ${id}; the service sends them`}. ` +
          `${count(done.passedOver, "event")} of the filter ${done.passedOver === 1 ? "is" : "are"} not for this endpoint.`,
      );
      if (done.more) print(`There are more: run this again with --from ${done.until}.`);
    };
    if (dryRun) return replay(null);
    const act = { action: "replay", target: id, detail: "bounced webhooks replay" } as const;
    return recorded(store, act, () => withQueues(replay));
  });
}

async function list(queues: Queues, config: Config, json: boolean): Promise<void> {
  if (config.file.webhooks.length === 0)
    return json ? undefined : print("No webhooks: docs/webhooks.md describes how to add one to bounced.yaml.");
  const states = await Promise.all(config.file.webhooks.map(async (endpoint) => endpointState(queues, endpoint)));
  if (json) return printJson(states);
  const rows = states.map(({ id, shape, host, waiting, delayed, failed, last }) => {
    const answer = last ? onOneLine(last.error || String(last.status)) : "-";
    return [id, shape, host, waiting, delayed, failed, answer];
  });
  print(formatTable(["id", "shape", "host", "waiting", "to be tried again", "failed", "last answer"], rows));
}

const DELIVERY_HEAD = ["at", "events", "first", "answer", "ms", "error"] as const;

const rowOf = ({ at, events, eventId, status, ms, error }: Delivery): Row => [
  at,
  events,
  eventId,
  status === 0 ? "-" : status,
  ms,
  onOneLine(error),
];

function endpointOf(config: Config, id: string): WebhookEndpoint {
  const endpoint = config.file.webhooks.find((known) => known.id === id);
  const known = config.file.webhooks.map((each) => each.id).join(", ") || "none";
  if (!endpoint) throw new Error(`no webhook ${id} in bounced.yaml; there are: ${known}`);
  return endpoint;
}

const sampleEvents = (config: Config) =>
  readMessage(
    messageInputOf(sampleReport("a test of this webhook"), config.BOUNCED_KEEP_BYTES),
    readSettingsOf(config),
  );

async function sendSample(config: Config, id: string, json: boolean): Promise<void> {
  const endpoint = endpointOf(config, id);
  let answer: Delivery | null = null;
  const log = async (delivery: Delivery): Promise<void> => {
    answer = delivery;
  };
  try {
    const deps = { breaker: createBreaker(), log };
    if (isChat(endpoint.shape)) await deliverNotice(endpoint, sampleAlert(new Date()), deps);
    else await deliver(endpoint, await sampleEvents(config), deps);
  } finally {
    if (answer) {
      if (json) printJson([answer]);
      else print(formatTable(DELIVERY_HEAD, [rowOf(answer)]));
    }
  }
  if (!json) print(paint.green(`${endpoint.id} accepted it.`));
}
