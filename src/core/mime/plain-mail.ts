/**
 * The usual message, split without streams: an order of magnitude faster than mailparser, which stays the reader of
 * everything else. The rule is to give up (null) wherever two MIME readers could disagree: damaged or ambiguous
 * structure, unusual charsets, RFC 2231, format=flowed, a text beside HTML. What is read here is read exactly as
 * mailparser reads it; test/core/mime/plain-mail.test.ts holds the two side by side over all fixtures and mutations of them.
 */
import { bufferOf } from "../fields/buffer-of.ts";
import type { HeaderField } from "../fields/header-block.ts";
import type { MailPart } from "./mail-part.ts";
import { decodePlainContent } from "./plain-content.ts";
import { parsePlainMimeHeader, type MimeValue } from "./plain-header.ts";

export interface PlainMail {
  readonly headers: readonly HeaderField[];
  readonly text: string;
  readonly html: string;
  readonly parts: readonly MailPart[];
}

const MAX_OCTETS = 4 * 1024 * 1024;
const MAX_HEADER = 128 * 1024;
const MAX_PARTS = 50;
const MAX_DEPTH = 5;
const TEXT_TYPES = new Set(["text/plain", "text/html"]);
const UTF8 = new Set(["ascii", "usascii", "utf8"]);
/** For octets below 0x80 all of these are ASCII. */
const ASCII_SUPERSET =
  /^(iso-?8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(jp|kr)|shift_jis)$/i;

class GiveUp extends Error {}
const giveUp = (): never => {
  throw new GiveUp();
};

interface Walk {
  readonly raw: Uint8Array;
  /** One char per octet, so offsets are the same. */
  readonly octets: string;
  readonly decode: (octets: Uint8Array) => string;
  readonly texts: string[];
  readonly htmls: string[];
  readonly parts: MailPart[];
  count: number;
  /** A text/plain part outside multipart/alternative: mailparser would turn it into HTML if there is any. */
  hasLoneText: boolean;
}

/**
 * What `repairOctets` gives: no CR stands alone, which ends a line for some readers only. Null: let mailparser read it.
 * `decode` reads what calls itself UTF-8 or ASCII, or names no charset.
 */
export function readPlainMail(
  raw: Uint8Array,
  octets: string,
  decode: (octets: Uint8Array) => string = asUtf8,
): PlainMail | null {
  if (raw.length > MAX_OCTETS) return null;
  const walk: Walk = { raw, octets, decode, texts: [], htmls: [], parts: [], count: 0, hasLoneText: false };
  try {
    const headers = readNode(walk, {
      start: 0,
      end: octets.length,
      partId: null,
      depth: 0,
      boundaries: [],
      inAlternative: false,
    });
    if (walk.hasLoneText && walk.htmls.length > 0) return null;
    return { headers, text: walk.texts.join("\n"), html: walk.htmls.join("<br/>\n"), parts: walk.parts };
  } catch (error) {
    if (error instanceof GiveUp) return null;
    throw error;
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly partId: string | null;
  readonly depth: number;
  /** Of the multiparts around it. */
  readonly boundaries: readonly string[];
  readonly inAlternative: boolean;
}

function readNode(walk: Walk, place: Place): readonly HeaderField[] {
  if (++walk.count > MAX_PARTS || place.depth > MAX_DEPTH) giveUp();
  const { headers, bodyStart } = readHeader(walk.octets, place);
  const type = mimeHeader(headers, "content-type");
  const disposition = mimeHeader(headers, "content-disposition");
  if (!type && disposition) giveUp();
  // mailparser splits at a boundary whatever the type says.
  if (type?.params.has("boundary") && !type.value.startsWith("multipart/")) giveUp();
  const contentType = type?.value ?? "text/plain";
  if (contentType.startsWith("multipart/")) {
    // RFC 2046 section 5.1.1; an encoded multipart is not decoded by mailparser either.
    readMultipart(walk, place, type?.params.get("boundary") ?? "", bodyStart, contentType);
  } else if (contentType.includes("/")) readLeaf(walk, place, { headers, contentType, type, disposition, bodyStart });
  else giveUp();
  return headers;
}

const FIELD_NAME = /^[!-9;-~]{1,100}$/;

function readHeader(
  octets: string,
  { start, end, depth }: Place,
): { headers: readonly HeaderField[]; bodyStart: number } {
  const fields: { name: string; value: string }[] = [];
  let at = start;
  for (;;) {
    const lineEnd = octets.indexOf("\n", at);
    if (lineEnd < 0 || lineEnd >= end || at - start > MAX_HEADER) return giveUp();
    const line = octets.slice(at, octets[lineEnd - 1] === "\r" && lineEnd > at ? lineEnd - 1 : lineEnd);
    at = lineEnd + 1;
    if (line === "") break;
    if (line.startsWith(" ") || line.startsWith("\t")) {
      const last = fields.at(-1);
      if (!last || line.trim() === "") return giveUp();
      last.value += `\n${line}`;
      continue;
    }
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon));
    if (!FIELD_NAME.test(name)) return giveUp();
    fields.push({ name: name.toLowerCase(), value: line.slice(colon + 1) });
  }
  // A part may have no header at all (Sendmail writes such parts), a message may not.
  if (fields.length === 0 && depth === 0) giveUp();
  for (const field of fields) {
    const { value } = field;
    field.value = (value.includes("\n") ? value.replace(/\n[ \t]*/g, " ") : value).trim();
  }
  return { headers: fields, bodyStart: at };
}

/** Null: not there. Gives up when it is there twice. */
function onlyField(headers: readonly HeaderField[], name: string): string | null {
  let value: string | null = null;
  for (const field of headers) {
    if (field.name !== name) continue;
    if (value !== null) giveUp();
    value = field.value;
  }
  return value;
}

/** Null: not there. Gives up when it is there twice or not in plain form. */
function mimeHeader(headers: readonly HeaderField[], name: string): MimeValue | null {
  const value = onlyField(headers, name);
  return value === null ? null : (parsePlainMimeHeader(value) ?? giveUp());
}

function readMultipart(walk: Walk, place: Place, boundary: string, bodyStart: number, contentType: string): void {
  if (boundary === "" || boundary !== boundary.trimEnd()) giveUp();
  if (place.boundaries.some((outer) => outer.startsWith(boundary) || boundary.startsWith(outer))) giveUp();
  const { octets } = walk;
  const delimiter = `--${boundary}`;
  const starts: number[] = [];
  const ends: number[] = [];
  let isClosed = false;
  for (
    let at = octets.indexOf(delimiter, bodyStart - 1);
    at >= 0 && at < place.end;
    at = octets.indexOf(delimiter, at + 1)
  ) {
    if (at !== bodyStart && octets[at - 1] !== "\n") continue;
    if (isClosed) giveUp();
    let after = at + delimiter.length;
    if (octets.startsWith("--", after)) {
      isClosed = true;
      after += 2;
    }
    while (octets[after] === " " || octets[after] === "\t") after++;
    if (octets[after] === "\r") after++;
    // Only the closing delimiter may end the message.
    if (octets[after] !== "\n" && !(isClosed && after >= place.end)) giveUp();
    ends.push(at);
    if (!isClosed) starts.push(after + 1);
  }
  if (!isClosed || starts.length === 0) giveUp();
  for (const [index, start] of starts.entries()) {
    readNode(walk, {
      start,
      end: beforeLineEnd(octets, ends[index + 1] ?? giveUp(), start),
      partId: place.partId === null ? String(index + 1) : `${place.partId}.${index + 1}`,
      depth: place.depth + 1,
      boundaries: [...place.boundaries, boundary],
      inAlternative: place.inAlternative || contentType === "multipart/alternative",
    });
  }
}

/** The line end before a delimiter belongs to the delimiter. */
function beforeLineEnd(octets: string, at: number, start: number): number {
  let end = at;
  if (end > start && octets[end - 1] === "\n") end--;
  if (end > start && octets[end - 1] === "\r") end--;
  return end;
}

interface Leaf {
  readonly headers: readonly HeaderField[];
  readonly contentType: string;
  readonly type: MimeValue | null;
  readonly disposition: MimeValue | null;
  readonly bodyStart: number;
}

function readLeaf(walk: Walk, place: Place, { headers, contentType, type, disposition, bodyStart }: Leaf): void {
  const encoding = (onlyField(headers, "content-transfer-encoding") ?? "").toLowerCase();
  const body = walk.raw.subarray(bodyStart, Math.max(bodyStart, place.end));
  // Whether the line end of an empty body belongs to it is read in more than one way.
  if (body.length <= 2) giveUp();
  const content = decodePlainContent(body, encoding) ?? giveUp();
  const shown = disposition?.value ?? (TEXT_TYPES.has(contentType) ? "inline" : "attachment");
  if (shown !== "inline" && shown !== "attachment") giveUp();
  if (TEXT_TYPES.has(contentType) && shown === "inline") {
    readText(walk, place, contentType, type, content);
    return;
  }
  const fileName = disposition?.params.get("filename") || type?.params.get("name") || null;
  if (contentType === "application/octet-stream" && fileName !== null) giveUp();
  walk.parts.push({
    contentType,
    charset: type?.params.get("charset")?.toLowerCase() ?? null,
    fileName,
    content,
    partId: place.partId,
  });
}

function readText(walk: Walk, place: Place, contentType: string, type: MimeValue | null, content: Uint8Array): void {
  const charset = type?.params.get("charset") || "utf-8";
  if (type?.params.get("format")?.toLowerCase() === "flowed") giveUp();
  if (
    !UTF8.has(charset.toLowerCase().replace(/[^a-z0-9]+/g, "")) &&
    !(ASCII_SUPERSET.test(charset) && isAscii(content))
  )
    giveUp();
  const text = walk.decode(content).replaceAll("\r\n", "\n");
  if (contentType === "text/html") {
    if (text !== "") walk.htmls.push(text);
    return;
  }
  if (!place.inAlternative) walk.hasLoneText = true;
  if (text !== "") walk.texts.push(text);
}

const asUtf8 = (octets: Uint8Array): string => bufferOf(octets).toString("utf8");

function isAscii(octets: Uint8Array): boolean {
  for (const octet of octets) if (octet >= 0x80 || octet === 0x1b) return false;
  return true;
}
