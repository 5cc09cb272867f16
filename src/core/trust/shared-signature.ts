/**
 * Mail of ours that does not name its recipient alone: to several, to a list, to hidden recipients. Each of them holds
 * its signature and could report about anybody, so that it proves nothing by itself. Together with somebody who may say
 * so (vouch.ts) it is credible, for a few recipients: how many it was believed for is for a store to count.
 */
import { sameAddress } from "../fields/address.ts";
import type { Trust } from "./judge.ts";
import type { Signals } from "./proofs.ts";
import { isVouchedFor } from "./vouch.ts";

/** Null where nobody vouches for the report. */
export function trustInSharedSignature(
  { final, original }: { readonly final: string | null; readonly original: string | null },
  { signed, report, returnPath }: Signals,
): Trust | null {
  // The address that we wrote to: what a server says of another is not about mail of ours.
  const mailed = original ?? final;
  if (signed.length === 0 || returnPath?.check === "expired" || mailed === null) return null;
  if (!isVouchedFor(mailed, report)) return null;
  return {
    authenticity: "likely",
    proof: "shared_dkim",
    mailed,
    path: returnPath,
    warnings:
      final === null || sameAddress(final, mailed)
        ? []
        : [{ code: "recipient-redirected", field: "Final-Recipient", value: final.slice(0, 200) }],
  };
}
