/** Reads the mail of the demo as the service would have read it, and records it at the time it came. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { deflateSync } from "node:zlib";
import type { Config } from "../config/config.ts";
import { readMessage } from "../core/index.ts";
import { readWhole } from "../intake/message.ts";
import { readSettingsOf } from "../reading/read-settings.ts";
import { openStore } from "../store/store.ts";
import { demoArrivals } from "./arrivals.ts";

export interface RecordedDemo {
  readonly messages: number;
  readonly suppressed: number;
}

/** Stops early when the signal says so. */
export async function recordDemo(config: Config, now: number, signal: AbortSignal): Promise<RecordedDemo> {
  const settings = readSettingsOf(config);
  const clock = { at: now };
  const store = await openStore(config, { now: () => clock.at });
  let messages = 0;
  let suppressed = 0;
  try {
    for (const { at, octets, forwardPath } of demoArrivals(now, settings.returnPath)) {
      await nextTurn();
      if (signal.aborted) break;
      clock.at = at.getTime();
      const message = readWhole(octets, config.BOUNCED_KEEP_BYTES);
      const events = await readMessage(
        {
          ...message,
          receivedAt: at.toISOString(),
          envelope: { reversePath: "", forwardPath },
          remoteAddress: "192.0.2.25",
        },
        settings,
      );
      const { changes } = await store.record([{ events, raw: deflateSync(octets).toString("base64") }]);
      messages++;
      suppressed += changes;
    }
    // As the role record does every five minutes: its page has something to show at once.
    clock.at = now;
    await store.findIncidents();
  } finally {
    await store.close();
  }
  return { messages, suppressed };
}
