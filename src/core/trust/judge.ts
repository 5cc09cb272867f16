/**
 * How far a report can be believed, and whom it is about (docs/decisions/0005-authenticity.md). Anybody can send us a
 * report that names anybody: a recipient is believed as far as a proof is of that very recipient. Pure.
 */
import type { Authenticity, ProofKind } from "../../event/event.ts";
import type { Warning } from "../fields/warning.ts";
import type { ReturnPathReading } from "../../return-path/reading.ts";
import { foldAddress } from "../../return-path/signed.ts";
import { trustInSharedSignature } from "./shared-signature.ts";
import { isUnbound, trustInUnboundPath } from "./unbound-path.ts";
import { proofsOf, type Proof, type ShownPath, type Signals } from "./proofs.ts";

/** The names that a report gives one recipient. Both null: it names nobody. */
export interface NamedRecipient {
  readonly finalRecipient: string | null;
  readonly originalRecipient: string | null;
  /** Who wrote the message, where that is all it says of the recipient: anybody can write any From. */
  readonly writer?: string | null;
}

export interface Trust {
  readonly authenticity: Authenticity;
  /** What makes it credible; null where nothing does. */
  readonly proof: ProofKind | null;
  /** The address that we wrote to, as far as anything says. */
  readonly mailed: string | null;
  /** The return path or token that says so: of the proof, else the address that the report came to. */
  readonly path: ShownPath | null;
  readonly warnings: readonly Warning[];
}

/** What is said here of an event, among its other warnings. */
export const TRUST_WARNINGS: ReadonlySet<string> = new Set([
  "recipient-mismatch",
  "recipient-redirected",
  "unbound-path",
  "used-signature",
]);

interface Claim {
  /** Without those that a feedback loop blacked out. */
  readonly final: string | null;
  readonly original: string | null;
  readonly writer: string | null;
}

/** One judgement for each recipient of the report, in their order. */
export function judgeReport(signals: Signals, recipients: readonly NamedRecipient[]): readonly Trust[] {
  const claims = recipients.map(({ finalRecipient, originalRecipient, writer = null }) => ({
    final: named(finalRecipient),
    original: named(originalRecipient),
    writer,
  }));
  const check = signals.returnPath?.check;
  if (check === "bad" || check === "unknown-key")
    return claims.map((claim) => ({ ...unproven(claim, signals.returnPath, []), authenticity: "forged" }));
  const proofs = proofsOf(signals);
  const believed = new Map<number, Trust>();
  for (const proof of proofs) {
    const at = provenClaim(claims, proof.binds);
    const claim = claims[at];
    if (claim && !believed.has(at)) believed.set(at, trustIn(claim, proof, signals));
  }
  return claims.map(
    (claim, at) =>
      believed.get(at) ??
      trustInSharedSignature(claim, signals) ??
      trustInUnboundPath(claim, signals) ??
      unproven(claim, signals.returnPath, proofs),
  );
}

/** Feedback loops black out whom they speak of: `redacted@example.net`, `xxxxx@example.net`, `u***@example.net`. */
const REDACTED = /^(?:redacted|undisclosed|x{3,}|[^@]*\*{2}[^@]*)(?:@|$)/i;

const named = (address: string | null): string | null => (address === null || REDACTED.test(address) ? null : address);

/**
 * Which of the recipients the proof is of: the one with that final address, else with that original one (the mail was
 * forwarded), else one without a name. A list of strangers with our recipient's name beside each proves nothing: an
 * alias with several members, of whom some failed, looks the same.
 */
function provenClaim(claims: readonly Claim[], binds: (address: string) => boolean): number {
  const byFinal = claims.findIndex(({ final }) => final !== null && binds(final));
  if (byFinal >= 0) return byFinal;
  const isOriginal = ({ original }: Claim): boolean => original !== null && binds(original);
  const byOriginal = claims.findIndex(isOriginal);
  if (byOriginal >= 0) return claims.slice(byOriginal + 1).some(isOriginal) ? -1 : byOriginal;
  return claims.findIndex(({ final, original }) => final === null && original === null);
}

function trustIn({ final, original, writer }: Claim, proof: Proof, signals: Signals): Trust {
  const { authenticity, kind, binds, recipient } = proof;
  const path = proof.path ?? signals.returnPath;
  // Where a digest binds the address and the report does not say it, the returned header may.
  const names = [final, original, writer, ...(signals.original?.to.slice(0, 100) ?? [])];
  const known = names.find((name) => name !== null && binds(name));
  const far = final ?? writer;
  return {
    authenticity,
    proof: kind,
    mailed: recipient ?? known ?? null,
    path,
    warnings:
      far === null || binds(far)
        ? []
        : [
            {
              code: "recipient-redirected",
              field: final === null ? "From" : "Final-Recipient",
              value: far.slice(0, 200),
            },
          ],
  };
}

/** What the address it came to claims is shown, and nobody believes it. */
function unproven(claim: Claim, returnPath: ReturnPathReading | null, proofs: readonly Proof[]): Trust {
  const { final, original, writer } = claim;
  const code = doubtOf(claim, returnPath?.recipient ?? null, proofs) ?? (isUnbound(returnPath) ? "unbound-path" : null);
  const field = final === null ? "Original-Recipient" : "Final-Recipient";
  return {
    authenticity: "unproven",
    proof: null,
    mailed: returnPath?.recipient ?? original ?? final ?? writer,
    path: returnPath,
    warnings: code === null ? [] : [{ code, field, value: (final ?? original ?? "").slice(0, 200) }],
  };
}

/** Why a recipient is not believed although the report came with a proof, or to an address that names somebody. */
function doubtOf({ final, original }: Claim, expected: string | null, proofs: readonly Proof[]): string | null {
  const names = [final, original].filter((name) => name !== null);
  if (names.length === 0) return null;
  const isOther = expected !== null && !names.some((name) => foldAddress(name) === foldAddress(expected));
  if (isOther || proofs.length > 0) return "recipient-mismatch";
  return null;
}
