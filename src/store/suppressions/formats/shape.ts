/** What a shape of CSV is: its columns, how an entry becomes rows, and how a row becomes an entry. */
import { REASON_TABLE } from "../../../event/reasons.ts";
import type { Cause, NewSuppression, Suppression } from "../suppression.ts";

type Row = readonly (string | number)[];

export interface ListShape {
  /** As people know it. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Columns of which the heading must have one; default: `columns`, or one of the usual names of an address. */
  readonly needs?: readonly string[];
  /** A file without a heading has these columns, by number. */
  readonly bare?: boolean;
  /** Domains too; the others know addresses only. */
  readonly domains?: boolean;
  readonly write: (entry: Suppression) => readonly Row[];
  /** Column names are lower case, letters and digits only. Null: the row is of an address that may be written to. */
  readonly read: (cell: (name: string) => string) => NewSuppression | null;
}

export const unixOf = (instant: string): number => Math.floor(Date.parse(instant) / 1000);
export const isComplaint = ({ cause }: Suppression): boolean => cause === "complaint";

/** Whoever asked for no more mail, in the words of the events. */
export const UNSUBSCRIBED = { cause: "complaint", reason: "unsubscribe" } as const;

/**
 * Seconds since 1970, with or without a fraction, or any date that JavaScript reads; a time without a zone is UTC.
 * Undefined where there is none or it is neither.
 */
export function parseCellInstant(text: string): string | undefined {
  const zoned = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text) ? `${text.replace(" ", "T")}Z` : text;
  const at = /^\d{9,11}(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : Date.parse(zoned);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** `2026-03-01 12:00:00`, UTC. */
export const plainInstant = (instant: string): string => instant.slice(0, 19).replace("T", " ");

/** Of a column that says yes or no. */
export const isYes = (text: string): boolean => /^(1|true|yes|y|on)$/i.test(text);

/** The status that an import brought, else that of the reason: 5.1.1 for mailbox_unknown. */
export function statusOf({ cause, reason, note }: Suppression): string {
  if (cause === "import" && /^[245]\.\d{1,3}\.\d{1,3}$/.test(note)) return note;
  const status = (REASON_TABLE as Readonly<Record<string, { readonly status: string | null }>>)[reason]?.status ?? null;
  const family = cause === "soft" ? "4" : "5";
  return status === null ? `${family}.0.0` : status.replace(/^[\dx]/, family);
}

export const reasonText = ({ reason, note, cause }: Suppression): string =>
  [cause === "complaint" ? "spam report" : cause, reason, note].filter(Boolean).join(": ");

export const causeOf = (word: string): Cause =>
  (["hard", "soft", "complaint", "manual", "erased"] as const).find((cause) => cause === word) ?? "import";
