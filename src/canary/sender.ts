/** Sends a canary now and then, through our own listener, and watches how far it comes. Runs beside the listener. */
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../machine/error-message.ts";
import { inTime } from "../machine/in-time.ts";
import { openDialogue } from "../smtp/dialogue.ts";
import {
  canaryAddress,
  canaryMessage,
  canaryStage,
  canaryTokenOf,
  makeCanaryToken,
  markCanary,
  saveCanaryReport,
  type CanaryReport,
  type CanarySettings,
  type CanaryStage,
  type CanaryStore,
} from "./canary.ts";

const LOOK_EVERY_MS = 100;
const REDIS_MS = 2000;

export interface CanaryOptions extends CanaryStore {
  readonly settings: CanarySettings;
  readonly host: string;
  readonly port: number;
  /** One of ours. */
  readonly domain: string;
  /** The listener expects a PROXY header from this machine. */
  readonly isProxied: boolean;
  /** The stage at which its way ends: the log, where there is one. */
  readonly lastStage: () => Promise<CanaryStage>;
  readonly onReport: (report: CanaryReport) => void;
}

export interface Canaries {
  /** Whether the address is that of one under way. */
  isOurs(forwardPath: string): boolean;
  stop(): Promise<void>;
}

export function startCanaries(options: CanaryOptions): Canaries {
  const { settings, onReport } = options;
  const underWay = new Set<string>();
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(settings.everySeconds * 1000, undefined, { signal: stopping.signal });
      const report = await follow(underWay, options, stopping.signal);
      if (stopping.signal.aborted) return;
      onReport(report);
      // Whoever asks while Redis does not answer is told so.
      await within(REDIS_MS, saveCanaryReport(options, report)).catch(() => undefined);
    }
  };
  const running = settings.everySeconds > 0 ? run().catch(() => undefined) : Promise.resolve();
  return {
    isOurs: (forwardPath) => underWay.has(canaryTokenOf(forwardPath) ?? ""),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function follow(underWay: Set<string>, options: CanaryOptions, signal: AbortSignal): Promise<CanaryReport> {
  const startedAt = performance.now();
  const end = (stage: CanaryReport["stage"], problem = ""): CanaryReport => ({
    at: new Date().toISOString(),
    ok: problem === "",
    stage,
    seconds: (performance.now() - startedAt) / 1000,
    problem,
  });
  let stage = "sent";
  let token: string;
  try {
    token = await within(REDIS_MS, makeCanaryToken(options));
    await within(REDIS_MS, markCanary(options, token, "sent"));
    underWay.add(token);
    await send(token, options).finally(() => underWay.delete(token));
  } catch (error) {
    return end("accept", messageOf(error));
  }
  try {
    const last = await within(REDIS_MS, options.lastStage());
    while (performance.now() - startedAt < options.settings.lateSeconds * 1000 && !signal.aborted) {
      stage = (await within(REDIS_MS, canaryStage(options, token))) ?? stage;
      if (stage === last) return end(last);
      if (stage === "misread")
        return end("misread", "the test message was not called a hard bounce: look at your rules");
      await sleep(LOOK_EVERY_MS);
    }
    const where = stage === "classified" ? "the log did not take it" : "no worker classified it";
    return end(
      stage as CanaryStage,
      `the test message was accepted, but ${where} in ${options.settings.lateSeconds} s`,
    );
  } catch (error) {
    return end(stage as CanaryStage, messageOf(error));
  }
}

async function send(token: string, { host, port, domain, isProxied }: CanaryOptions): Promise<void> {
  const dialogue = await openDialogue(host, port, isProxied ? "PROXY UNKNOWN\r\n" : "");
  const expect = async (code: string, reply: Promise<string>): Promise<void> => {
    const text = await reply;
    if (!text.startsWith(code)) throw new Error(`the listener answers the test message: ${text || "nothing"}`);
  };
  try {
    await expect("220", Promise.resolve(dialogue.greeting ?? ""));
    await expect("250", dialogue.command("EHLO canary.invalid"));
    await expect("250", dialogue.command("MAIL FROM:<>"));
    await expect("250", dialogue.command(`RCPT TO:<${canaryAddress(token, domain)}>`));
    await expect("354", dialogue.command("DATA"));
    await expect("250", dialogue.command(`${canaryMessage(token, domain)}\r\n.`));
    await dialogue.command("QUIT");
  } finally {
    dialogue.close();
  }
}

/** A command waits for as long as Redis does not answer; we do not. */
const within = <Value>(ms: number, work: Promise<Value>): Promise<Value> =>
  inTime(ms, work, () => {
    throw new Error(`Redis did not answer within ${ms / 1000} s`);
  });
