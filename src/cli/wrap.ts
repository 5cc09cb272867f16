/** Text for people, as wide as the terminal. In a pipe it is not wrapped: its reader does that. */
import { stripVTControlCharacters } from "node:util";
import { terminalWidth } from "./terminal.ts";

const NARROWEST = 40;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/g;

/** Columns on a terminal: wide characters of East Asia take two, colours none. */
export function columnsOf(text: string): number {
  const plain = stripVTControlCharacters(text);
  return plain.length + (plain.match(WIDE)?.length ?? 0);
}

/** Lines after the first begin with `hang`. A word that is wider than a line stays whole, unless it is East Asian text. */
export function wrap(text: string, hang = "", width = terminalWidth()): string {
  if (width === null) return text;
  const most = Math.max(NARROWEST, width);
  const lines = [""];
  for (const piece of piecesOf(text)) {
    const last = lines.at(-1) ?? "";
    if (last.trim() !== "" && columnsOf(last + piece.trimEnd()) > most) lines.push(hang + piece);
    else lines[lines.length - 1] = last + piece;
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** Words with the spaces behind them; the characters of a text that is written without spaces. */
const piecesOf = (text: string): readonly string[] =>
  (text.match(/\s+|\S+\s*/g) ?? []).flatMap((word) => (word.search(WIDE) < 0 ? [word] : Array.from(word)));
