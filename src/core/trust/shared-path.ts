/**
 * Return paths that are bound to nobody (BATV, SRS, signed without a recipient) are in the hands of everybody who got
 * such mail, and so are signatures of mail to several. With a witness (vouch.ts) the one counts for one recipient, the
 * other for a few; whom, is for a store to remember, and this says what to ask it.
 */
import type { BouncedEvent } from "../../event/event.ts";
import { batvMailbox } from "../../return-path/batv.ts";
import { foldAddress } from "../../return-path/signed.ts";
import { trusted } from "./trusted-verdict.ts";

export interface SharedClaim {
  /** The same for all spellings of one path: a shortened hash or another order of its parts makes no new one. */
  readonly path: string;
  readonly recipient: string;
  /** How many recipients it counts for. */
  readonly limit: number;
}

/** A signature counts for as many recipients as mail to several usually has, and no list of victims. */
const SIGNATURE_LIMIT = 5;

/** Null for an event that does not rest on such a path or signature. */
export function sharedClaimOf({ proof, returnPath, recipient, signals }: BouncedEvent): SharedClaim | null {
  if (proof === "shared_dkim" && recipient.mailed !== null) {
    const signature = signals.find(({ check }) => check === "own_signature");
    const path = `dkim ${signature?.detail ?? ""}`;
    return { path, recipient: foldAddress(recipient.mailed), limit: SIGNATURE_LIMIT };
  }
  if (proof !== "shared_path" || !returnPath || recipient.mailed === null) return null;
  const { address, scheme, tag, issuedAt } = returnPath;
  const sender = scheme === "signed" ? address : scheme === "batv" ? batvMailbox(address) : tag;
  const path = [scheme, issuedAt ?? "", (sender ?? address).toLowerCase()].join(" ");
  return { path, recipient: foldAddress(recipient.mailed), limit: 1 };
}

/** The event of a recipient for whom the path or the signature does not count. */
export function withoutProof(event: BouncedEvent, language: string): BouncedEvent {
  const authenticity = "unproven";
  const code = event.proof === "shared_dkim" ? "used-signature" : "unbound-path";
  return {
    ...trusted(event, { authenticity, status: event.status, language }),
    authenticity,
    proof: null,
    warnings: [...event.warnings, { code, value: (event.recipient.mailed ?? "").slice(0, 200) }],
  };
}
