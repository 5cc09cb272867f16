/** A whole message in memory, from wherever it lay, into the durable intake. */
import type { AcceptedEnvelope, Intake } from "../intake/accept.ts";
import { readWhole } from "../intake/message.ts";
import { readEnvelope } from "./envelope.ts";

export interface Ingest {
  readonly intake: Pick<Intake, "accept">;
  /** BOUNCED_KEEP_BYTES. */
  readonly keepBytes: number;
}

export interface KnownEnvelope {
  readonly reversePath?: string | null;
  readonly forwardPaths?: readonly string[];
  /** ISO 8601, UTC. Without: as the header says, else null. */
  readonly receivedAt?: string | null;
  readonly remoteAddress?: string | null;
}

/**
 * Resolves with the id of the message once it is durable; rejects with NotAccepted if that is not known. What the caller
 * does not know of the envelope is taken from the header. The same message twice is stored once.
 */
export function acceptBytes(
  { intake, keepBytes }: Ingest,
  message: Uint8Array,
  known: KnownEnvelope = {},
): Promise<string> {
  const found = readEnvelope(message);
  const envelope: AcceptedEnvelope = {
    reversePath: known.reversePath === undefined ? found.reversePath : known.reversePath,
    forwardPaths: known.forwardPaths?.length ? known.forwardPaths : [found.forwardPath],
    remoteAddress: known.remoteAddress ?? null,
    receivedAt: known.receivedAt === undefined ? found.receivedAt : known.receivedAt,
  };
  return intake.accept(readWhole(message, keepBytes), envelope);
}
