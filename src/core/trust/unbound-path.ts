/**
 * A return path that is bound to nobody (BATV, SRS, signed with a tag alone) is in the hands of everybody who got such
 * mail, and the header of the returned message is whatever its sender wrote. Alone it proves nothing: one holder would
 * choose whom it is spent on. Together with somebody who may say so (vouch.ts) it is credible for one recipient; which
 * one it was, is for a store to remember (shared-path.ts).
 */
import type { OriginalMessage } from "../report/report.ts";
import type { ReturnPathReading } from "../../return-path/reading.ts";
import { foldAddress } from "../../return-path/signed.ts";
import type { Trust } from "./judge.ts";
import { isFromOurDomain } from "./own-header.ts";
import type { Signals } from "./proofs.ts";
import { isVouchedFor } from "./vouch.ts";

/** Ours, by what a stranger cannot find by trying, and made for no recipient. */
export const isUnbound = (path: ReturnPathReading | null): path is ReturnPathReading =>
  path !== null &&
  path.check === "valid" &&
  path.isGuessable !== true &&
  path.recipient === null &&
  path.bindsRecipient === null;

/** Null where nobody vouches for the report, or the returned mail is not ours to this recipient. */
export function trustInUnboundPath(
  { final, original: named }: { readonly final: string | null; readonly original: string | null },
  { returnPath, original, report }: Signals,
): Trust | null {
  const mailed = named ?? final;
  if (mailed === null || original === null || !isUnbound(returnPath)) return null;
  if (!isFromOurDomain(returnPath, original) || !isAddressed(mailed, original)) return null;
  if (!isVouchedFor(mailed, report)) return null;
  return { authenticity: "likely", proof: "shared_path", mailed, path: returnPath, warnings: [] };
}

function isAddressed(address: string, { to }: OriginalMessage): boolean {
  const folded = foldAddress(address);
  return to.slice(0, 100).some((one) => foldAddress(one) === folded);
}
