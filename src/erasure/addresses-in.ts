/**
 * Which addresses a text holds, in the spellings that mail uses: plain, inside return paths (VERP), percent-encoded,
 * quoted-printable, base64, encoded words. Linear in the text. What is found is compared whole: `xbob@example.org` does
 * not hold `bob@example.org`.
 */
import { normalAddress } from "../addresses/normal-address.ts";

/** Octets of one address on either side of its @. */
const MAX_LOCAL = 320;
const MAX_DOMAIN = 255;

/** Adds to `found`. What is in `written` was found before, as it stands: events say the same address again and again. */
export function addressesWrittenIn(
  text: string,
  found: Set<string> = new Set(),
  written: Set<string> = new Set(),
): Set<string> {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (at - start < MAX_LOCAL && isLocalPart(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end - at < MAX_DOMAIN && isDomain(text.charCodeAt(end))) end++;
    while (end > at + 1 && isDomainEnd(text.charCodeAt(end - 1))) end--;
    const domain = text.slice(at + 1, end);
    if (start === at || domain === "") continue;
    const address = text.slice(start, at + 1) + domain;
    if (written.has(address)) continue;
    written.add(address);
    addSpellings(text.slice(start, at), domain, found);
  }
  if (text.includes("%40")) addressesWrittenIn(text.replaceAll("%40", "@"), found, written);
  return found;
}

/** In a message as it came: also in what its transfer encodings hide. */
export function addressesInMessage(message: Buffer, found: Set<string> = new Set()): Set<string> {
  for (const text of readableForms(message)) addressesWrittenIn(text, found);
  return found;
}

/** In every string of a value, however deep. */
export function addressesInValue(
  value: unknown,
  found: Set<string> = new Set(),
  written: Set<string> = new Set(),
): Set<string> {
  if (typeof value === "string") addressesWrittenIn(value, found, written);
  else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) addressesInValue(inner, found, written);
  return found;
}

// NaN, before the beginning and behind the end, is neither.
const isLocalPart = (code: number): boolean => code > 0x20 && code !== 0x7f && IS_DELIMITER[code] !== 1;
const isDomain = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x2d ||
  code === 0x2e ||
  code === 0x5f ||
  code >= 0x80;
/** A dot or hyphen that ends the sentence. */
const isDomainEnd = (code: number): boolean => code === 0x2d || code === 0x2e;
const IS_DELIMITER = new Uint8Array(0x80);
for (const code of Buffer.from('<>()[]",;:\\@')) IS_DELIMITER[code] = 1;

/** What may stand before or within another address. */
const MARKED = /[=/'*`{|!&?#]/;

function addSpellings(local: string, domain: string, found: Set<string>): void {
  found.add(normalAddress(`${local}@${domain}`));
  if (!MARKED.test(local)) return;
  // What markup, a URL or a parameter put in front: `'bob`, `*bob`, `mail=bob`, `/u/bob`.
  const bare = /[^=/'*`{|!&?#]+$/.exec(local)?.[0];
  if (bare !== undefined && bare !== local) found.add(normalAddress(`${bare}@${domain}`));
  // VERP: `bounces+bob=example.org@…`, `list-bob=example.org@…`, `bob=example.org@…`.
  const [, user, place] = /^(.+)=([^=]*\.[^=]*)$/.exec(local) ?? [];
  if (user === undefined || place === undefined) return;
  const after = (mark: number): string => user.slice(mark + 1);
  for (const part of [user, after(user.indexOf("+")), after(user.lastIndexOf("+")), after(user.lastIndexOf("-"))])
    if (part !== "") found.add(normalAddress(`${part}@${place}`));
}

const ENCODED_WORD = /=\?[^?\s]{1,40}\?([bq])\?([^?\s]{1,1000})\?=/gi;
/** Where quoted-printable cuts an address in two, or hides its @ or a dot. */
const QUOTED = /=(?:\r?\n|40|2E)/i;
/** A line of base64 that can begin a block of it. */
const BASE64_BEGIN = /^[A-Za-z0-9+/]{40,}={0,2}\r?$/m;
const BASE64_LINE = /^[A-Za-z0-9+/]+={0,2}$/;

function* readableForms(message: Buffer): Generator<string> {
  const text = message.toString("utf8");
  yield text;
  if (QUOTED.test(text)) yield fromQuotedPrintable(message);
  if (text.includes("=?"))
    for (const [, encoding, word = ""] of text.matchAll(ENCODED_WORD))
      yield encoding?.toLowerCase() === "b"
        ? Buffer.from(word, "base64").toString("utf8")
        : fromQuotedPrintable(Buffer.from(word.replaceAll("_", " "), "utf8"));
  const begin = text.search(BASE64_BEGIN);
  if (begin < 0) return;
  let block: string[] = [];
  for (const line of [...text.slice(begin).split(/\r?\n/), ""]) {
    if (block.length > 0 ? BASE64_LINE.test(line) : line.length >= 40 && BASE64_LINE.test(line)) block.push(line);
    else if (block.length > 0) {
      yield Buffer.from(block.join(""), "base64").toString("utf8");
      block = [];
    }
  }
}

function fromQuotedPrintable(octets: Buffer): string {
  const out = Buffer.allocUnsafe(octets.length);
  let length = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    if (octet === EQUALS) {
      const next = octets[at + 1];
      if (next === LF || (next === CR && octets[at + 2] === LF)) {
        at += next === LF ? 1 : 2;
        continue;
      }
      const high = hexDigit(next);
      const low = hexDigit(octets[at + 2]);
      if (high >= 0 && low >= 0) {
        out[length++] = high * 16 + low;
        at += 2;
        continue;
      }
    }
    out[length++] = octet;
  }
  return out.toString("utf8", 0, length);
}

const [EQUALS, LF, CR] = [0x3d, 0x0a, 0x0d];

/** -1 for what is none. */
function hexDigit(octet: number | undefined): number {
  if (octet === undefined) return -1;
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
