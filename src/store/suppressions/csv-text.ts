/** Octets of a CSV file -> text, and what separates its columns: spreadsheets write what they like. */
import { QueryError } from "../log/log-query.ts";

/** A heading is no longer than this. */
const MAX_HEADING = 65_536;

export interface CsvText {
  readonly delimiter: string;
  readonly text: AsyncIterable<string>;
}

/**
 * UTF-8, or UTF-16 with its mark, as Excel's "Unicode text"; throws QueryError on anything else while it is read, because
 * a wrong letter makes another address. Text passes as it is.
 */
export async function openCsvText(input: AsyncIterable<Uint8Array | string>): Promise<CsvText> {
  const parts = decoded(input);
  let head = "";
  while (!head.includes("\n") && head.length < MAX_HEADING) {
    const { value, done } = await parts.next();
    if (done) break;
    head += value;
  }
  async function* text(): AsyncGenerator<string> {
    if (head !== "") yield head;
    yield* parts;
  }
  return { delimiter: delimiterOf(head.split("\n", 1)[0] ?? ""), text: text() };
}

/** What the heading has most of, outside of quotes. A comma where it has none. */
function delimiterOf(heading: string): string {
  const bare = heading.replaceAll(/"[^"]*"/g, "");
  const counts = [",", ";", "\t"].map((one) => [one, bare.split(one).length] as const);
  return counts.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** A whole file. */
export const textOfCsv = (octets: Uint8Array): string => decode(decoderOf(octets), octets, false);

async function* decoded(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  for await (const part of input) {
    const text = typeof part === "string" ? part : decode((decoder ??= decoderOf(part)), part, true);
    if (text !== "") yield text;
  }
  const rest = decoder === null ? "" : decode(decoder, new Uint8Array(), false);
  if (rest !== "") yield rest;
}

function decode(decoder: TextDecoder, octets: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(octets, { stream });
  } catch (cause) {
    throw new QueryError(
      `not CSV: the file is not ${decoder.encoding.toUpperCase()} text. Save it as CSV in UTF-8 and try again`,
      { cause },
    );
  }
}

/** By the mark at its beginning; the first octets of a file come together. */
function decoderOf([first, second]: Uint8Array): TextDecoder {
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding, { fatal: true });
}
