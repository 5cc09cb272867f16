/**
 * Bounce address tag validation, draft-levine-smtp-batv-01: `prvs=KDDDSSSSSS=user@example.com`, and Sendmail's and
 * Exchange's order `prvs=user=KDDDSSSSSS@example.com`. K: key number, DDD: day it expires on, modulo 1000, S: 24 bits of
 * HMAC-SHA1.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { dayOf, instantOfDay, latestDay } from "./days.ts";
import { isSameText } from "./mac.ts";
import { splitAddress, type ReturnPathCheck, type ReturnPathReading } from "./reading.ts";
import type { ReturnPathSettings } from "./settings.ts";

const TAG = "(\\d)(\\d{3})([0-9a-f]{6})";
const TAG_FIRST = new RegExp(`^prvs=${TAG}=(.+)$`, "i");
const USER_FIRST = new RegExp(`^prvs=(.+)=${TAG}$`, "i");
/** Section 5 of the draft: a tag lives seven days. */
const LIFE_DAYS = 7;
/** Stamps count modulo 1000: one that is further ahead than this is an old one. */
const MAX_AHEAD_DAYS = 500;

/** `bounces@example.com` of `prvs=0787508c99=bounces@example.com`, in either order; null for another address. */
export function batvMailbox(address: string): string | null {
  const split = splitAddress(address);
  if (!split || split.local.length > 400) return null;
  const user = TAG_FIRST.exec(split.local)?.[4] ?? USER_FIRST.exec(split.local)?.[1];
  return user === undefined ? null : `${user}@${split.domain}`;
}

export function readBatv(
  address: string,
  { batv }: Pick<ReturnPathSettings, "batv">,
  receivedAt: Date | string | null,
): ReturnPathReading | null {
  const split = splitAddress(address);
  if (!split || split.local.length > 400) return null;
  const first = TAG_FIRST.exec(split.local);
  const last = first ? null : USER_FIRST.exec(split.local);
  if (!first && !last) return null;
  const [key, days, signature] = (first ? first.slice(1, 4) : last!.slice(2, 5)) as [string, string, string];
  const user = first ? first[4]! : last![1]!;
  const today = dayOf(receivedAt);
  const expires = today === null ? null : latestDay(Number(days), 1000, today + MAX_AHEAD_DAYS);
  const secrets = batv?.secrets ?? [];
  const isSigned = secrets.some((secret) => {
    // The address is signed as it was written; relays may have folded its case since.
    const [written, folded] = [`${user}@${split.domain}`, `${user}@${address.slice(address.lastIndexOf("@") + 1)}`];
    return [written, folded, written.toLowerCase()].some((signed) =>
      isSameText(
        bytesToHex(hmac(sha1, utf8ToBytes(secret), utf8ToBytes(key + days + signed))).slice(0, 6),
        signature.toLowerCase(),
      ),
    );
  });
  let check: ReturnPathCheck = "unchecked";
  if (secrets.length > 0) {
    if (!isSigned) check = "bad";
    else check = expires !== null && today !== null && expires < today ? "expired" : "valid";
  }
  return {
    address,
    scheme: "batv",
    recipient: null,
    tag: null,
    issuedAt: expires === null ? null : instantOfDay(expires - LIFE_DAYS),
    check,
    bindsRecipient: null,
  };
}
