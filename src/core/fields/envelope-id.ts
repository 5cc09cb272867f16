/**
 * `Original-Envelope-Id`, RFC 3464 section 2.2.1: the ENVID of the sender, from which the reporting MTA has taken the
 * xtext (RFC 3461 section 4). Some leave it encoded, others have decoded it: decoding twice would damage an id such as
 * `camp=77/msg+12`.
 */
import { decodeXtext } from "./address.ts";

/** Decoded where the whole value can be xtext, else as it stands. Null for none. */
export function parseEnvelopeId(value: string | null): string | null {
  if (value === null) return null;
  // xtext holds no `=`, and `+` only before two capital hex digits.
  if (value.includes("=") || /\+(?![0-9A-F]{2})/.test(value)) return value;
  const decoded = decodeXtext(value);
  // `msg+12` is an id with a number, not a control character.
  return /^[ -~]*$/.test(decoded) ? decoded : value;
}
