/** What the rollups count by. */
import { sql, type RawBuilder } from "kysely";
import type { Dimension } from "../log/log-query.ts";
import type { EventsTable } from "../db/tables.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Of `rollup_hours`: few values each, so that their combinations are few too. */
export const HOURLY = [
  "severity",
  "kind",
  "reason",
  "fault",
  "provider",
  "authenticity",
] as const satisfies readonly (Dimension & keyof EventsTable)[];

/** Of `rollup_days`: each by itself, beside what follows. */
export const DAILY = {
  domain: "domain",
  tag: "tag",
  senderDomain: "sender_domain",
  sendingAddress: "sending_address",
  status: "status",
  replyCode: "reply_code",
  failureCode: "failure_code",
  software: "software",
  format: "format",
  evidence: "evidence",
  rule: "rule",
} as const satisfies Partial<Record<Dimension, keyof EventsTable>>;
export type DailyDimension = keyof typeof DAILY;
export const DAILY_DIMENSIONS = Object.keys(DAILY) as readonly DailyDimension[];
export const isDaily = (name: string): name is DailyDimension => name in DAILY;
export const BESIDE_DAILY = ["kind", "severity", "authenticity"] as const;

/** Characters of a value that are counted apart, more than a domain has: PostgreSQL limits the key of an index. */
export const VALUE_CHARS = 255;

/** Columns of an event that it is counted by. */
export const COUNTED = ["received_at", ...HOURLY, ...Object.values(DAILY)] as const;
export type Counted = Pick<EventsTable, (typeof COUNTED)[number]>;

/** Codes are numbers in the tables, and 0 is "none". */
export const wordOf = (value: string | number): string => (value === 0 ? "" : String(value));

const CODES: ReadonlySet<DailyDimension> = new Set<DailyDimension>(["replyCode", "failureCode"]);

/** As `rollup_days` has it. */
export const dailyValue = (dimension: DailyDimension): RawBuilder<string> => {
  const column = sql.ref(`events.${DAILY[dimension]}`);
  return CODES.has(dimension)
    ? sql`case when ${column} = 0 then '' else cast(${column} as text) end`
    : sql`substr(${column}, 1, ${sql.lit(VALUE_CHARS)})`;
};

/** The same outside the database, which counts characters and not UTF-16 units. */
export const dailyValueOf = (row: Counted, dimension: DailyDimension): string => {
  const value = wordOf(row[DAILY[dimension]]);
  return value.length <= VALUE_CHARS ? value : Array.from(value).slice(0, VALUE_CHARS).join("");
};
