/** A log to look at: the fixtures, read by the real pipeline and spread over a month. For screenshots and page tests. */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { createReturnPath } from "../src/core/return-path/create.ts";
import { readMessage } from "../src/core/read-message.ts";
import type { ReadSettings } from "../src/core/read-settings.ts";
import { readWhole } from "../src/intake/message.ts";
import type { RecordJob } from "../src/queues/names.ts";
import type { Store } from "../src/store/store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface DemoOptions {
  readonly now: number;
  readonly days: number;
  /** How often each fixture comes back, at most. */
  readonly copies: number;
}

/** The same log for the same options. */
export async function fillDemoLog(store: Store, settings: ReadSettings, options: DemoOptions): Promise<number> {
  let events = 0;
  for (const path of globSync("fixtures/eml/*/*.eml").sort()) {
    if (path.includes("/malformed/")) continue;
    const whole = readFileSync(path);
    const seed = createHash("sha256").update(path).digest();
    const copies = 1 + ((seed[0] ?? 0) % options.copies);
    const jobs: RecordJob[] = [];
    const forwardPath = await forwardPathFor(whole, seed, settings, options.now);
    for (let copy = 0; copy < copies; copy += 1) {
      const dice = createHash("sha256").update(`${path} ${copy}`).digest();
      const age = (dice.readUInt32BE(0) / 2 ** 32) * (0.5 + dice.readUInt32BE(8) / 2 ** 33) * options.days * DAY_MS;
      const receivedAt = new Date(options.now - Math.floor(age)).toISOString();
      const message = readWhole(whole, 256 * 1024);
      const input = {
        ...message,
        // A message that comes twice would be known already.
        sha256: createHash("sha256").update(message.sha256).update(receivedAt).digest("hex"),
        receivedAt,
        envelope: { reversePath: "", forwardPath },
        remoteAddress: "192.0.2.25",
      };
      const read = await readMessage(input, settings);
      events += read.length;
      jobs.push({ v: 1, events: read, raw: deflateSync(whole).toString("base64") });
    }
    await store.record(jobs);
  }
  return events;
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
  const input = { ...readWhole(whole, 256 * 1024), receivedAt: null, envelope, remoteAddress: null };
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
