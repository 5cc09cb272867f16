/** Encoded words in header values, RFC 2047, as found in the wild: also inside quotes, split within a character. */
import { decodeOctetString, decodeText, octetsOf } from "./charset.ts";

const WORD = /=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([BbQq])\?([^?\r\n]{0,4000})\?=(\s+(?==\?))?/g;

function octetsOfWord(encoding: string, payload: string): Uint8Array {
  if (encoding === "B" || encoding === "b") return Buffer.from(payload, "base64");
  const raw = payload
    .replaceAll("_", " ")
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return octetsOf(raw);
}

const concat = (chunks: readonly Uint8Array[]): Uint8Array =>
  chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);

// oxlint-disable-next-line no-control-regex -- control characters are what this removes
const CONTROLS = /[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g;

/** Neither printable ASCII alone nor free of encoded words. */
const NOT_PLAIN = /[^ -~]|=\?/;

/** Control characters, also those an encoded word smuggled in (`=?utf-8?q?=0D=0A?=`), become one blank each run. */
export const withoutControls = (text: string): string => text.replace(CONTROLS, " ");

/** Header value as it stands (one char per octet) -> readable text on one line. Never throws. */
export function decodeHeader(value: string): string {
  if (!NOT_PLAIN.test(value)) return value.trim();
  if (!value.includes("=?")) return withoutControls(decodeOctetString(value)).trim();
  let out = "";
  let last = 0;
  let charset = "";
  let pending: Uint8Array[] = [];
  const flush = (): void => {
    if (pending.length > 0) out += decodeText(concat(pending), charset);
    pending = [];
  };
  for (const match of value.matchAll(WORD)) {
    const [whole, label = "", encoding = "", payload = ""] = match;
    if (match.index !== last || label.toLowerCase() !== charset) flush();
    out += decodeOctetString(value.slice(last, match.index));
    charset = label.toLowerCase();
    // Neighbouring words of one charset are decoded together: many writers cut in the middle of a character.
    pending.push(octetsOfWord(encoding, payload));
    last = match.index + whole.length;
  }
  flush();
  return withoutControls(out + decodeOctetString(value.slice(last))).trim();
}
