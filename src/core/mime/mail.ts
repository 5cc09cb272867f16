/**
 * Raw octets -> Mail. The only importer of mailparser.
 *
 * Lean options: report parts stay apart as raw attachments (by default mailparser pours `message/delivery-status` into
 * the text, where a text/plain part could impersonate it), no HTML conversion, no link detection, no checksums.
 */
import { simpleParser, type Attachment } from "mailparser";
import type { HeaderField } from "../fields/header-block.ts";
import type { MailPart } from "./mail-part.ts";
import { bufferOf } from "../fields/buffer-of.ts";
import { guessText } from "../fields/charset.ts";
import { readPlainMail, type PlainMail } from "./plain-mail.ts";
import { flatText, isCutShort, rebuildMultipart, repairOctets } from "./repair.ts";
import { openEnvelope } from "./open-envelope.ts";
import { findWrapped, type Wrapped } from "./wrapped.ts";
import type { Warning } from "../fields/warning.ts";

export { headerOf, type HeaderField } from "../fields/header-block.ts";
export type { MailPart } from "./mail-part.ts";

export interface Mail {
  readonly headers: readonly HeaderField[];
  /** All text/plain parts, decoded, line ends as LF. Empty if there is none. */
  readonly text: string;
  /** All text/html parts, decoded; never shown to anyone. Empty if there is none. */
  readonly html: string;
  readonly parts: readonly MailPart[];
  /** Mail that came inside this one (journaled, forwarded, a digest of reports); null in the usual case. */
  readonly inner: InnerMail | null;
  /** The octets that were parsed. */
  readonly raw: Uint8Array;
  readonly warnings: readonly Warning[];
}

export interface InnerMail {
  readonly wrapper: Wrapped["wrapper"];
  readonly isEnvelope: boolean;
  readonly mails: readonly Mail[];
}

/** Options of mailparser; exported for the benchmark beside which we stand. */
export const LEAN = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  keepDeliveryStatus: true,
  ignoreEmbedded: true,
  checksumAlgo: false,
} as const;

const MAX_DEPTH = 3;

/**
 * Parses a message. Rejects only where mailparser gives up (header block, part count or depth beyond its bounds);
 * the caller records that as an outcome.
 */
export async function parseMail(octets: Uint8Array): Promise<Mail> {
  return parseAt(octets, 0);
}

async function parseAt(octets: Uint8Array, depth: number): Promise<Mail> {
  const { raw, text, warnings } = repairOctets(octets);
  const plain = readPlainMail(raw, text);
  const read = plain ?? (await readAnyMail(raw));
  const known = isGarbled(read) ? (readPlainMail(raw, text, guessText) ?? read) : read;
  const mail: Mail = { ...known, inner: null, raw, warnings };
  // A plain mail is whole.
  if (!plain && isCutShort(mail)) warnings.push({ code: "truncated" });
  if (depth >= MAX_DEPTH) return mail;
  const rebuilt = rebuildMultipart(mail);
  if (rebuilt) {
    const again = await parseAt(rebuilt, MAX_DEPTH);
    if (again.parts.length > 0)
      return { ...again, headers: mail.headers, raw, warnings: [...warnings, { code: "lost-boundary" }] };
  }
  const flat = flatText(mail);
  if (flat !== null) return { ...mail, text: flat, warnings: [...warnings, { code: "lost-boundary" }] };
  const opened = openEnvelope(mail);
  if (opened) {
    const again = await parseAt(opened.octets, depth + 1);
    const warning = { code: "wrapped", value: opened.wrapper };
    return { ...again, raw, warnings: [...warnings, ...again.warnings, warning] };
  }
  const wrapped = findWrapped(mail);
  return wrapped ? { ...mail, inner: await readInner(wrapped, depth + 1) } : mail;
}

/** Octets that are no UTF-8 in what calls itself so, or names no charset. */
const isGarbled = ({ text, html }: PlainMail): boolean => text.includes("\ufffd") || html.includes("\ufffd");

async function readInner({ messages, ...wrapped }: Wrapped, depth: number): Promise<InnerMail> {
  const mails: Mail[] = [];
  for (const octets of messages) {
    // What cannot be parsed inside costs that message alone.
    const mail = await parseAt(octets, depth).catch(() => null);
    if (mail) mails.push(mail);
  }
  return { ...wrapped, mails };
}

/** Any message, by mailparser: what is not plain, and the measure of what is. */
export async function readAnyMail(raw: Uint8Array): Promise<PlainMail> {
  const parsed = await simpleParser(bufferOf(raw), LEAN);
  return {
    headers: (parsed.headerLines ?? []).map(readHeaderLine),
    text: withLineFeeds(parsed.text ?? ""),
    html: parsed.html || "",
    parts: parsed.attachments.map((part) => ({
      contentType: typeOf(part),
      charset: charsetOf(part),
      fileName: part.filename ?? null,
      content: part.content,
      partId: part.partId ?? null,
    })),
  };
}

const withLineFeeds = (text: string): string => (text.includes("\r") ? text.replaceAll("\r\n", "\n") : text);

const readHeaderLine = ({ key, line }: { readonly key: string; readonly line: string }): HeaderField => {
  const value = line.slice(line.indexOf(":") + 1);
  return { name: key, value: (value.includes("\n") ? value.replace(/\r?\n[ \t]*/g, " ") : value).trim() };
};

/** mailparser gives `false` for a type it cannot read; RFC 2046 section 5.2.4 says what that is then. */
function typeOf(part: Attachment): string {
  const type: unknown = part.contentType;
  return typeof type === "string" && type !== "" ? type.toLowerCase() : "application/octet-stream";
}

function charsetOf(part: Attachment): string | null {
  const header: unknown = part.headers.get("content-type");
  if (typeof header !== "object" || header === null || !("params" in header)) return null;
  const { params } = header;
  if (typeof params !== "object" || params === null || !("charset" in params)) return null;
  return typeof params.charset === "string" ? params.charset.toLowerCase() : null;
}

/** First part of one of these types, in the order of the message. */
export const findPart = (mail: Mail, ...types: readonly string[]): MailPart | null =>
  mail.parts.find((part) => types.includes(part.contentType)) ?? null;
