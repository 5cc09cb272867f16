/** LogFilter -> a query over `events`. */
import { sql, type Expression, type Kysely, type RawBuilder, type SqlBool } from "kysely";
import { QueryError, type LogFilter } from "./log-query.ts";
import { oneWord, oneWordOf } from "../db/one-word.ts";
import { periodWords } from "../db/period-words.ts";
import { fold, normalAddress } from "../../addresses/normal-address.ts";
import { oneOf } from "../db/statements.ts";
import { IS_WANTED } from "../db/sqlite/is-wanted.ts";
import { SLOTS } from "../db/slots.ts";
import type { OpenSpan } from "../db/key-span.ts";
import type { DialectName, EventsTable, Tables, TextIndexTable } from "../db/tables.ts";
import { logPartsOf, type LogPart, type LogParts, type TextPart } from "../texts/parts.ts";
import { TEXT_INDEXES, type TextIndex } from "../texts/units.ts";
import { rowTable } from "../units/rows.ts";

/** Keys of one instant can spill over into the following milliseconds; `received_at` decides exactly. */
const SPILL_MS = 60_000;

const COLUMN_OF = {
  kind: "kind",
  severity: "severity",
  reason: "reason",
  fault: "fault",
  advice: "advice",
  authenticity: "authenticity",
  replyCode: "reply_code",
  failureCode: "failure_code",
  provider: "provider",
  software: "software",
  format: "format",
  evidence: "evidence",
  rule: "rule",
  domain: "domain",
  senderDomain: "sender_domain",
  sendingAddress: "sending_address",
  tag: "tag",
  message: "message",
} as const satisfies Partial<Record<keyof LogFilter, keyof EventsTable>>;

const PARTS = {
  recipient: "recipient",
  sender: "sender",
  subject: "subject",
  messageId: "message_id",
  diagnostic: "diagnostic",
} as const satisfies Partial<Record<keyof LogFilter, keyof EventsTable>>;

interface Part {
  readonly column: "recipient" | "sender" | "subject" | "message_id" | "diagnostic" | "headers";
  readonly needle: string;
}

/** `keys`: nothing else matches (placed.ts). */
export interface PlacedFilter extends LogFilter {
  readonly keys?: readonly number[];
}

/**
 * The events that match. `part`: only those of a part of the log. A text index leads the join: it walks in order of receipt
 * too, so a page ends as soon as it is full, however many events match.
 */
export function matching(
  db: Kysely<Tables>,
  dialect: DialectName,
  filter: PlacedFilter,
  part: LogPart = keySpanOf(rangeOf(filter)),
) {
  const parts = partsOf(filter);
  const range = rangeOf(filter);
  const conditions: Expression<SqlBool>[] = [
    ...exact(filter),
    ...parts.map((part) => contains(part, dialect)),
    ...between(range, "received_at"),
  ];
  const { index } = part;
  const events = sql<EventsTable>`${sql.table(part.rows === undefined ? "events" : rowTable("events", part.rows))}`;
  // Trust: all, unless the filter asks for an authenticity.
  const query = index
    ? db
        .selectFrom(sql<TextIndexTable>`${sql.table(index.table)}`.as("texts"))
        .crossJoin(events.as("events"))
        .whereRef("events.key", "=", "texts.rowid")
        .where(sql<SqlBool>`${sql.ref(index.table)} match ${matchOf(parts, index, range)}`)
    : db.selectFrom(events.as("events"));
  const key: RawBuilder<number> = index ? sql`${sql.ref("texts.rowid")}` : sql`${sql.ref("events.key")}`;
  // One row in 1,024: the low bits of a key are those of a digest.
  if (dialect === "sqlite") conditions.push(sql<SqlBool>`(${key} & 1023 <> 0 or ${sql.raw(IS_WANTED)}())`);
  if (part.from !== null) conditions.push(sql<SqlBool>`${key} >= ${part.from}`);
  if (part.to !== null) conditions.push(sql<SqlBool>`${key} < ${part.to}`);
  // An empty list would open every day.
  if (filter.keys) conditions.push(filter.keys.length > 0 ? oneOf(db, "events.key", filter.keys) : sql<SqlBool>`false`);
  return { query: query.where((builder) => builder.and(conditions)), key };
}

/** Of a question to SQLite, within a span; null on PostgreSQL, which takes it apart by itself. */
export async function partsToRead(
  db: Kysely<Tables>,
  dialect: DialectName,
  filter: LogFilter,
  span: OpenSpan = keySpanOf(rangeOf(filter)),
): Promise<LogParts | null> {
  return dialect === "postgres" ? null : logPartsOf(db, leadOf(partsOf(filter)), span);
}

/** Whether an index says where each match is: then all units are asked at once, which takes SQLite some microseconds each. */
export const isExact = (filter: LogFilter): boolean => (filter.address ?? []).length > 0 && !hasText(filter);

/** Whether it asks for a part of a text that is long enough for an index. */
export const hasText = (filter: LogFilter): boolean => leadOf(partsOf(filter)) !== null;

/** As the partial indexes have it, which are used only where the query says the same. */
const isForwarded = sql<SqlBool>`${sql.ref("events.recipient")} <> ${sql.ref("events.mailed")}`;

/** `columnOf`: where a rollup has another name for a column of the events. */
export function exact(
  filter: LogFilter,
  columnOf: (column: string) => RawBuilder<unknown> = (column) => sql.ref(`events.${column}`),
): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  for (const [name, column] of Object.entries(COLUMN_OF) as [keyof typeof COLUMN_OF, keyof EventsTable][]) {
    const values: readonly (string | number)[] | undefined = filter[name];
    if (!values || values.length === 0) continue;
    const wanted = values.map((value) => (typeof value === "string" ? fold(value) : value));
    conditions.push(sql`${columnOf(column)} in (${sql.join(wanted)})`);
  }
  const addresses = (filter.address ?? []).map(fold);
  if (addresses.length > 0)
    conditions.push(
      sql`(${sql.ref("events.mailed")} in (${sql.join(addresses.map(normalAddress))}) or (${isForwarded} and ${sql.ref("events.recipient")} in (${sql.join(addresses)})))`,
    );
  const statuses = (filter.status ?? []).map((status) =>
    status.endsWith(".")
      ? sql<SqlBool>`${columnOf("status")} like ${`${like(status)}%`} escape '\\'`
      : sql<SqlBool>`${columnOf("status")} = ${status}`,
  );
  if (statuses.length > 0) conditions.push(sql`(${sql.join(statuses, sql` or `)})`);
  return conditions;
}

function partsOf(filter: LogFilter): readonly Part[] {
  const parts: Part[] = [];
  for (const [name, column] of Object.entries(PARTS) as [keyof typeof PARTS, Part["column"]][]) {
    const needle = fold(filter[name]);
    if (needle) parts.push({ column, needle });
  }
  if (filter.header?.name) parts.push({ column: "headers", needle: fold(`${filter.header.name}: `) });
  if (filter.header?.value) parts.push({ column: "headers", needle: fold(filter.header.value) });
  return parts;
}

const like = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

function contains({ column, needle }: Part, dialect: DialectName): Expression<SqlBool> {
  const holds = (text: RawBuilder<unknown>, part: string) =>
    sql<SqlBool>`${text} like ${`%${like(part)}%`} escape '\\'`;
  const inColumn = (name: Part["column"] | "mailed") => holds(sql.ref(`events.${name}`), needle);
  if (column !== "recipient") return inColumn(column);
  // PostgreSQL finds candidates by an index over another form of the address.
  const isCandidate =
    dialect === "postgres" ? sql`${holds(oneWord(sql.ref("events.recipient")), oneWordOf(needle))} and` : sql``;
  return sql`((${isCandidate} ${inColumn("recipient")}) or (${isForwarded} and ${inColumn("mailed")}))`;
}

export interface Range {
  readonly from: number | null;
  readonly to: number | null;
}

export function rangeOf(filter: LogFilter): Range {
  const instant = (name: "from" | "to"): number | null => {
    const text = filter[name];
    if (text === undefined) return null;
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw new QueryError(`${name}: not a date: ${JSON.stringify(text.slice(0, 40))}`);
    return at;
  };
  return { from: instant("from"), to: instant("to") };
}

/** Where the keys of a range are. */
export const keySpanOf = ({ from, to }: Range): OpenSpan => ({
  from: from === null ? null : from * SLOTS,
  to: to === null ? null : (to + SPILL_MS) * SLOTS,
});

const between = ({ from, to }: Range, column: "received_at"): Expression<SqlBool>[] => [
  ...(from === null ? [] : [sql<SqlBool>`${sql.ref(`events.${column}`)} >= ${from}`]),
  ...(to === null ? [] : [sql<SqlBool>`${sql.ref(`events.${column}`)} < ${to}`]),
];

const INDEX_OF: Readonly<Record<Part["column"], TextIndex>> = {
  recipient: "recipient_text",
  sender: "event_text",
  subject: "event_text",
  message_id: "event_text",
  headers: "event_text",
  diagnostic: "diagnostic_text",
};

const isLong = ({ needle }: Part): boolean => Array.from(needle).length >= 3;

/** The recipient's index where it can be used, since it is the smallest. Diagnostics come last: not all are indexed. */
function leadOf(parts: readonly Part[]): TextIndex | null {
  const asked = new Set(parts.filter(isLong).map(({ column }) => INDEX_OF[column]));
  return TEXT_INDEXES.find((index) => asked.has(index)) ?? null;
}

/** All parts of that index at once. */
function matchOf(parts: readonly Part[], { name, isRest }: TextPart, { from, to }: Range): string {
  const asked = parts.filter((part) => isLong(part) && INDEX_OF[part.column] === name);
  const words = asked.map(({ needle }) => trigrams(needle)).join(" AND ");
  const periods = isRest ? periodWords(from, to)?.map((word) => `"${word}"`) : null;
  return periods ? `${words} AND (${periods.join(" OR ")})` : words;
}

/** Most trigrams that a needle is looked up by. */
const MOST_TRIGRAMS = 16;

/**
 * Every second trigram and the last one; `like` then checks that they stand together. Side by side, without overlap,
 * they would let through fifty times as many rows; all of them take longer to join.
 */
function trigrams(needle: string): string {
  const chars = Array.from(needle);
  const starts = new Set<number>();
  for (let at = 0; at + 3 <= chars.length && starts.size < MOST_TRIGRAMS; at += 2) starts.add(at);
  if (starts.size < MOST_TRIGRAMS) starts.add(chars.length - 3);
  return [...starts]
    .map(
      (at) =>
        `"${chars
          .slice(at, at + 3)
          .join("")
          .replaceAll('"', '""')}"`,
    )
    .join(" AND ");
}
