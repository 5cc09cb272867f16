/** A question to SQLite, taken apart: which text index or which rows have which part of the log. */
import type { Kysely } from "kysely";
import type { OpenSpan } from "../db/key-span.ts";
import type { Tables } from "../db/tables.ts";
import { logUnitsOf, REST, type LogUnit } from "../units/units.ts";
import { textTable, type TextIndex } from "./units.ts";

export interface TextPart {
  readonly name: TextIndex;
  readonly table: string;
  readonly isRest: boolean;
}

export interface LogPart extends OpenSpan {
  /** Without it its rows are read. */
  readonly index?: TextPart;
  /** Of the tables that have them; those of all units if it is not said. */
  readonly rows?: string;
}

export interface LogParts {
  /** One behind the other, oldest first. */
  readonly spans: readonly LogPart[];
  /** What lies between the events of all of them; null where it is among them already. */
  readonly rest: LogPart | null;
}

/** `index`: null where the question is not about a text. */
export async function logPartsOf(db: Kysely<Tables>, index: TextIndex | null, span: OpenSpan): Promise<LogParts> {
  const units = await logUnitsOf(db);
  const isOfRest = index === "recipient_text" || index === "event_text";
  const all = isOfRest ? units.flatMap((unit) => spansOf(unit, index, unit.from)) : spansWithGaps(units, index);
  return {
    spans: joined(all.flatMap((part) => clipped(part, span))),
    rest: isOfRest ? { ...span, rows: REST, index: indexOf(index, REST) } : null,
  };
}

const spansOf = ({ to, indexed, suffix, rows }: LogUnit, index: TextIndex | null, first: number): readonly LogPart[] =>
  index
    ? [
        { from: first, to: indexed, rows, index: indexOf(index, suffix) },
        { from: indexed, to, rows },
      ]
    : [{ from: first, to, rows }];

/** The rest has no index of diagnostics: where it may have events, all rows are read. */
function spansWithGaps(units: readonly LogUnit[], index: TextIndex | null): readonly LogPart[] {
  const spans: LogPart[] = [];
  let at: number | null = null;
  for (const unit of units) {
    spans.push({ from: at, to: unit.since, rows: REST }, ...spansOf(unit, index, unit.since));
    at = unit.to;
  }
  return [...spans, { from: at, to: null, rows: REST }];
}

/** Neighbours of the same rows are one. */
function joined(parts: readonly LogPart[]): readonly LogPart[] {
  const all: LogPart[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    const isOne = last && !last.index && !part.index && last.rows === part.rows && last.to === part.from;
    if (isOne) all.splice(-1, 1, { ...last, to: part.to });
    else all.push(part);
  }
  return all;
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
