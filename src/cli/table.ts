/** The one style of table: columns without boxes, which read well in a terminal, in a mail and through `grep`. */
import Table from "cli-table3";
import { paint, terminalWidth } from "./terminal.ts";
import { columnsOf } from "./wrap.ts";

const GAP = 2;
/** A column is cut no narrower than this. */
const MIN_WIDTH = 8;
const FREE_TEXT_WIDTH = 20;

export type Row = readonly (string | number)[];

/** On a terminal as wide as that: the widest columns are cut. Elsewhere as wide as the rows are. */
export function formatTable(head: readonly string[], rows: readonly Row[], width = terminalWidth()): string {
  return render(head, rows, width === null ? null : fit(naturalWidths(head, rows), width));
}

/** Rows as they come, for what is too long to wait for: the columns have the widths that are given, all in all. */
export function streamTable(
  head: readonly string[],
  natural: readonly number[],
): { readonly head: string; readonly row: (cells: Row) => string } {
  const width = terminalWidth();
  const widths = width === null ? natural : fit(natural, width);
  return { head: render(head, [], widths), row: (cells) => render([], [cells], widths) };
}

/** Takes from the last column, which has the free text, then from the widest, one at a time, until all fit. */
function fit(natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width;
  while (excess > 0) {
    const isLastLong = (widths.at(-1) ?? 0) > FREE_TEXT_WIDTH;
    const widest = isLastLong ? widths.length - 1 : widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= MIN_WIDTH) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return widths;
}

const naturalWidths = (head: readonly string[], rows: readonly Row[]): readonly number[] =>
  head.map((title, column) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[column])), Math.max(title.length, 1)),
  );

const widthOf = (cell: string | number | undefined): number =>
  Math.max(
    ...String(cell ?? "")
      .split("\n")
      .map(columnsOf),
  );

const SIDES = ["top", "bottom", "left", "right", "mid"] as const;
const NO_BOX = Object.fromEntries(
  SIDES.flatMap((side) => ["", "-mid", "-left", "-right"].map((part) => [`${side}${part}`, ""])),
);

function render(head: readonly string[], rows: readonly Row[], widths: readonly number[] | null): string {
  const table = new Table({
    head: head.map((title) => paint.bold(title)),
    ...(widths === null ? {} : { colWidths: [...widths] }),
    chars: { ...NO_BOX, middle: " ".repeat(GAP) },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

export const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, Math.max(1, length - 1)).toWellFormed()}…`;
