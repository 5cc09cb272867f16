import { Command } from "commander";
import type { Config } from "../../config/config.ts";
import type { BouncedEvent } from "../../event/event.ts";
import { readMessage, type ReadSettings } from "../../core/index.ts";
import { createReturnPath } from "../../return-path/create.ts";
import { messageOf } from "../../machine/error-message.ts";
import { loadServiceConfig } from "../../client/find-service.ts";
import { readMessages, type FileMessage } from "../../sources/files.ts";
import { aboutFile } from "../files.ts";
import { sayInterrupted, untilSignal } from "../interrupt.ts";
import { startProgress } from "../progress.ts";
import { messageInputOf } from "../../sources/message-input.ts";
import { openIntake } from "../../intake/accept.ts";
import { readWhole } from "../../intake/message.ts";
import { messageIdOf } from "../../intake/pack.ts";
import { openQueues, type Queues } from "../../queues/queues.ts";
import { redisUrlOf } from "../../redis/place.ts";
import { routeEvent } from "../../queues/routes.ts";
import { readSettingsOf } from "../../reading/read-settings.ts";
import { printOutcomes, type Outcome, type ReplayOptions } from "../replay-outcomes.ts";
import { openSmtpSession, parseSmtpTarget } from "../smtp-send.ts";
import { count, JSON_HELP } from "../terminal.ts";

type Send = (message: FileMessage, forwardPath: string) => Promise<string>;

/** `bounced replay`: sends messages through the running service and says what became of each. */
export function replayCommand(): Command {
  return new Command("replay")
    .description("Send messages through the running service, as a mail server would, and show the resulting events.")
    .argument("<path...>", ".eml files, folders, Maildirs or mbox files")
    .option("--to <url>", "Listener to send to; default: the one of the service")
    .option("--queue", "Put them on the intake queue directly, without SMTP")
    .option("--from <address>", "Reverse-path; empty, as bounces have it", "")
    .option(
      "--rcpt <address>",
      "Forward-path for all; default: a signed address made for the recipient that each names",
    )
    .option("--wait <seconds>", "How long to wait for the last message to be read", "30")
    .option("--json", JSON_HELP)
    .action((paths: string[], options: ReplayOptions) => {
      const config = loadServiceConfig("redis");
      return untilSignal((signal) => replay(paths, options, config, signal));
    });
}

async function replay(
  paths: readonly string[],
  options: ReplayOptions,
  config: Config,
  signal: AbortSignal,
): Promise<void> {
  const messages: FileMessage[] = [];
  const onProblem = (path: string, error: unknown): never => {
    throw aboutFile(path, error);
  };
  for await (const message of readMessages(paths, { onProblem })) messages.push(message);
  if (messages.length === 0) throw new Error(`no messages found in ${paths.join(", ")}`);
  const sender = options.queue ? openQueueSender(config, options.from) : await openSmtpSender(config, options);
  const queues = openQueues({ redisUrl: redisUrlOf(config), prefix: config.BOUNCED_PREFIX });
  const progress = startProgress("sending [{bar}] {value} of {total} messages", { total: messages.length });
  const settings = readSettingsOf(config);
  const outcomes: Outcome[] = [];
  const sentAt: number[] = [];
  try {
    for (const message of messages) {
      if (signal.aborted) break;
      outcomes.push(await sendOne(message, sender.send, settings, { config, options }));
      sentAt.push(Date.now());
      progress.add(1);
    }
    progress.stop();
    const deadline = Date.now() + Number(options.wait) * 1000;
    const ends = await Promise.all(
      messages.slice(0, outcomes.length).map(async (message, index) => {
        const { sha256 } = readWhole(message.bytes, 0);
        const forwardPath = outcomes[index]?.forwardPath ?? "";
        const id = messageIdOf(sha256, { reversePath: options.from, forwardPaths: [forwardPath] });
        return outcomes[index]?.accepted
          ? endState(queues, id, sentAt[index] ?? 0, () => signal.aborted || Date.now() > deadline)
          : "refused";
      }),
    );
    printOutcomes(
      outcomes.map((outcome, index) => ({ ...outcome, state: ends[index] ?? "waiting" })),
      options,
      config,
    );
    if (signal.aborted) sayInterrupted(`${outcomes.length} of ${count(messages.length, "message")}`);
  } finally {
    progress.stop();
    await sender.close();
    await queues.close();
  }
}

async function sendOne(
  message: FileMessage,
  send: Send,
  settings: ReadSettings,
  { config, options: { rcpt, from } }: { readonly config: Config; readonly options: ReplayOptions },
): Promise<Outcome> {
  const input = messageInputOf(message.bytes, config.BOUNCED_KEEP_BYTES);
  const receivedAt = new Date().toISOString();
  const forwardPath = rcpt ?? signedFor(await readMessage(input, settings), settings, config, receivedAt);
  const base = { path: message.path, forwardPath, state: "waiting", events: [] };
  try {
    const reply = await send(message, forwardPath);
    const envelope = { reversePath: from, forwardPath };
    const events = await readMessage({ ...input, receivedAt, envelope }, settings);
    return {
      ...base,
      reply,
      accepted: true,
      events: events.map((event) => ({
        recipient: event.recipient.address ?? event.recipient.original ?? event.recipient.mailed,
        mailed: event.recipient.mailed,
        outcome: `${event.kind}.${event.reason}`,
        queues: routeEvent(event, config.file.routes),
      })),
    };
  } catch (error) {
    return { ...base, reply: messageOf(error), accepted: false };
  }
}

/** The return path that the returned mail would have had: made for the recipient that the report names. */
function signedFor(events: readonly BouncedEvent[], { returnPath }: ReadSettings, config: Config, now: string): string {
  const domain = config.BOUNCED_DOMAINS[0] ?? "localhost";
  const recipient = events.find((event) => event.recipient.mailed !== null)?.recipient.mailed;
  try {
    if (recipient && returnPath.secrets.length > 0) return createReturnPath({ domain, recipient }, returnPath, now);
  } catch {
    // What the report names is no address that mail can be sent to.
  }
  return `replay@${domain}`;
}

async function openSmtpSender(config: Config, options: ReplayOptions): Promise<{ send: Send; close(): Promise<void> }> {
  const target = options.to
    ? parseSmtpTarget(options.to)
    : { host: localHost(config.BOUNCED_SMTP_HOST), port: config.BOUNCED_SMTP_PORT };
  const open = () =>
    openSmtpSession(target).catch((error: unknown) => {
      throw new Error(`no listener at ${target.host}:${target.port} (${messageOf(error)}); start it:  bounced serve`, {
        cause: error,
      });
    });
  let session = await open();
  return {
    async send({ bytes }, to) {
      try {
        return await session.send(bytes, { from: options.from, to });
      } catch (error) {
        // A refusal may end the session; the next message gets a new one.
        session.close();
        session = await open();
        throw error;
      }
    },
    close: async () => session.close(),
  };
}

const localHost = (host: string): string => (host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host);

function openQueueSender(config: Config, from: string): { send: Send; close(): Promise<void> } {
  const intake = openIntake({
    redisUrl: redisUrlOf(config),
    prefix: config.BOUNCED_PREFIX,
    acceptMs: 5000,
    durability: config.file.durability,
    onDurability: () => undefined,
  });
  return {
    send: async ({ bytes }, forwardPath) =>
      intake.accept(readWhole(bytes, config.BOUNCED_KEEP_BYTES), {
        reversePath: from,
        forwardPaths: [forwardPath],
        remoteAddress: null,
      }),
    close: () => intake.close(),
  };
}

async function endState(queues: Queues, id: string, sentAt: number, isLate: () => boolean): Promise<string> {
  for (;;) {
    const job = await queues.get("intake").getJob(id);
    const state = job ? await job.getState() : (await isPast(queues, sentAt)) ? "completed" : "waiting";
    if (state === "completed") return "done";
    if (state === "failed") return "quarantine";
    if (isLate()) return "waiting";
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * A message without a job was read, for finished jobs are kept for a short time only; or it waits in one job with
 * others, as under load. Then it was read when nothing of its time is left.
 */
async function isPast(queues: Queues, sentAt: number): Promise<boolean> {
  const intake = queues.get("intake");
  const [oldest] = await intake.getJobs(["wait"], 0, 0, true);
  if (oldest && oldest.timestamp <= sentAt) return false;
  return (await intake.getJobs(["active", "delayed"])).every(({ timestamp }) => timestamp > sentAt);
}
