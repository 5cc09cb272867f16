/**
 * What makes two reports of a refusal the same one: the mail, the recipient, and whether the attempt was the last.
 * Nothing of when or how often it is reported: the same log line read twice is one event.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { cleanText } from "../fields/clean-text.ts";
import { eventId } from "../../event/event-id.ts";
import { foldAddress } from "../../return-path/signed.ts";
import { concludeAction } from "./action.ts";
import type { ReportedRefusal } from "./refusal.ts";

const VERSION = "bounced.refusal/1";

/** Stands where a message has the digest of its octets: events, log and queues know a refusal by it. Hex. */
export function refusalDigest(refusal: ReportedRefusal): string {
  const { queueId, messageId, at = "", recipient, attempt } = refusal;
  const mail = queueId !== undefined ? `queue ${queueId}` : messageId !== undefined ? `mail ${messageId}` : `at ${at}`;
  const action = concludeAction(refusal);
  const outcome = action === "delayed" ? `delayed ${attempt ?? at}` : action;
  return bytesToHex(sha256(utf8ToBytes([VERSION, mail, foldAddress(recipient), outcome].join("\n"))));
}

/** Of its event. */
export const refusalEventId = (refusal: ReportedRefusal): string =>
  eventId(refusalDigest(refusal), cleanText(refusal.recipient, 320));
