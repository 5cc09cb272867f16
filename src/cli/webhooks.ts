import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Command } from "commander";
import pc from "picocolors";
import { loadConfig, type Config } from "../config.ts";
import { readMessage } from "../core/read-message.ts";
import { messageInputOf } from "../ingest/message-input.ts";
import { createBreaker } from "../outputs/breaker.ts";
import { deliver } from "../outputs/deliver.ts";
import { deliveriesOf, type Delivery } from "../outputs/delivery-log.ts";
import { endpointState, replayEndpoint } from "../outputs/endpoint-state.ts";
import type { WebhookEndpoint } from "../outputs/webhook-settings.ts";
import { openQueues, type Queues } from "../queues/queues.ts";
import { redisUrlOf } from "../queues/redis.ts";
import { readSettingsOf } from "../read-settings.ts";
import { formatTable } from "./table.ts";

/** `bounced webhooks`: what waits, what was tried, sending again, trying out. */
export function webhooksCommand(): Command {
  const command = new Command("webhooks").description(
    "The endpoints of bounced.yaml: what waits for each, what was tried, sending again.",
  );
  command
    .command("list")
    .description("each endpoint with what waits and what failed for good")
    .action(() => withQueues(list));
  command
    .command("log <id>")
    .description("the last requests to an endpoint, newest first")
    .option("--limit <number>", "how many", "20")
    .action((id: string, options: { limit: string }) =>
      withQueues(async (queues, config) => {
        const deliveries = await deliveriesOf(queues, endpointOf(config, id).id, Number(options.limit));
        console.log(formatTable(["at", "events", "first", "answer", "ms", "error"], deliveries.map(rowOf)));
      }),
    );
  command
    .command("replay <id>")
    .description("send again what an endpoint did not take within a day")
    .action((id: string) =>
      withQueues(async (queues, config) => {
        const count = await replayEndpoint(queues, endpointOf(config, id).id);
        console.log(`${count} put back; the service sends them.`);
      }),
    );
  command
    .command("test <id>")
    .description("send one sample event to an endpoint now and say what it answered")
    .action((id: string) => sendSample(endpointOf(loadConfig(), id)));
  command
    .command("keygen")
    .description("make a secret; with --sendgrid a key pair, the public half being what the receiver verifies with")
    .option("--sendgrid", "P-256 key pair")
    .action((options: { sendgrid?: boolean }) => {
      if (!options.sendgrid) return console.log(`secret: whsec_${randomBytes(32).toString("base64")}`);
      const pair = generateKeyPairSync("ec", {
        namedCurve: "P-256",
        publicKeyEncoding: { type: "spki", format: "der" },
        privateKeyEncoding: { type: "pkcs8", format: "der" },
      });
      console.log(
        `secret: ${pair.privateKey.toString("base64")}\n# verification key: ${pair.publicKey.toString("base64")}`,
      );
    });
  return command;
}

async function list(queues: Queues, config: Config): Promise<void> {
  if (config.file.webhooks.length === 0)
    return console.log("No webhooks: docs/webhooks.md tells how to add one to bounced.yaml.");
  const rows = await Promise.all(
    config.file.webhooks.map(async (endpoint) => {
      const { id, shape, host, waiting, delayed, failed, last } = await endpointState(queues, endpoint);
      const answer = last ? last.error || String(last.status) : "-";
      return [id, shape, host, String(waiting), String(delayed), String(failed), answer];
    }),
  );
  console.log(formatTable(["id", "shape", "host", "waiting", "to be tried again", "failed", "last answer"], rows));
}

const rowOf = ({ at, events, eventId, status, ms, error }: Delivery): string[] => [
  at,
  String(events),
  eventId,
  status === 0 ? "-" : String(status),
  String(ms),
  error,
];

function endpointOf(config: Config, id: string): WebhookEndpoint {
  const endpoint = config.file.webhooks.find((known) => known.id === id);
  const known = config.file.webhooks.map((each) => each.id).join(", ") || "none";
  if (!endpoint) throw new Error(`no webhook ${id} in bounced.yaml; there are: ${known}`);
  return endpoint;
}

const SAMPLE = `From: MAILER-DAEMON@mx.example.net
To: test@bounces.example.com
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=sample

--sample
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; test@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <test@example.org>: User unknown (a test of this webhook)

--sample--
`;

async function sendSample(endpoint: WebhookEndpoint): Promise<void> {
  const config = loadConfig();
  const events = await readMessage(
    messageInputOf(Buffer.from(SAMPLE), config.BOUNCED_KEEP_BYTES),
    readSettingsOf(config),
  );
  let answer: Delivery | null = null;
  const log = async (delivery: Delivery): Promise<void> => {
    answer = delivery;
  };
  try {
    await deliver(endpoint, events, { breaker: createBreaker(), log });
  } finally {
    if (answer) console.log(formatTable(["at", "events", "first", "answer", "ms", "error"], [rowOf(answer)]));
  }
  console.log(pc.green(`${endpoint.id} took it.`));
}

async function withQueues(work: (queues: Queues, config: Config) => Promise<void>): Promise<void> {
  const config = loadConfig();
  const queues = openQueues({ redisUrl: redisUrlOf(config), prefix: config.BOUNCED_PREFIX });
  try {
    await work(queues, config);
  } finally {
    await queues.close();
  }
}
