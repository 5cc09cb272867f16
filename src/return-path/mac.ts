/** Keyed digests for addresses: letters and digits only, equal under case folding. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** The first `length` characters of base32, lower-case: five bits each, none left over. */
function base32(octets: Uint8Array, length: number): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const octet of octets) {
    held = (held << 8) | octet;
    bits += 8;
    for (; bits >= 5 && text.length < length; bits -= 5) text += ALPHABET[(held >>> (bits - 5)) & 31]!;
    held &= 0xff;
  }
  return text;
}

/** Half the work of a short HMAC is its key. There are as many as there are secrets: a handful. */
const prepared = new Map<string, ReturnType<typeof prepare>>();
const prepare = (secret: string) => hmac.create(sha256, utf8ToBytes(secret));

/** HMAC-SHA256. `purpose` keeps the answers to one question from being used for another. */
export function macOf(secret: string, purpose: string, text: string, length: number): string {
  let keyed = prepared.get(secret);
  if (!keyed) prepared.set(secret, (keyed = prepare(secret)));
  const digest = keyed
    .clone()
    .update(utf8ToBytes(`bounced ${purpose}\n${text}`))
    .digest();
  return base32(digest, length);
}

/** Compares in a time that does not depend on where they differ. */
export function isSameText(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}
