/** A header section as it was signed: every field with its folds, RFC 6376 section 3.4. */
import { latin1 } from "../../fields/charset.ts";

export interface RawField {
  /** Lower-case. */
  readonly name: string;
  /** Name, colon and value with folds and CRLF between them, none at the end; one char per octet. */
  readonly text: string;
}

const MAX_OCTETS = 256 * 1024;
const MAX_FIELDS = 2_000;

/** Up to the first blank line. A bare LF counts as a line end, since mail programs store one for the other. */
export function rawFieldsOf(octets: Uint8Array): readonly RawField[] {
  const fields: { name: string; lines: string[] }[] = [];
  const lines = latin1(octets, MAX_OCTETS).split("\n");
  for (const ended of lines) {
    const line = ended.endsWith("\r") ? ended.slice(0, -1) : ended;
    if (line === "") {
      if (fields.length === 0) continue;
      break;
    }
    if (/^[ \t]/.test(line)) fields.at(-1)?.lines.push(line);
    else {
      const name = /^([!-9;-~]{1,200})[ \t]*:/.exec(line)?.[1];
      if (name === undefined) {
        // The line that some put above a message in a file.
        if (fields.length === 0 && /^>?From /.test(line)) continue;
        break;
      }
      if (fields.length >= MAX_FIELDS) break;
      fields.push({ name: name.toLowerCase(), lines: [line] });
    }
  }
  return fields.map(({ name, lines }) => ({ name, text: lines.join("\r\n") }));
}

/** The value on one line, without what surrounds it. */
export const valueOf = ({ text }: RawField): string =>
  text
    .slice(text.indexOf(":") + 1)
    .replaceAll("\r\n", "")
    .trim();

export const CANONICAL = {
  simple: ({ text }: RawField): string => text,
  /** RFC 6376 section 3.4.2. */
  relaxed: (field: RawField): string => `${field.name}:${valueOf(field).replace(/[ \t]+/g, " ")}`,
} as const;
