/** What failures have in common that other mail has not. Pure. */
import { SCOPE_DIMENSIONS, type ScopeDimension, type ScopePart } from "./incident.ts";

export type ScopeRow = Readonly<Record<ScopeDimension, string>>;

/** How much of the other mail has a value; null where that is not known. */
export type ShareOfMail = (dimension: ScopeDimension, value: string) => number | null;

/** Of each dimension. */
const VALUES = 5;
const NEARLY_ALL = 0.95;
const MOST = 0.8;
/** Where so much of the other mail has it too, it says nothing. */
const COMMON = 0.8;
/** Shares below this are not worth a row. */
const LEAST = 0.05;

/** Most frequent first, of each dimension; `""` is not known. */
export function frequentValues(
  rows: readonly ScopeRow[],
  dimension: ScopeDimension,
): readonly { readonly value: string; readonly share: number }[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row[dimension], (counts.get(row[dimension]) ?? 0) + 1);
  counts.delete("");
  return [...counts]
    .sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1))
    .slice(0, VALUES)
    .map(([value, count]) => ({ value, share: count / rows.length }))
    .filter(({ share }) => share >= LEAST);
}

export const scopeOf = (rows: readonly ScopeRow[], shareOfMail: ShareOfMail): readonly ScopePart[] =>
  SCOPE_DIMENSIONS.flatMap((dimension) =>
    frequentValues(rows, dimension).map(({ value, share }): ScopePart => {
      const other = shareOfMail(dimension, value);
      return {
        dimension,
        value: value.slice(0, 255),
        extent: extentOf(share, other),
        share: round(share),
        shareOfMail: other === null ? null : round(other),
      };
    }),
  );

function extentOf(share: number, other: number | null): ScopePart["extent"] {
  if (other === null) return "part";
  if (share >= NEARLY_ALL && other < COMMON) return "only";
  return share >= MOST && other <= share / 2 ? "mostly" : "part";
}

const round = (value: number): number => Math.round(Math.min(1, value) * 1000) / 1000;

/** Share among rows; null where there are too few of them. */
const FEW = 20;
export function shareAmong(rows: readonly ScopeRow[], dimension: ScopeDimension, value: string): number | null {
  if (rows.length < FEW) return null;
  return rows.filter((row) => row[dimension] === value).length / rows.length;
}

/** What happened at other providers in the same hours. */
export interface Elsewhere {
  readonly provider: string;
  /** Of the same reason. */
  readonly failed: number;
  /** Of any. */
  readonly all: number;
  /** Null where sends are not known. */
  readonly sent: number | null;
}

const QUIET = 3;
/** At the rate of the incident there would have been so many failures, or there were so many others. */
const ENOUGH = 10;
const NEARLY_NONE = 0.02;

/** Where the failures are not, although there was mail; the busiest first. */
export function quietOf(others: readonly Elsewhere[], rate: number | null): readonly string[] {
  return others
    .filter(({ provider, failed, all, sent }) => {
      if (provider === "") return false;
      if (rate !== null && sent !== null) return rate * sent >= ENOUGH && failed <= NEARLY_NONE * rate * sent;
      return sent === null && all - failed >= 2 * ENOUGH && failed === 0;
    })
    .toSorted((a, b) => (b.sent ?? b.all) - (a.sent ?? a.all))
    .slice(0, QUIET)
    .map(({ provider }) => provider);
}
