/**
 * Sender rewriting scheme: `SRS0=HHHH=TT=sender.example=user@forwarder`, and `SRS1=HHHH=first==HHHH=TT=sender.example=user@forwarder`
 * for the second forwarder. It names the reverse-path that was rewritten, not the recipient. Hashes as Mail::SRS,
 * libsrs2 and postsrsd make them (HMAC-SHA1, base64), and, where it is asked for, as Exim does (HMAC-MD5, four hex digits,
 * the day not signed).
 *
 * A short hash can be found by trying: it keeps out mail by accident, and is evidence of nothing (`isGuessable`).
 */
import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { dayOf, instantOfDay, latestDay } from "./days.ts";
import { isSameText } from "./mac.ts";
import { splitAddress, type ReturnPathCheck, type ReturnPathReading } from "./reading.ts";
import type { ReturnPathSettings } from "./settings.ts";

const STAMP = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const MODULUS = 1024;
const SRS0 = /^SRS0[=+-]([^=\s]{2,40})=([A-Z2-7]{2})=([^=\s]{1,255})=(.{1,255})$/i;
const SRS1 = /^SRS1[=+-]([^=\s]{2,40})=([^=\s]{1,255})=([=+-](.{5,400}))$/i;
/** Shorter ones are not looked at. */
const MIN_HASH = 4;
/** Of base64 without case: 41 bits and more. */
const MIN_EVIDENCE = 8;

export function readSrs(
  address: string,
  { srs, maxAgeDays }: Pick<ReturnPathSettings, "srs" | "maxAgeDays">,
  receivedAt: Date | string | null,
): ReturnPathReading | null {
  const local = splitAddress(address)?.local;
  if (local === undefined || local.length > 800) return null;
  const second = SRS1.exec(local);
  const inner = SRS0.exec(second ? `SRS0=${second[4]!}` : local);
  if (!inner) return null;
  const [, hash, stamp, domain, user] = inner as unknown as [string, string, string, string, string];
  const today = dayOf(receivedAt);
  const issued = today === null ? null : latestDay(dayNumber(stamp), MODULUS, today + 1);
  const secrets = srs?.secrets ?? [];
  // The hash inside SRS1 is the first forwarder's, with a key that we do not have.
  const isSigned = second
    ? isHashOf(second[1]!, secrets, second[2]! + second[3]!)
    : isHashOf(hash, secrets, stamp + domain + user);
  const isExim = !isSigned && !second && srs?.exim === true && isEximHash(hash, secrets, `${user}@${domain}`);
  let check: ReturnPathCheck = "unchecked";
  if (secrets.length > 0) {
    if (isExim) check = "valid";
    else if (!isSigned) check = "bad";
    else check = issued !== null && today !== null && today - issued > maxAgeDays ? "expired" : "valid";
  }
  return {
    address,
    scheme: "srs",
    recipient: null,
    tag: `${user}@${domain}`,
    // Whoever holds an address of Exim's can write any day into it.
    issuedAt: issued === null || isExim ? null : instantOfDay(issued),
    check,
    isGuessable: (second?.[1] ?? hash).length < MIN_EVIDENCE,
    bindsRecipient: null,
  };
}

const dayNumber = (stamp: string): number =>
  STAMP.indexOf(stamp[0]!.toUpperCase()) * 32 + STAMP.indexOf(stamp[1]!.toUpperCase());

function isHashOf(hash: string, secrets: readonly string[], signed: string): boolean {
  if (hash.length < MIN_HASH) return false;
  const octets = utf8ToBytes(signed.toLowerCase());
  return secrets.some((secret) => {
    const key = utf8ToBytes(secret);
    const base64 = btoa(String.fromCharCode(...hmac(sha1, key, octets))).slice(0, hash.length);
    // Relays fold case, so the hash is compared without it, as Mail::SRS does.
    return isSameText(base64.toLowerCase(), hash.toLowerCase());
  });
}

/** Of the rewritten reverse-path alone: Exim does not sign the day. */
const isEximHash = (hash: string, secrets: readonly string[], reversePath: string): boolean =>
  hash.length === MIN_HASH &&
  secrets.some((secret) =>
    isSameText(
      bytesToHex(hmac(md5, utf8ToBytes(secret), utf8ToBytes(reversePath.toLowerCase()))).slice(0, MIN_HASH),
      hash.toLowerCase(),
    ),
  );
