/** What can be asked of the log, and what comes back. */
import type { Advice, Authenticity, BouncedEvent, EventKind, Fault, Reason, Severity } from "../../event/event.ts";

/** All that are given must hold; a list holds where one of its values does. Text is compared without case. */
export interface LogFilter {
  /** ISO 8601; time of receipt. `from` is included, `to` is not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly kind?: readonly EventKind[] | undefined;
  readonly severity?: readonly Severity[] | undefined;
  readonly reason?: readonly Reason[] | undefined;
  readonly fault?: readonly Fault[] | undefined;
  readonly advice?: readonly Advice[] | undefined;
  readonly authenticity?: readonly Authenticity[] | undefined;
  /** As read, else derived: `5.1.1`, or its beginning: `5.` or `5.7.`. */
  readonly status?: readonly string[] | undefined;
  readonly replyCode?: readonly number[] | undefined;
  readonly failureCode?: readonly number[] | undefined;
  readonly provider?: readonly string[] | undefined;
  readonly software?: readonly string[] | undefined;
  readonly format?: readonly string[] | undefined;
  /** Source of the evidence that decided, e.g. `fact`, `none`. */
  readonly evidence?: readonly string[] | undefined;
  /** Id of the rule that decided. */
  readonly rule?: readonly string[] | undefined;
  /** Recipient's domain, exactly. */
  readonly domain?: readonly string[] | undefined;
  readonly senderDomain?: readonly string[] | undefined;
  readonly sendingAddress?: readonly string[] | undefined;
  readonly tag?: readonly string[] | undefined;
  /** SHA-256 of the message the event came from. */
  readonly message?: readonly string[] | undefined;
  /** Exactly this recipient, final or original. */
  readonly address?: readonly string[] | undefined;
  /** Any part of it, as are the following. */
  readonly recipient?: string | undefined;
  readonly sender?: string | undefined;
  readonly subject?: string | undefined;
  readonly messageId?: string | undefined;
  readonly diagnostic?: string | undefined;
  /** Kept header of the original message. An empty value asks for its presence, an empty name for any header. */
  readonly header?: { readonly name: string; readonly value: string } | undefined;
}

/** Sources of evidence that are no rule: only a code, likeness, or nothing spoke for the verdict. */
export const WITHOUT_RULE = ["status", "reply_code", "action", "model", "none"] as const;

export const SORT_COLUMNS = [
  "received",
  "recipient",
  "domain",
  "sender",
  "subject",
  "severity",
  "reason",
  "status",
  "replyCode",
  "failureCode",
  "provider",
] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];
export const DIRECTIONS = ["desc", "asc"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface LogQuery extends LogFilter {
  /** Default `received`. */
  readonly sort?: SortColumn | undefined;
  /** Default `desc`. */
  readonly direction?: Direction | undefined;
  /** Default 50, at most 1,000. */
  readonly limit?: number | undefined;
  /** `next` of the page before, asked with the same filter and sort. */
  readonly cursor?: string | undefined;
}

export interface LogEntry {
  /** ISO 8601: when it was written to the log. */
  readonly recordedAt: string;
  readonly event: BouncedEvent;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Cursor of the next page, null on the last. */
  readonly next: string | null;
}

/** One event with what is kept beside it. */
export interface LogDetail extends LogEntry {
  readonly hasRaw: boolean;
  /** Earlier verdicts, newest first. */
  readonly verdicts: readonly { readonly replacedAt: string; readonly actor: string; readonly event: BouncedEvent }[];
}

export const DIMENSIONS = [
  "kind",
  "severity",
  "reason",
  "fault",
  "authenticity",
  "provider",
  "domain",
  "status",
  "replyCode",
  "failureCode",
  "software",
  "format",
  "evidence",
  "rule",
  "senderDomain",
  "sendingAddress",
  "tag",
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** `value` is "" where the message did not say. */
export interface Count {
  readonly value: string;
  readonly count: number;
}
export type Facets = Readonly<Partial<Record<Dimension, readonly Count[]>>>;

export interface SeriesQuery extends LogFilter {
  readonly by: "hour" | "day";
  readonly dimension?: Dimension | undefined;
  /** Minutes east of UTC; days begin there. Default 0. */
  readonly offsetMinutes?: number | undefined;
}
export interface SeriesPoint {
  /** ISO 8601: start of the hour or day. Those without events are left out. */
  readonly at: string;
  /** "" without a dimension. */
  readonly value: string;
  readonly count: number;
}

/** A filter, sort or cursor that cannot be used; the message says which. */
export class QueryError extends Error {
  override name = "QueryError";
}

/** A period that ends before it begins matches nothing, and is a slip: it is named instead of an empty answer. */
export function checkPeriod({ from, to }: Pick<LogFilter, "from" | "to">): void {
  if (from !== undefined && to !== undefined && Date.parse(to) < Date.parse(from))
    throw new QueryError(`the period ends (to ${to}) before it begins (from ${from})`);
}
