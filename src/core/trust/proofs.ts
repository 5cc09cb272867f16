/**
 * Signs in a message that it answers mail of ours. A proof is something that a stranger cannot make up; whoever got
 * one of our messages can send its proofs back, so that each says something of that one recipient alone.
 */
import type { BouncedEvent, ProofKind, ReportSignal } from "../../event/event.ts";
import type { HeaderField } from "../fields/header-block.ts";
import type { SignedMail } from "../proof/dkim/verify.ts";
import { marksIn, type Mark } from "../proof/marks.ts";
import type { OriginalMessage } from "../report/report.ts";
import type { ReturnPathReading } from "../../return-path/reading.ts";
import type { ReturnPathSettings } from "../../return-path/settings.ts";
import { foldAddress } from "../../return-path/signed.ts";

export interface Signals {
  /** null: the message came without an envelope. */
  readonly returnPath: ReturnPathReading | null;
  /** The returned message. */
  readonly original: OriginalMessage | null;
  /** All fields of the report that may show a mark of ours. */
  readonly shown: readonly HeaderField[];
  /** Signatures of ours in the returned header. */
  readonly signed: readonly SignedMail[];
  /** What is known of the report itself. */
  readonly report: readonly ReportSignal[];
  readonly receivedAt: Date | string | null;
  readonly settings: ReturnPathSettings;
}

/** What a return path or a token says, as events show it. */
export type ShownPath = NonNullable<BouncedEvent["returnPath"]>;

export interface Proof {
  readonly kind: ProofKind;
  readonly authenticity: "proven" | "likely";
  /** Whom the mail went to; null where the proof does not carry the address. */
  readonly recipient: string | null;
  /** Whether the mail went to this address. */
  readonly binds: (address: string) => boolean;
  /** The return path or token that proves it. */
  readonly path: ShownPath | null;
}

/** Strongest first; each counts for one recipient of the report at most. */
export function proofsOf({ returnPath, shown, signed, settings, receivedAt }: Signals): readonly Proof[] {
  // An old address may be in anybody's hands by now, and so may all that came with it.
  if (returnPath?.check === "expired") return [];
  const quoted = marksIn(shown, settings, receivedAt).flatMap(markProof);
  return [
    ...(returnPath?.check === "valid" && !returnPath.isGuessable ? pathProof(returnPath) : []),
    ...quoted.filter(({ authenticity }) => authenticity === "proven"),
    ...signed.flatMap(signatureProof),
    ...quoted.filter(({ authenticity }) => authenticity === "likely"),
  ];
}

/** None of one that is bound to nobody: everybody who got such mail holds it (unbound-path.ts). */
function pathProof(path: ReturnPathReading): readonly Proof[] {
  const binds = binderOf(path);
  return binds === null
    ? []
    : [{ kind: "return_path", authenticity: "proven", recipient: path.recipient, binds, path }];
}

function markProof({ kind, reading, isPublic }: Mark): readonly Proof[] {
  const binds = binderOf(reading);
  const authenticity = kind === "token" && !isPublic ? "proven" : "likely";
  return binds === null ? [] : [{ kind, authenticity, recipient: reading.recipient, binds, path: reading }];
}

/** None of one that names nobody alone: each of its recipients holds it (shared-signature.ts). */
function signatureProof({ recipient }: SignedMail): readonly Proof[] {
  const binds = binderOf({ recipient, bindsRecipient: null });
  return binds === null ? [] : [{ kind: "dkim", authenticity: "proven", recipient, binds, path: null }];
}

function binderOf({
  bindsRecipient,
  recipient,
}: Pick<ReturnPathReading, "bindsRecipient" | "recipient">): Proof["binds"] | null {
  if (bindsRecipient) return bindsRecipient;
  if (recipient === null) return null;
  const folded = foldAddress(recipient);
  return (address) => foldAddress(address) === folded;
}
