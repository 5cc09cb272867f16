/**
 * Any text in lower-case letters and digits, readable, and equal under case folding: relays fold case, and refuse much
 * of what RFC 5321 allows in a local part. `q` escapes: `user@example.org` is `userqaexampleqdorg`.
 */
import { utf8ToBytes } from "@noble/hashes/utils.js";

const ESCAPES: readonly (readonly [string, string])[] = [
  ["q", "qq"],
  ["@", "qa"],
  [".", "qd"],
  ["-", "qh"],
  ["_", "qu"],
  ["+", "qp"],
  ["=", "qe"],
];
const TO_SAFE: ReadonlyMap<string, string> = new Map(ESCAPES);
const FROM_SAFE: ReadonlyMap<string, string> = new Map(ESCAPES.map(([char, escape]) => [escape, char]));

export function encodeSafe(text: string): string {
  let safe = "";
  for (const char of text) {
    if (/^[a-pr-z0-9]$/.test(char)) safe += char;
    else if (/^[A-Z]$/.test(char)) safe += `qc${char.toLowerCase()}`;
    else
      safe +=
        TO_SAFE.get(char) ?? [...utf8ToBytes(char)].map((octet) => `qx${octet.toString(16).padStart(2, "0")}`).join("");
  }
  return safe;
}

/** The only text that encodes to this; null where there is none. */
export function decodeSafe(safe: string): string | null {
  const octets: number[] = [];
  for (let at = 0; at < safe.length;) {
    if (safe[at] !== "q") {
      octets.push(safe.charCodeAt(at++));
      continue;
    }
    const token = safe.slice(at, at + 2);
    const plain = FROM_SAFE.get(token);
    if (plain !== undefined) {
      octets.push(plain.charCodeAt(0));
      at += 2;
    } else if (token === "qc") {
      octets.push(
        safe
          .slice(at + 2, at + 3)
          .toUpperCase()
          .charCodeAt(0),
      );
      at += 3;
    } else if (token === "qx") {
      octets.push(Number.parseInt(safe.slice(at + 2, at + 4), 16));
      at += 4;
    } else return null;
  }
  if (octets.some((octet) => !(octet >= 0 && octet <= 255))) return null;
  const text = new TextDecoder().decode(Uint8Array.from(octets));
  return encodeSafe(text) === safe ? text : null;
}

/** Index of a two-character token that begins with the escape, passing over other escapes; -1 for none. */
export function indexOfToken(safe: string, tokens: readonly string[]): number {
  for (let at = safe.indexOf("q"); at >= 0;) {
    const token = safe.slice(at, at + 2);
    if (tokens.includes(token)) return at;
    // The letter of a capital may be another `q`.
    at = safe.indexOf("q", at + (token === "qc" ? 3 : 2));
  }
  return -1;
}
