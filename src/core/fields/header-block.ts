/** The header section of a message, RFC 5322 section 2.2, of the message itself or of one that was returned. */
import { latin1 } from "./charset.ts";

export interface HeaderField {
  /** Lower-case. */
  readonly name: string;
  /** Unfolded, still encoded (RFC 2047), one char per octet. */
  readonly value: string;
}

export interface WithHeaders {
  readonly headers: readonly HeaderField[];
}

const MAX_OCTETS = 256 * 1024;
/** Far above what any message carries. What is beyond is not read. */
const MAX_FIELDS = 2_000;
const MAX_FOLDS = 1_000;
const FIELD = /^([!-9;-~]{1,200})[ \t]*:[ \t]*(.*)$/;

/** First value of a header, still encoded, or null. */
export function headerOf({ headers }: WithHeaders, name: string): string | null {
  for (const field of headers) if (field.name === name) return field.value;
  return null;
}

/**
 * Fields up to the first blank line. Leading blank lines and an mbox `From ` line are skipped; a line that is no field
 * ends the section unless it is folded. At most 2,000 fields of 1,000 lines.
 */
export function readHeaderLines(lines: readonly string[]): readonly HeaderField[] {
  const fields: { name: string; lines: string[] }[] = [];
  for (const line of lines) {
    if (line.trim() === "") {
      if (fields.length === 0) continue;
      break;
    }
    const last = fields.at(-1);
    if (last && (line.startsWith(" ") || line.startsWith("\t"))) {
      if (last.lines.length < MAX_FOLDS) last.lines.push(line.trim());
      continue;
    }
    const match = FIELD.exec(line);
    if (match && fields.length < MAX_FIELDS) fields.push({ name: match[1]!.toLowerCase(), lines: [match[2]!.trim()] });
    else if (fields.length > 0) break;
    else if (!/^>?From /.test(line)) return [];
  }
  return fields.map(({ name, lines }) => ({ name, value: lines.join(" ").trim() }));
}

/** Header section of an embedded message or of a `text/rfc822-headers` part. Total; reads at most 256 KiB. */
export function readHeaderBlock(octets: Uint8Array): readonly HeaderField[] {
  const text = latin1(headerOctets(octets));
  return readHeaderLines((text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text).split("\n"));
}

/** Cut at the first blank line after something that is not blank, so that a large body is not copied. */
export function headerOctets(octets: Uint8Array): Uint8Array {
  const end = Math.min(octets.length, MAX_OCTETS);
  let seen = false;
  let lineEmpty = true;
  for (let index = 0; index < end; index++) {
    const octet = octets[index];
    if (octet === 0x0a) {
      if (lineEmpty && seen) return octets.subarray(0, index);
      lineEmpty = true;
    } else if (octet !== 0x0d) {
      lineEmpty = false;
      seen = true;
    }
  }
  return octets.subarray(0, end);
}
