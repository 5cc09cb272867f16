/** The log as CSV and JSON lines: streamed, UTF-8, LF, safe to open in a spreadsheet. */
import { stringify } from "csv-stringify/sync";
import type { BouncedEvent } from "../core/event.ts";
import type { LogEntry } from "./log-query.ts";

export const CSV_PROFILES = ["customers-mail-cloud", "full"] as const;
export type CsvProfile = (typeof CSV_PROFILES)[number];

type Cell = string | number | null;
type Columns = readonly (readonly [name: string, cell: (event: BouncedEvent, entry: LogEntry) => Cell])[];

const recipientOf = ({ recipient }: BouncedEvent): Cell => recipient.address ?? recipient.original;

const PROFILES: Readonly<Record<CsvProfile, Columns>> = {
  "customers-mail-cloud": [
    ["received", (event, entry) => event.message.receivedAt ?? entry.recordedAt],
    ["status", (event) => event.status ?? event.derivedStatus],
    ["from", (event) => event.original.from ?? event.original.returnPath],
    ["to", recipientOf],
    ["message ID", (event) => event.original.messageId],
    ["error", (event) => event.diagnostic?.text ?? event.explanation],
  ],
  full: [
    ["received", (event, entry) => event.message.receivedAt ?? entry.recordedAt],
    ["id", (event) => event.id],
    ["kind", (event) => event.kind],
    ["severity", (event) => event.severity],
    ["reason", (event) => event.reason],
    ["secondary_reason", (event) => event.secondaryReason],
    ["fault", (event) => event.fault],
    ["advice", (event) => event.advice],
    ["confidence", (event) => event.confidence],
    ["authenticity", (event) => event.authenticity],
    ["recipient", recipientOf],
    ["original_recipient", (event) => event.recipient.original],
    ["domain", (event) => event.recipient.domain],
    ["provider", (event) => event.provider],
    ["action", (event) => event.action],
    ["status", (event) => event.status],
    ["derived_status", (event) => event.derivedStatus],
    ["reply_code", (event) => event.replyCode],
    ["failure_code", (event) => event.codes.failureCode],
    ["smtp_command", (event) => event.smtpCommand],
    ["diagnostic", (event) => event.diagnostic?.text ?? null],
    ["explanation", (event) => event.explanation],
    ["rule", (event) => event.evidence[0]?.rule ?? null],
    ["reporting_mta", (event) => event.reportingMta],
    ["remote_mta", (event) => event.remoteMta],
    ["software", (event) => event.software],
    ["format", (event) => event.format],
    ["from", (event) => event.original.from],
    ["subject", (event) => event.original.subject],
    ["message_id", (event) => event.original.messageId],
    ["return_path", (event) => event.returnPath?.address ?? event.original.returnPath],
    ["tag", (event) => event.returnPath?.tag ?? null],
    ["headers", (event) => headersOf(event)],
    ["message_sha256", (event) => event.message.sha256],
  ],
};

const headersOf = ({ original }: BouncedEvent): string =>
  Object.entries(original.headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("; ");

// One row stays one line, and no control character reaches a terminal that shows the file.
// eslint-disable-next-line no-control-regex -- these are the characters to be removed
const CONTROLS = /[\u0000-\u0020\u007f-\u009f\u2028\u2029]+/g;
const clean = (cell: Cell): Cell => (typeof cell === "string" ? cell.replaceAll(CONTROLS, " ").trim() : cell);

/** `escape_formulas` puts a `'` before `=`, `+`, `-`, `@`: a spreadsheet would run what follows. */
const rowsToText = (rows: readonly (readonly Cell[])[]): string =>
  stringify([...rows], { record_delimiter: "\n", escape_formulas: true });

const ROWS_PER_CHUNK = 200;

/** Text chunks, header line first. */
export async function* csvOf(entries: AsyncIterable<LogEntry>, profile: CsvProfile): AsyncGenerator<string, void> {
  const columns = PROFILES[profile];
  let rows: Cell[][] = [columns.map(([name]) => name)];
  for await (const entry of entries) {
    rows.push(columns.map(([, cell]) => clean(cell(entry.event, entry))));
    if (rows.length < ROWS_PER_CHUNK) continue;
    yield rowsToText(rows);
    rows = [];
  }
  if (rows.length > 0) yield rowsToText(rows);
}

/** One event per line, as on the queues. */
export async function* jsonLinesOf(entries: AsyncIterable<LogEntry>): AsyncGenerator<string, void> {
  for await (const { event } of entries) yield `${JSON.stringify(event)}\n`;
}
