import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/**
 * The id of the event for one recipient of one message: the same on every machine and on every run, so that whoever
 * handles an event twice can see it. A letter comes first because BullMQ refuses job ids that are whole numbers.
 */
export function eventId(messageSha256: string, recipient: string | null): string {
  return `e${bytesToHex(sha256(Buffer.from(`${messageSha256}\n${recipient?.toLowerCase() ?? ""}`))).slice(0, 31)}`;
}
