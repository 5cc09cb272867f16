/** The suppression list in and out as CSV: our own columns, and those of four e-mail providers. */
import { Readable } from "node:stream";
import { parse, type CsvError } from "csv-parse";
import { REASON_TABLE } from "../../event/reasons.ts";
import { csvStream } from "../log/csv.ts";
import { QueryError } from "../log/log-query.ts";
import type { Cause, NewSuppression, Suppression } from "./suppression.ts";

export const LIST_FORMATS = ["bounced", "sendgrid", "ses", "postmark", "mailgun"] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

interface Shape {
  readonly columns: readonly string[];
  readonly write: (entry: Suppression) => readonly (string | number)[];
  /** Column names are lower case, letters and digits only. */
  readonly read: (cell: (name: string) => string) => NewSuppression;
}

const unixOf = (instant: string): number => Math.floor(Date.parse(instant) / 1000);
const isComplaint = ({ cause }: Suppression): boolean => cause === "complaint";

/** Seconds since 1970 or any date that JavaScript reads; undefined where there is none or it is neither. */
function instantOf(text: string): string | undefined {
  const at = /^\d{9,11}$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

const SHAPES: Readonly<Record<ListFormat, Shape>> = {
  bounced: {
    columns: ["value", "scope", "stream", "cause", "reason", "note", "actor", "created_at", "expires_at"],
    write: (entry) => [
      entry.value,
      entry.scope,
      entry.stream,
      entry.cause,
      entry.reason,
      entry.note,
      entry.actor,
      entry.createdAt,
      entry.expiresAt ?? "",
    ],
    read: (cell) => ({
      value: cell("value") || cell("address") || cell("email"),
      stream: cell("stream"),
      cause: causeOf(cell("cause")),
      reason: cell("reason"),
      note: cell("note") || undefined,
      createdAt: instantOf(cell("createdat")),
      expiresAt: cell("expiresat") || null,
    }),
  },
  // One file per list at SendGrid; the reason tells them apart.
  sendgrid: {
    columns: ["email", "created", "reason", "status"],
    write: (entry) => [
      entry.value,
      unixOf(entry.createdAt),
      entry.cause === "import" ? entry.reason : reasonText(entry),
      isComplaint(entry) ? "" : statusOf(entry),
    ],
    read: (cell) => ({
      value: cell("email"),
      cause: /spam report|complaint/i.test(cell("reason")) ? "complaint" : "import",
      reason: cell("reason"),
      note: cell("status") || undefined,
      createdAt: instantOf(cell("created")),
    }),
  },
  ses: {
    columns: ["EmailAddress", "Reason", "LastUpdateTime"],
    write: (entry) => [entry.value, isComplaint(entry) ? "COMPLAINT" : "BOUNCE", entry.updatedAt],
    read: (cell) => ({
      value: cell("emailaddress") || cell("0"),
      cause: (cell("reason") || cell("1")).toUpperCase() === "COMPLAINT" ? "complaint" : "import",
      reason: cell("reason") || cell("1"),
      createdAt: instantOf(cell("lastupdatetime") || cell("2")),
    }),
  },
  postmark: {
    columns: ["EmailAddress", "SuppressionReason", "Origin", "CreatedAt"],
    write: (entry) => [
      entry.value,
      entry.cause === "manual" ? "ManualSuppression" : isComplaint(entry) ? "SpamComplaint" : "HardBounce",
      entry.cause === "manual" ? "Admin" : "Recipient",
      entry.createdAt,
    ],
    read: (cell) => ({
      value: cell("emailaddress"),
      cause:
        cell("suppressionreason") === "SpamComplaint"
          ? "complaint"
          : cell("suppressionreason") === "ManualSuppression"
            ? "manual"
            : "import",
      reason: cell("suppressionreason"),
      note: cell("origin") || undefined,
      createdAt: instantOf(cell("createdat")),
    }),
  },
  mailgun: {
    columns: ["address", "code", "error", "created_at"],
    write: (entry) => [
      entry.value,
      isComplaint(entry) ? "" : "550",
      reasonText(entry),
      new Date(entry.createdAt).toUTCString(),
    ],
    read: (cell) => ({
      value: cell("address"),
      cause: "import",
      reason: cell("error") || cell("code"),
      note: cell("code") || undefined,
      createdAt: instantOf(cell("createdat")),
    }),
  },
};

/** The status that an import brought, else that of the reason: 5.1.1 for mailbox_unknown. */
export function statusOf({ cause, reason, note }: Suppression): string {
  if (cause === "import" && /^[245]\.\d{1,3}\.\d{1,3}$/.test(note)) return note;
  const status = (REASON_TABLE as Readonly<Record<string, { readonly status: string | null }>>)[reason]?.status ?? null;
  const family = cause === "soft" ? "4" : "5";
  return status === null ? `${family}.0.0` : status.replace(/^[\dx]/, family);
}

const reasonText = ({ reason, note, cause }: Suppression): string =>
  [cause === "complaint" ? "spam report" : cause, reason, note].filter(Boolean).join(": ");
const causeOf = (word: string): Cause =>
  (["hard", "soft", "complaint", "manual", "erased"] as const).find((cause) => cause === word) ?? "import";

/** Entries for a domain are left out of the providers' formats, which know addresses only. */
export function listCsvOf(entries: AsyncIterable<Suppression>, format: ListFormat): Readable {
  const { columns, write } = SHAPES[format];
  return csvStream(columns, rowsOf(entries, format, write));
}

async function* rowsOf(entries: AsyncIterable<Suppression>, format: ListFormat, write: Shape["write"]) {
  for await (const entry of entries) if (format === "bounced" || entry.scope === "address") yield write(entry);
}

export interface ImportLine {
  readonly line: number;
  readonly entry: NewSuppression;
}

/** Reads line by line. Throws QueryError where the text is not CSV of this format. */
export async function* readListCsv(input: Readable, format: ListFormat): AsyncGenerator<ImportLine> {
  const { columns, read } = SHAPES[format];
  const parser = input.pipe(
    parse({
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      info: true,
      max_record_size: 65_536,
    }),
  );
  input.on("error", (error) => parser.destroy(error));
  let heading: readonly string[] | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (heading === null) {
        heading = headingOf(record, format, columns);
        if (heading.length > 0) continue;
      }
      const names = heading;
      const cell = (name: string): string =>
        unquoted(record[names.indexOf(name)] ?? record[indexOf(name, names)] ?? "");
      yield { line: info.lines, entry: read(cell) };
    }
  } catch (cause) {
    if (cause instanceof QueryError || !(cause instanceof Error) || !("code" in cause)) throw cause;
    throw new QueryError(`not CSV: ${csvProblem(cause as CsvError)}`, { cause });
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
/** SES also takes files without a heading, where a column is its number. */
const indexOf = (name: string, heading: readonly string[]): number =>
  heading.length === 0 && /^\d$/.test(name) ? Number(name) : -1;

function headingOf(record: readonly string[], format: ListFormat, columns: readonly string[]): readonly string[] {
  const names = record.map(plainName);
  const known = columns.map(plainName);
  if (names.some((name) => known.includes(name) || name === "email" || name === "address")) return names;
  if (format === "ses" && record[0]?.includes("@")) return [];
  throw new QueryError(`heading: expected ${columns.join(",")}, got ${JSON.stringify(record.join(",").slice(0, 80))}`);
}

/** The apostrophe that keeps a spreadsheet from reading a formula. */
const unquoted = (cell: string): string => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);
