/** The service's log for a person at a terminal: one line an entry, without the fields that only a machine reads. */
import pc from "picocolors";

const LEVELS: Readonly<Record<number, string>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};
const HIDDEN: ReadonlySet<string> = new Set(["level", "time", "pid", "msg", "err", "reqId", "requestId"]);
const MAX_VALUE = 200;

/** `line` is JSON as pino writes it. */
export function terminalLineOf(line: string, isColoured: boolean): string {
  const paint = pc.createColors(isColoured);
  const {
    level,
    time,
    msg = "",
    err,
    ...more
  } = JSON.parse(line) as {
    readonly level: number;
    readonly time: string;
    readonly msg?: string;
    readonly err?: { readonly message?: string; readonly stack?: string };
  };
  const name = (LEVELS[level] ?? String(level)).padEnd(5);
  const colour = level >= 50 ? paint.red : level >= 40 ? paint.yellow : paint.dim;
  const facts = Object.entries(more)
    .filter(([key, value]) => !HIDDEN.has(key) && value !== null)
    .map(([key, value]) => `${key}=${shown(value)}`);
  const reason = err?.message && !msg.includes(err.message) ? `: ${shown(err.message)}` : "";
  const text = `${new Date(time).toTimeString().slice(0, 8)} ${colour(name)} ${msg}${reason}`;
  const first = facts.length === 0 ? text : `${text}  ${paint.dim(facts.join(" "))}`;
  // Only what we did not expect has a stack.
  const stack = err?.stack?.split("\n").slice(1).join("\n");
  return `${stack ? `${first}\n${paint.dim(stack)}` : first}\n`;
}

function shown(value: unknown): string {
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ");
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE).toWellFormed()}…` : text;
}
