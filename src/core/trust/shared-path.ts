/**
 * Return paths that are bound to nobody (BATV, SRS, signed without a recipient) are in the hands of everybody who got
 * such mail. Each counts for one recipient; whom, is for a store to remember, and this says what to ask it.
 */
import type { BouncedEvent } from "../event.ts";
import { batvMailbox } from "../return-path/batv.ts";
import { foldAddress } from "../return-path/signed.ts";
import { trusted } from "./trusted-verdict.ts";

export interface SharedClaim {
  /** The same for all spellings of one path: a shortened hash or another order of its parts makes no new one. */
  readonly path: string;
  readonly recipient: string;
}

/** Null for an event that does not rest on such a path. */
export function sharedClaimOf({ proof, returnPath, recipient }: BouncedEvent): SharedClaim | null {
  if (proof !== "shared_path" || !returnPath || recipient.mailed === null) return null;
  const { address, scheme, tag, issuedAt } = returnPath;
  const sender = scheme === "signed" ? address : scheme === "batv" ? batvMailbox(address) : tag;
  const path = [scheme, issuedAt ?? "", (sender ?? address).toLowerCase()].join(" ");
  return { path, recipient: foldAddress(recipient.mailed) };
}

/** The event of a recipient who is not the one that the path counts for. */
export function withoutProof(event: BouncedEvent, language: string): BouncedEvent {
  const authenticity = "unproven";
  return {
    ...trusted(event, { authenticity, status: event.status, language }),
    authenticity,
    proof: null,
    warnings: [...event.warnings, { code: "unbound-path", value: (event.recipient.mailed ?? "").slice(0, 200) }],
  };
}
