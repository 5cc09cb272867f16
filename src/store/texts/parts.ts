/** A search for a part of a text, taken apart: which text index of SQLite, or which rows, have which part of the log. */
import type { Kysely } from "kysely";
import type { OpenSpan } from "../db/key-span.ts";
import type { Tables } from "../db/tables.ts";
import { logUnitsOf, REST, textTable, type LogUnit, type TextIndex } from "./units.ts";

export interface TextPart {
  readonly name: TextIndex;
  readonly table: string;
  readonly isRest: boolean;
}

export interface LogPart extends OpenSpan {
  /** Without it its rows are read. */
  readonly index?: TextPart;
}

export interface LogParts {
  /** One behind the other, oldest first. */
  readonly spans: readonly LogPart[];
  /** What lies between the events of all of them; null where it is among them already. */
  readonly rest: LogPart | null;
}

export async function logPartsOf(db: Kysely<Tables>, index: TextIndex, span: OpenSpan): Promise<LogParts> {
  const units = await logUnitsOf(db);
  const isDiagnostic = index === "diagnostic_text";
  const all = isDiagnostic ? spansWithGaps(units) : units.flatMap((unit) => spansOf(unit, index, unit.from));
  return {
    spans: all.flatMap((part) => clipped(part, span)),
    rest: isDiagnostic ? null : { ...span, index: indexOf(index, REST) },
  };
}

const spansOf = ({ to, indexed, suffix }: LogUnit, index: TextIndex, first: number): readonly LogPart[] => [
  { from: first, to: indexed, index: indexOf(index, suffix) },
  { from: indexed, to },
];

/** The rest has no index of diagnostics: where it may have events, all rows are read. */
function spansWithGaps(units: readonly LogUnit[]): readonly LogPart[] {
  const spans: LogPart[] = [];
  let at: number | null = null;
  for (const unit of units) {
    spans.push({ from: at, to: unit.since }, ...spansOf(unit, "diagnostic_text", unit.since));
    at = unit.to;
  }
  return [...spans, { from: at, to: null }];
}

const indexOf = (name: TextIndex, suffix: string): TextPart => ({
  name,
  table: textTable(name, suffix),
  isRest: suffix === REST,
});

function clipped(part: LogPart, span: OpenSpan): readonly LogPart[] {
  const from = narrower(part.from, span.from, Math.max);
  const to = narrower(part.to, span.to, Math.min);
  return from === null || to === null || from < to ? [{ ...part, from, to }] : [];
}

const narrower = (a: number | null, b: number | null, of: (a: number, b: number) => number): number | null =>
  a === null ? b : b === null ? a : of(a, b);
