/** What commands print: colours and widths of the terminal that is there, and lines that go on in a pipe. */
import pc from "picocolors";

const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
const isForced = Boolean(FORCE_COLOR) && FORCE_COLOR !== "0";

/** No colour in a pipe or a file, nor where NO_COLOR is set (https://no-color.org); FORCE_COLOR asks for it everywhere. */
export const paint = pc.createColors(!NO_COLOR && (isForced || (process.stdout.isTTY && TERM !== "dumb")));

/** Columns of the terminal; null where the output is none. */
export const terminalWidth = (): number | null =>
  process.stdout.isTTY ? process.stdout.columns || Number(process.env["COLUMNS"]) || 80 : null;

export const print = (text: string): void => console.log(text);

/** `--json` has one form everywhere: JSON lines, one object per line. */
export function printJson(values: readonly unknown[]): void {
  for (const value of values) print(JSON.stringify(value));
}

export const JSON_HELP = "Print JSON lines, one object per line";

/** Waits for a slow reader instead of buffering without bound. */
export async function printInTurn(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}

/** `1 line`, `2 lines`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** Minutes suffice in a table; the column says UTC. */
export const minuteOf = (instant: string): string => instant.slice(0, 16).replace("T", " ");

/** Text from a message on somebody's terminal: one line, no control or bidirectional characters, bounded. */
export function onOneLine(text: string | null | undefined, length = 60): string {
  const line = (text ?? "")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .toWellFormed();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
