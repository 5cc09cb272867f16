/** A delivery, failure or delay that our own sending system reports -> what it is counted by, and what makes it one. */
import { createHash } from "node:crypto";
import { domainOf } from "../addresses/domain.ts";
import { fold } from "../addresses/normal-address.ts";
import { concludeAction, type ReportedRefusalInput } from "../core/index.ts";
import { foldAddress, tagInSigned } from "../return-path/signed.ts";
import { providerOfDelivery } from "./provider-of.ts";
import { hourOf, OUTCOMES, textOfTally, type SendOutcome } from "./tally.ts";

/** Null for what is no attempt to deliver: a complaint, or mail that was not sent. `pathPrefix`: of signed return paths. */
export function tallyOf(refusal: ReportedRefusalInput, pathPrefix: string, now: number): string | null {
  const outcome = outcomeOf(refusal);
  if (outcome === null) return null;
  const { recipient, remoteMta, returnPath = "", headers = {}, sendingAddress = "" } = refusal;
  const at = Date.parse(refusal.at ?? "");
  const domain = fold(domainOf(recipient.trim().replace(/>$/, "")));
  const from = Object.entries(headers).find(([name]) => name.toLowerCase() === "from")?.[1] ?? "";
  return textOfTally({
    hour: hourOf(at >= 0 && at < now ? at : now),
    provider: providerOfDelivery(remoteMta, domain),
    domain,
    senderDomain: senderDomainOf(from) || senderDomainOf(returnPath),
    sendingAddress,
    tag: refusal.tag ?? tagInSigned(returnPath, pathPrefix),
    outcome,
  });
}

const senderDomainOf = (written: string): string => fold(domainOf(written)?.replace(/[>\s]+$/, ""));

function outcomeOf(refusal: ReportedRefusalInput): SendOutcome | null {
  const action = concludeAction(refusal);
  return OUTCOMES.find((outcome) => outcome === action) ?? null;
}

/**
 * Mail and recipient, and of a delay which attempt it was: what was delivered and refused later was sent once. As a
 * 64-bit number with a sign, and which of many buckets it belongs to: Redis keeps sets of numbers in eight octets each.
 */
export function tallyIdOf(refusal: ReportedRefusalInput): { readonly id: string; readonly bucket: number } {
  const { queueId, messageId, at = "", recipient, attempt } = refusal;
  const mail = queueId !== undefined ? `queue ${queueId}` : messageId !== undefined ? `mail ${messageId}` : `at ${at}`;
  const attempted = concludeAction(refusal) === "delayed" ? `delayed ${attempt ?? at}` : "final";
  const digest = createHash("sha256")
    .update([mail, foldAddress(recipient), attempted].join("\n"))
    .digest();
  return { id: digest.readBigInt64BE(0).toString(), bucket: digest.readUInt16BE(8) % BUCKETS };
}

const BUCKETS = 8192;
