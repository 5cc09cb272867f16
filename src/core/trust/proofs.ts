/**
 * Signs in a message that it answers mail of ours. A proof is something that a stranger cannot make up; whoever got
 * one of our messages can send its proofs back, so that each says something of that one recipient alone.
 */
import type { ProofKind } from "../event.ts";
import type { OriginalMessage } from "../report/report.ts";
import type { ReturnPathReading } from "../return-path/reading.ts";
import type { ReturnPathSettings } from "../return-path/settings.ts";
import { foldAddress, readSigned } from "../return-path/signed.ts";

export interface Signals {
  /** null: the message came without an envelope. */
  readonly returnPath: ReturnPathReading | null;
  /** The returned message. */
  readonly original: OriginalMessage | null;
  /** `Original-Mail-From` of a feedback report, RFC 5965 section 3.2. */
  readonly originalMailFrom: string | null;
  readonly receivedAt: Date | string | null;
  readonly settings: ReturnPathSettings;
}

export interface Proof {
  readonly kind: ProofKind;
  readonly authenticity: "proven" | "likely";
  /** Whom the mail went to; null where the proof does not carry the address. */
  readonly recipient: string | null;
  /** Whether the mail went to this address; null where the proof is bound to nobody. */
  readonly binds: ((address: string) => boolean) | null;
}

/** Strongest first; each counts for one recipient of the report at most. */
export function proofsOf(signals: Signals): readonly Proof[] {
  const { returnPath } = signals;
  // An old address may be in anybody's hands by now, and so may all that came with it.
  if (returnPath?.check === "expired") return [];
  const quoted = quotedPath(signals);
  return [
    ...(returnPath?.check === "valid" && !returnPath.isGuessable ? [pathProof(returnPath)] : []),
    ...(quoted ? [quotedProof(quoted)] : []),
  ];
}

function pathProof(path: ReturnPathReading): Proof {
  const binds = binderOf(path);
  const { recipient } = path;
  return binds
    ? { kind: "return_path", authenticity: "proven", recipient, binds }
    : { kind: "shared_path", authenticity: "likely", recipient: null, binds: null };
}

const quotedProof = (path: ReturnPathReading): Proof => ({
  kind: "quoted_path",
  authenticity: "likely",
  recipient: path.recipient,
  binds: binderOf(path),
});

function binderOf({ bindsRecipient, recipient }: ReturnPathReading): Proof["binds"] {
  if (bindsRecipient) return bindsRecipient;
  if (recipient === null) return null;
  const folded = foldAddress(recipient);
  return (address) => foldAddress(address) === folded;
}

const QUOTING = ["return-path", "x-envelope-from", "x-original-return-path", "errors-to", "sender"];

/** Our own signed return path in what was returned: whoever wrote this report has that mail. */
function quotedPath({ original, originalMailFrom, settings, receivedAt }: Signals): ReturnPathReading | null {
  if (settings.secrets.length === 0) return null;
  for (const value of [originalMailFrom, ...QUOTING.map((name) => original?.headers.get(name))]) {
    const address = /[^\s<>]{1,400}@[^\s<>]{1,255}/.exec((value ?? "").slice(0, 1000))?.[0];
    const reading = address ? readSigned(address, settings, receivedAt) : null;
    // One that names nobody proves no more than that somebody got it.
    if (reading?.check === "valid" && binderOf(reading)) return reading;
  }
  return null;
}
