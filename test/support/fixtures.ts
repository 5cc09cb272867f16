/** The fixtures of fixtures/eml: messages, and what must be read from them. */
import { globSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { loadConfig } from "../../src/config/config.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { messageInputOf } from "../../src/sources/message-input.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";

export interface Fixture {
  /** Of the .eml file. */
  readonly path: string;
  /** Folder: the id of the format that reads it, `none`, or `malformed`. */
  readonly folder: string;
}

/** What really happened, beside mail of servers whose remote side was scripted: `NN-….truth.json`. */
export interface Truth {
  readonly software: string;
  /** Of the returned message; null if it had none. */
  readonly messageId: string | null;
  readonly envelopeId: string | null;
  readonly recipients: readonly {
    readonly address: string;
    readonly alsoKnownAs: readonly string[];
    readonly action: string;
  }[];
}

export const FIXTURES: readonly Fixture[] = globSync("fixtures/eml/*/*.eml")
  .toSorted()
  .map((path) => ({ path, folder: basename(dirname(path)) }));

const settings = readSettingsOf(loadConfig({ BOUNCED_KEEP_HEADERS: "x-lab-token" }));

export const readOctets = (octets: Uint8Array): Promise<readonly BouncedEvent[]> =>
  readMessage(messageInputOf(octets, 256 * 1024), settings);

export const octetsOf = ({ path }: Fixture): Buffer => readFileSync(path);

/** What was read, without what was decided about it (that stands in `verdicts.json`), and without what DNS would say. */
export function reading({
  severity: _severity,
  reason: _reason,
  secondaryReason: _secondaryReason,
  fault: _fault,
  advice: _advice,
  explanation: _explanation,
  confidence: _confidence,
  evidence: _evidence,
  provider: _provider,
  derivedStatus: _derivedStatus,
  codes: _codes,
  signals: _signals,
  // Of refusals alone.
  queueId: _queueId,
  given: _given,
  suggestion: _suggestion,
  answer,
  ...rest
}: BouncedEvent) {
  return answer === null ? rest : { ...rest, answer };
}
