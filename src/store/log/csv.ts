/** The log as CSV and JSON lines, row by row: UTF-8, LF, and nothing that a spreadsheet would take for a formula. */
import { Readable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import type { BouncedEvent } from "../../event/event.ts";
import type { FeedEntry } from "./feed.ts";
import type { LogEntry } from "./log-query.ts";

export const CSV_PROFILES = ["customers-mail-cloud", "full"] as const;
export type CsvProfile = (typeof CSV_PROFILES)[number];

/** Rows of one chunk. */
const CHUNK = 250;

type Cell = string | number;
type Columns = readonly (readonly [name: string, cell: (entry: LogEntry) => Cell | null | undefined])[];

/** `2026-03-01 12:00:00`, UTC. */
const plainTime = (instant: string | null): string => (instant ?? "").slice(0, 19).replace("T", " ");
const statusOf = (event: BouncedEvent): string => event.status ?? event.derivedStatus ?? "";

const PROFILES: Readonly<Record<CsvProfile, Columns>> = {
  "customers-mail-cloud": [
    ["received", ({ event, recordedAt }) => plainTime(event.message.receivedAt ?? recordedAt)],
    ["status", ({ event }) => statusOf(event)],
    ["from", ({ event }) => event.original.from],
    ["to", ({ event }) => event.recipient.mailed],
    ["message ID", ({ event }) => event.original.messageId],
    ["error", ({ event }) => event.diagnostic?.text ?? event.explanation],
  ],
  full: [
    ["id", ({ event }) => event.id],
    ["received_at", ({ event }) => event.message.receivedAt],
    ["recorded_at", ({ recordedAt }) => recordedAt],
    ["kind", ({ event }) => event.kind],
    ["severity", ({ event }) => event.severity],
    ["reason", ({ event }) => event.reason],
    ["secondary_reason", ({ event }) => event.secondaryReason],
    ["fault", ({ event }) => event.fault],
    ["advice", ({ event }) => event.advice],
    ["confidence", ({ event }) => event.confidence],
    ["authenticity", ({ event }) => event.authenticity],
    ["mailed", ({ event }) => event.recipient.mailed],
    ["recipient", ({ event }) => event.recipient.address],
    ["original_recipient", ({ event }) => event.recipient.original],
    ["domain", ({ event }) => event.recipient.domain],
    ["action", ({ event }) => event.action],
    ["status", ({ event }) => event.status],
    ["derived_status", ({ event }) => event.derivedStatus],
    ["reply_code", ({ event }) => event.replyCode],
    ["failure_code", ({ event }) => event.codes.failureCode],
    ["smtp_command", ({ event }) => event.smtpCommand],
    ["diagnostic", ({ event }) => event.diagnostic?.text],
    ["reporting_mta", ({ event }) => event.reportingMta],
    ["remote_mta", ({ event }) => event.remoteMta],
    ["provider", ({ event }) => event.provider],
    ["software", ({ event }) => event.software],
    ["format", ({ event }) => event.format],
    ["rule", ({ event }) => event.evidence[0]?.rule],
    ["explanation", ({ event }) => event.explanation],
    ["from", ({ event }) => event.original.from],
    ["subject", ({ event }) => event.original.subject],
    ["message_id", ({ event }) => event.original.messageId],
    ["envelope_id", ({ event }) => event.envelopeId],
    ["return_path", ({ event }) => event.returnPath?.address ?? event.original.returnPath],
    ["tag", ({ event }) => event.returnPath?.tag],
    ["headers", ({ event }) => headersOf(event)],
    ["report_size", ({ event }) => event.message.size],
    ["report_sha256", ({ event }) => event.message.sha256],
    ["suggestion", ({ event }) => event.suggestion],
    ["absent_until", ({ event }) => event.answer?.until],
    ["successor", ({ event }) => event.answer?.successor],
  ],
};

const headersOf = ({ original: { headers } }: BouncedEvent): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

/** With a heading, also when there is nothing below it. */
export function csvOf(entries: AsyncIterable<LogEntry>, profile: CsvProfile): Readable {
  const columns = PROFILES[profile];
  return csvStream(
    columns.map(([name]) => name),
    mapped(entries, (entry) => columns.map(([, cell]) => cleaned(cell(entry) ?? ""))),
  );
}

/** A cell that begins like a formula gets an apostrophe in front. */
export function csvStream(heading: readonly string[], rows: AsyncIterable<readonly Cell[]>): Readable {
  async function* text(): AsyncGenerator<string> {
    yield csvText([heading]);
    for await (const some of inChunks(rows)) yield csvText(some);
  }
  return textStream(text());
}

const csvText = (rows: readonly (readonly Cell[])[]): string =>
  stringify([...rows], { record_delimiter: "\n", escape_formulas: true });

/** One event per line, as it was emitted. */
export function jsonLinesOf(entries: AsyncIterable<LogEntry>): Readable {
  async function* text(): AsyncGenerator<string> {
    for await (const some of inChunks(entries)) yield some.map(({ event }) => `${JSON.stringify(event)}\n`).join("");
  }
  return textStream(text());
}

/** One event per line, with where to go on after it. */
export function feedLinesOf(entries: AsyncIterable<FeedEntry>): Readable {
  async function* text(): AsyncGenerator<string> {
    for await (const some of inChunks(entries)) yield some.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  }
  return textStream(text());
}

/** Written as it is read, never ahead of the reader; a reader that goes away ends the search too. */
const textStream = (text: AsyncGenerator<string>): Readable => Readable.from(text, { objectMode: false });

// NUL ends the text in many a program that reads CSV.
const cleaned = (cell: Cell): Cell => (typeof cell === "string" ? cell.replaceAll("\0", "").toWellFormed() : cell);

async function* mapped<From, To>(items: AsyncIterable<From>, each: (item: From) => To): AsyncGenerator<To> {
  for await (const item of items) yield each(item);
}

/** A stream costs per chunk: rows go out some hundreds at a time. */
async function* inChunks<Item>(items: AsyncIterable<Item>): AsyncGenerator<readonly Item[]> {
  let some: Item[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length < CHUNK) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
