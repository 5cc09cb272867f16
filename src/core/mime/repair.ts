/** Damage done to whole messages on their way, put right before they are parsed. */
import { guessText, latin1 } from "../fields/charset.ts";
import type { Mail } from "./mail.ts";
import type { Warning } from "../fields/warning.ts";

const CR = 0x0d;
const LF = 0x0a;
/** `F`, `>` */
const FROM = 0x46;
const QUOTED = 0x3e;

const BARE_CR = /\r(?!\n)/;

/** Line ends of old Macs and of some gateways: a CR alone. mailparser would see one endless line. */
function lineFeedsForCarriageReturns(octets: Uint8Array): Uint8Array {
  const copy = new Uint8Array(octets);
  for (let at = octets.indexOf(CR); at >= 0; at = octets.indexOf(CR, at + 1)) {
    if (octets[at + 1] === LF) continue;
    // `CR CR LF` is one damaged line end, not two.
    copy[at] = octets[at + 1] === CR && octets[at + 2] === LF ? 0x20 : LF;
  }
  return copy;
}

/** Blank lines and mbox `From ` lines before the header: mailparser would take the message for one without header. */
function skipToHeader(octets: Uint8Array): number {
  if (octets[0] !== LF && octets[0] !== CR && octets[0] !== FROM && octets[0] !== QUOTED) return 0;
  let start = 0;
  for (;;) {
    while (octets[start] === LF || octets[start] === CR) start++;
    if (!/^>?From [^:]/.test(latin1(octets.subarray(start, start + 8)))) return start;
    const end = octets.indexOf(LF, start);
    if (end < 0) return start;
    start = end + 1;
  }
}

export interface RepairedOctets {
  /** What to parse; the same object where nothing was wrong. */
  readonly raw: Uint8Array;
  /** The same, one char per octet. */
  readonly text: string;
  readonly warnings: Warning[];
}

export function repairOctets(octets: Uint8Array): RepairedOctets {
  const text = latin1(octets);
  const isDamaged = BARE_CR.test(text);
  const whole = isDamaged ? lineFeedsForCarriageReturns(octets) : octets;
  const start = skipToHeader(whole);
  const raw = start === 0 ? whole : whole.subarray(start);
  return { raw, text: raw === octets ? text : latin1(raw), warnings: isDamaged ? [{ code: "bare-cr" }] : [] };
}

const MAX_BODY = 512 * 1024;
const BOUNDARY_LINE = /^--([^\s"]{1,70}(?: [^\s"]{1,70}){0,3})[ \t]*\r?\n(?=\r?\n|Content-)/gim;

/**
 * A multipart whose boundary the header does not know (lost or rewritten Content-Type): the same octets under a new
 * Content-Type, or null where the mail is whole or no boundary can be seen.
 */
export function rebuildMultipart(mail: Mail): Uint8Array | null {
  if (mail.parts.length > 0 || mail.html !== "") return null;
  const claimed = mail.headers.find(({ name }) => name === "content-type")?.value ?? null;
  const isMultipart = claimed !== null && /^\s*multipart\//i.test(claimed);
  if (isMultipart ? mail.text.trim() !== "" : claimed !== null || !mail.text.includes("\n--")) return null;
  const body = latin1(bodyOf(mail.raw).subarray(0, MAX_BODY));
  const delimiters = delimitersIn(body);
  for (const [, boundary = ""] of body.matchAll(BOUNDARY_LINE)) {
    if ((delimiters.get(boundary) ?? 0) < 2) continue;
    // What stands before the boundary may be the notice itself, the boundary that of the message quoted below it.
    const head = `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n--${boundary}\r\n\r\n`;
    return Buffer.from(head + body, "latin1");
  }
  return null;
}

/** How often each boundary stands in a line of its own, closing or not. */
function delimitersIn(body: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, line = ""] of body.matchAll(/^--([^\r\n]{1,300})/gm)) {
    const delimiter = line.trimEnd();
    for (const boundary of new Set([delimiter, delimiter.replace(/--$/, "")]))
      counts.set(boundary, (counts.get(boundary) ?? 0) + 1);
  }
  return counts;
}

/** The body of what claims to be a multipart and holds no delimiter at all; null for any other mail. */
export function flatText(mail: Mail): string | null {
  if (mail.parts.length > 0 || mail.html !== "" || mail.text.trim() !== "") return null;
  if (!/^\s*multipart\//i.test(mail.headers.find(({ name }) => name === "content-type")?.value ?? "")) return null;
  const text = guessText(bodyOf(mail.raw).subarray(0, MAX_BODY)).replaceAll("\r\n", "\n");
  return text.trim() === "" ? null : text;
}

/** After the first blank line. */
function bodyOf(raw: Uint8Array): Uint8Array {
  for (let at = raw.indexOf(LF); at >= 0; at = raw.indexOf(LF, at + 1)) {
    const next = raw[at + 1] === CR ? at + 2 : at + 1;
    if (raw[next] === LF) return raw.subarray(next + 1);
  }
  return raw.subarray(raw.length);
}

/** A multipart whose closing delimiter is missing: cut on its way, or only its head was kept. */
export function isCutShort(mail: Pick<Mail, "headers" | "raw">): boolean {
  const type = mail.headers.find(({ name }) => name === "content-type")?.value;
  if (type === undefined || !/^\s*multipart\//i.test(type)) return false;
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(type);
  const delimiter = boundary?.[1] ?? boundary?.[2];
  return (
    delimiter !== undefined &&
    Buffer.from(mail.raw.buffer, mail.raw.byteOffset, mail.raw.byteLength).lastIndexOf(`--${delimiter.trimEnd()}--`) < 0
  );
}
