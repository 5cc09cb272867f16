/** A log to look at: the fixtures, read by the real pipeline and spread over a month. For screenshots and page tests. */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import type { Config } from "../src/config/config.ts";
import { createReturnPath } from "../src/return-path/create.ts";
import { readMessage } from "../src/core/read-message.ts";
import type { ReadSettings } from "../src/core/events/read-settings.ts";
import { readWhole } from "../src/intake/message.ts";
import type { RecordedMessage } from "../src/queues/payloads.ts";
import { readSettingsOf } from "../src/reading/read-settings.ts";
import { openStore } from "../src/store/store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const KEEP_BYTES = 256 * 1024;
/** Written in one go, at the time of the last. */
const TOGETHER = 50;

export interface DemoOptions {
  readonly now: number;
  readonly days: number;
  /** How often each fixture comes back, at most. */
  readonly copies: number;
}

interface Arrival {
  readonly path: string;
  readonly whole: Buffer;
  readonly forwardPath: string | null;
  readonly at: number;
}

/** The same log for the same options, and the suppression list that grew with it. Returns how many events it has. */
export async function fillDemoLog(config: Config, options: DemoOptions): Promise<number> {
  const settings = readSettingsOf(config);
  const clock = { at: options.now };
  const store = await openStore(config, { now: () => clock.at });
  let events = 0;
  let jobs: RecordedMessage[] = [];
  try {
    for (const arrival of await arrivals(settings, options)) {
      const job = await jobOf(arrival, settings);
      events += job.events.length;
      jobs.push(job);
      clock.at = arrival.at;
      if (jobs.length < TOGETHER) continue;
      await store.record(jobs);
      jobs = [];
    }
    await store.record(jobs);
  } finally {
    await store.close();
  }
  return events;
}

/** Oldest first; more of them lately. */
async function arrivals(settings: ReadSettings, options: DemoOptions): Promise<readonly Arrival[]> {
  const all: Arrival[] = [];
  for (const path of globSync("fixtures/eml/*/*.eml").sort()) {
    if (path.includes("/malformed/")) continue;
    const whole = readFileSync(path);
    const seed = createHash("sha256").update(path).digest();
    const copies = 1 + ((seed[0] ?? 0) % options.copies);
    const forwardPath = await forwardPathFor(whole, seed, settings, options.now);
    for (let copy = 0; copy < copies; copy += 1) {
      const dice = createHash("sha256").update(`${path} ${copy}`).digest();
      const age = (dice.readUInt32BE(0) / 2 ** 32) * (0.5 + dice.readUInt32BE(8) / 2 ** 33) * options.days * DAY_MS;
      all.push({ path, whole, forwardPath, at: options.now - Math.floor(age) });
    }
  }
  return all.sort((a, b) => a.at - b.at || (a.path < b.path ? -1 : 1));
}

async function jobOf({ path, whole, forwardPath, at }: Arrival, settings: ReadSettings): Promise<RecordedMessage> {
  const message = readWhole(whole, KEEP_BYTES);
  const input = {
    ...message,
    // A message that comes twice would be known already.
    sha256: createHash("sha256").update(`${path} ${at}`).digest("hex"),
    receivedAt: new Date(at).toISOString(),
    envelope: { reversePath: "", forwardPath },
    remoteAddress: "192.0.2.25",
  };
  return { events: await readMessage(input, settings), raw: deflateSync(whole).toString("base64") };
}

/** Most reports on one recipient come back to the address that was made for them. */
async function forwardPathFor(
  whole: Buffer,
  seed: Buffer,
  settings: ReadSettings,
  now: number,
): Promise<string | null> {
  if (settings.returnPath.secrets.length === 0 || (seed[1] ?? 0) % 4 === 0) return null;
  const envelope = { reversePath: "", forwardPath: null };
  const input = { ...readWhole(whole, KEEP_BYTES), receivedAt: null, envelope, remoteAddress: null };
  const [event, ...others] = await readMessage(input, settings);
  const recipient = event?.recipient.address;
  if (!recipient || others.length > 0) return null;
  const tag = ["spring-offers", "receipts", "weekly"][(seed[2] ?? 0) % 3];
  try {
    const issued = new Date(now - 30 * DAY_MS);
    return createReturnPath({ domain: "bounces.example.com", recipient, tag }, settings.returnPath, issued);
  } catch {
    // Too long for an address: such mail goes out with another.
    return null;
  }
}
