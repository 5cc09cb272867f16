/**
 * Addresses as reports write them: typed (`rfc822; user@example.org`, RFC 3464 section 2.3.1), internationalised
 * (RFC 6533 section 3), or loose in text (`<user@example.org>`). Case is kept; nothing is completed or guessed.
 */
import { DOMAIN, isAddress, MAX_ADDRESS, WIDE_PUNCTUATION } from "../../addresses/is-address.ts";
import { decodeHeader } from "./encoded-word.ts";

const IN_TEXT = new RegExp(
  // In angle brackets an address may hold what loose text puts around one: `<o'brien+news=2026@example.org>`.
  String.raw`(?:"(?:[^"\\\r\n]|\\.){1,64}"|(?<=<)[^\s"<>@,;:]{1,128}(?=@[^\s<>]{3,255}>)|[^\s"(),:;<>@[\]\\'=&?${WIDE_PUNCTUATION}]{1,128})@${DOMAIN}`,
  "gu",
);
const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}ー\p{sc=Hang}\p{sc=Thai}`;
const RUN_ON = new RegExp(String.raw`^(.{1,400}@[A-Za-z0-9.-]{1,240}\.[A-Za-z]{2,24})[${UNSPACED}]`, "u");
const RUN_IN = new RegExp(String.raw`^[${UNSPACED}]{1,40}(?=[A-Za-z0-9][\w.+-]{0,64}@[A-Za-z0-9.-]{1,255}$)`, "u");

/** RFC 3461 section 4: `+2B` is `+`. Anything that is no hex pair stays. */
export const decodeXtext = (text: string): string =>
  text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** RFC 6533 section 3: `\x{FC}`. Code points beyond Unicode and controls stay as they are. */
export const decodeEmbeddedUnicode = (text: string): string =>
  text.replace(/\\x\{([0-9A-Fa-f]{2,6})\}/g, (whole, hex: string) => {
    const point = Number.parseInt(hex, 16);
    const forbidden = point < 0x20 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff);
    return forbidden ? whole : String.fromCodePoint(point);
  });

/** `(comment)` at the end, outside quotes. */
const withoutComment = (text: string): string => text.replace(/\s+\([^()]{0,300}\)\s*$/, "");

/** The usual case, in which nothing is to be unwrapped. */
const BARE = /^[\w.+=-]{1,256}@[\w.-]{1,255}\w$/;

/** `<user@example.org>`, `Name <user@example.org>`, `mailto:user@example.org`, `"user@example.org"` -> the address. */
export function unwrapAddress(text: string): string {
  let inner = text.trim();
  if (BARE.test(inner)) return inner;
  const angled = /<\s*([^<>]{1,400}?)\s*>[^<>]{0,200}$/.exec(inner);
  if (angled) inner = angled[1]!;
  inner = inner.replace(/^(?:mailto|smtp|rfc822)\s{0,20}[:;]\s*/i, "");
  let end = inner.length;
  while (end > 0 && ">,;".includes(inner[end - 1]!)) end--;
  inner = inner.slice(0, end);
  const quoted = /^(['"])([^'"]+@[^'"]+)\1$/.exec(inner);
  if (quoted) inner = quoted[2]!;
  // RFC 5321 source routes: `@relay.example,@other.example:user@example.org`.
  return inner.replace(/^(?:@[\w.-]{1,255},?)+:/, "").trim();
}

/** One mailbox from loose text (header value, `<x@y>`): the bare address, or null when it is none. */
export function parseAddress(text: string): string | null {
  const address = unwrapAddress(text);
  return isAddress(address) ? address : null;
}

/** `rfc822; …`, also misspelt: `rfc/822;`, `rfc_822;`. */
const TYPED = /^\s*([A-Za-z][A-Za-z0-9/_-]{0,30})\s*;\s*(.*)$/s;

/**
 * Value of `Final-Recipient`, `Original-Recipient` and the like. The type may be missing. What is no mail address
 * (`local; root`, `x400; …`, a pipe) is given as it stands, without type; null only if nothing is left.
 */
export function parseTypedAddress(value: string): string | null {
  const typed = TYPED.exec(value);
  const type = typed?.[1]?.toLowerCase().replace(/[/_-](?=822$)/, "") ?? "rfc822";
  const written = typed ? typed[2]! : value;
  // `=?utf-8?B?…?=@example.org` is what SMTP was given and the mailbox that failed; elsewhere the word hides an address.
  const literal = unwrapAddress(written);
  if (type === "rfc822" && literal.includes("?=@") && isAddress(literal)) return literal;
  let text = decodeHeader(written);
  if (type === "utf-8" || text.includes("\\x{")) text = decodeEmbeddedUnicode(text);
  let address = unwrapAddress(text);
  // `user@example.org (expanded from: <alias@example.org>)` and `(comment)` alone.
  if (!isAddress(address)) {
    const bare = unwrapAddress(withoutComment(text).replace(/\s+\(.*$/s, ""));
    if (isAddress(bare)) address = bare;
  }
  // ORCPT that was copied without decoding it: `rfc822;user+40example.org`.
  if (!address.includes("@") && /\+40/.test(address)) address = decodeXtext(address);
  return address === "" || address.length > MAX_ADDRESS ? null : address;
}

/** Chinese, Japanese, Korean and Thai sentences go on without a blank: `user@example.org로` is `user@example.org`. */
export const withoutRunningText = (address: string): string =>
  (RUN_ON.exec(address)?.[1] ?? address).replace(RUN_IN, "");

/** Every address in a piece of text, in order, without duplicates, at most `limit`. */
export function addressesIn(text: string, limit = 1000): readonly string[] {
  const found = new Map<string, string>();
  if (!text.includes("@")) return [];
  for (const [match] of text.matchAll(IN_TEXT)) {
    const address = withoutRunningText(match.replace(/^[.*'`|]+|[.'`-]+$/g, ""));
    if (isAddress(address) && !found.has(address.toLowerCase())) found.set(address.toLowerCase(), address);
    if (found.size >= limit) break;
  }
  return [...found.values()];
}

const ONE_PLAIN =
  /^(?:"[^"\\@]{0,200}" |[\w .-]{0,200})?<([\w.+=-]{1,128}@[A-Za-z0-9.-]{1,253}[A-Za-z0-9])>$|^([\w.+=-]{1,128}@[A-Za-z0-9.-]{1,253}[A-Za-z0-9])$/;

/** Addresses of an address-list header (`To`, `Cc`): names, groups and comments are passed over. */
export function parseAddressList(value: string, limit = 1000): readonly string[] {
  if (value === "") return [];
  const plain = ONE_PLAIN.exec(value);
  if (plain) return [plain[1] ?? plain[2] ?? ""];
  return addressesIn(
    decodeHeader(value)
      .replace(/"(?:[^"\\]|\\.){0,200}"\s*(?=<)/g, "")
      .replace(/\([^()]{0,200}\)/g, " "),
    limit,
  );
}

/** Same mailbox for our purposes: domain and local part without regard to case, IDN left as written. */
export const sameAddress = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one.toLowerCase() === other.toLowerCase();
