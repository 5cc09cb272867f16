/** The suppression list in and out as CSV; the shapes are in formats/. */
import { Readable } from "node:stream";
import { parse, type CsvError } from "csv-parse";
import { csvStream } from "../log/csv.ts";
import { QueryError } from "../log/log-query.ts";
import { openCsvText } from "./csv-text.ts";
import { LIST_SHAPES, type ListFormat } from "./formats/index.ts";
import type { ListShape } from "./formats/shape.ts";
import type { NewSuppression, Suppression } from "./suppression.ts";

/** Entries for a domain are left out of the formats that know addresses only. */
export function listCsvOf(entries: AsyncIterable<Suppression>, format: ListFormat): Readable {
  const shape = LIST_SHAPES[format];
  return csvStream(shape.columns, rowsOf(entries, shape));
}

async function* rowsOf(entries: AsyncIterable<Suppression>, { write, domains }: ListShape) {
  for await (const entry of entries) if (domains || entry.scope === "address") yield* write(entry);
}

export interface ImportLine {
  readonly line: number;
  /** Null: it is of an address that may be written to. */
  readonly entry: NewSuppression | null;
}

/** Reads line by line. Throws QueryError where the text is not CSV of this format. */
export async function* readListCsv(
  input: AsyncIterable<Uint8Array | string>,
  format: ListFormat,
): AsyncGenerator<ImportLine> {
  const { delimiter, text } = await openCsvText(input);
  const shape = LIST_SHAPES[format];
  const source = Readable.from(text);
  const parser = source.pipe(
    parse({
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      info: true,
      max_record_size: 65_536,
    }),
  );
  source.on("error", (error) => parser.destroy(error));
  let heading: readonly string[] | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (heading === null) {
        const found = headingOf(record, shape);
        heading = found ?? shape.columns.map(plainName);
        if (found) continue;
      }
      const names = heading;
      yield { line: info.lines, entry: shape.read((name) => unquoted(record[names.indexOf(name)] ?? "")) };
    }
  } catch (cause) {
    if (cause instanceof QueryError || !(cause instanceof Error) || !("code" in cause)) throw cause;
    throw new QueryError(`not CSV: ${csvProblem(cause as CsvError)}`, { cause });
  } finally {
    source.destroy();
  }
}

const CSV_PROBLEMS: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: "text follows the closing quote of a field",
  CSV_QUOTE_NOT_CLOSED: "the quote of a field is never closed",
  CSV_MAX_RECORD_SIZE: "longer than 64 KiB",
};

const csvProblem = ({ code, lines, message }: CsvError): string =>
  `${typeof lines === "number" ? `line ${lines}: ` : ""}${CSV_PROBLEMS[code] ?? message}`;

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** Null where the file begins with an entry. */
function headingOf(record: readonly string[], { columns, needs, bare, name }: ListShape): readonly string[] | null {
  const names = record.map(plainName);
  if (names.some((one) => (needs ?? [...columns.map(plainName), "email", "address"]).includes(one))) return names;
  if (bare && record[0]?.includes("@")) return null;
  const got = JSON.stringify(record.join(",").slice(0, 80));
  if (needs && names.some((one) => columns.map(plainName).includes(one)))
    throw new QueryError(
      `heading: nothing in this file says which addresses are suppressed: ${name} calls that ${needs.join(" or ")}, got ${got}`,
    );
  throw new QueryError(`heading: expected ${columns.join(",")}, got ${got}`);
}

/** The apostrophe that keeps a spreadsheet from reading a formula. */
const unquoted = (cell: string): string => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);
