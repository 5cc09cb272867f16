/**
 * systemd's journal as a log: `journalctl -f` writes entries as JSON, each becomes a line as syslog would have written
 * it. The cursor of an entry is its position. Only entries of the mail server's own units are read: any user of the
 * machine can write to the journal under any program's name.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Begun } from "./begin.ts";
import type { Beginning } from "./settings.ts";
import type { PlaceFile } from "./place-file.ts";
import { createLineSplitter } from "./split-lines.ts";
import { NOWHERE, type LogChunk, type LogPlace } from "./tail.ts";

export interface JournalOptions {
  readonly units: readonly string[];
  readonly place: LogPlace | null;
  readonly from: Beginning;
  /** Ends at the end of the journal, and does not wait for more. */
  readonly once: boolean;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Called when journalctl ended though it should not; it is started again. */
  readonly onProblem: (what: string) => void;
  /** Further arguments, e.g. `--directory`. */
  readonly args?: readonly string[];
}

const RESTART_MS = 2000;
const entrySchema = z.object({
  __CURSOR: z.string().min(1),
  __REALTIME_TIMESTAMP: z.string().regex(/^\d{1,17}$/),
  _HOSTNAME: z.string().default("localhost"),
  SYSLOG_IDENTIFIER: z.string().default("unknown"),
  SYSLOG_PID: z.string().optional(),
  _PID: z.string().optional(),
  /** Octets where they are no UTF-8. */
  MESSAGE: z.union([z.string(), z.array(z.number().int().min(0).max(255))]).nullish(),
});

/** At the stored cursor, or where it is wanted the first time. */
export function beginJournal({
  places,
  ...options
}: Omit<JournalOptions, "place"> & { readonly places: Pick<PlaceFile, "read"> }): Begun {
  const saved = places.read();
  const isDamaged = saved === "damaged";
  const known = isDamaged ? null : saved;
  const from = isDamaged ? "start" : options.from;
  return {
    chunks: readJournal({ ...options, from, place: known?.place ?? null }),
    reader: known?.reader ?? null,
    backlog: 0,
    isDamaged,
    tally: known?.tally,
  };
}

/** Rejects where journalctl cannot be started. */
export async function* readJournal(options: JournalOptions): AsyncGenerator<LogChunk, void, undefined> {
  let place = options.place;
  while (!options.signal.aborted) {
    for await (const chunk of runJournalctl(options, place)) {
      place = chunk.place;
      yield chunk;
    }
    if (options.once || options.signal.aborted) return;
    await sleep(RESTART_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

async function* runJournalctl(options: JournalOptions, from: LogPlace | null): AsyncGenerator<LogChunk> {
  const { signal, now, onProblem } = options;
  const child = spawn("journalctl", argumentsOf(options, from), { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  ended.catch(() => undefined);
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-500)));
  const splitter = createLineSplitter();
  let place = from;
  try {
    for await (const octets of child.stdout as AsyncIterable<Buffer>) {
      const { lines, octets: size, tooLong } = splitter.push(octets);
      const entries = lines.map(readEntry);
      const cursor = entries.findLast((entry) => entry !== null)?.cursor;
      if (size === 0) continue;
      place = cursor === undefined ? (place ?? NOWHERE) : { ...NOWHERE, cursor };
      const readable = entries.flatMap((entry) => (entry === null ? [] : [entry.line]));
      yield { lines: readable, octets: size, tooLong: tooLong + lines.length - readable.length, place, at: now() };
    }
    const [code] = (await ended) as [number | null];
    if (!options.once && !signal.aborted)
      onProblem(`journalctl ended with status ${code ?? "unknown"}${said === "" ? "" : `: ${said.trim()}`}`);
    else if (code !== 0 && !signal.aborted) throw new Error(`journalctl ended with status ${code}: ${said.trim()}`);
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function argumentsOf({ units, from, once: isOnce, args = [] }: JournalOptions, place: LogPlace | null): string[] {
  const begin =
    place?.cursor !== undefined ? [`--after-cursor=${place.cursor}`] : from === "end" ? ["--lines=0"] : ["--lines=all"];
  return [
    "--output=json",
    "--all",
    "--quiet",
    "--no-pager",
    ...(isOnce ? [] : ["--follow"]),
    ...(place?.cursor !== undefined && !isOnce ? ["--lines=all"] : []),
    ...begin,
    ...units.map((unit) => `--unit=${unit}`),
    ...args,
  ];
}

/** Null for what is no entry of the journal. */
function readEntry(text: string): { readonly cursor: string; readonly line: string } | null {
  let entry;
  try {
    entry = entrySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return null;
  }
  if (!entry) return null;
  const { SYSLOG_IDENTIFIER: program, MESSAGE: said = "" } = entry;
  const message = typeof said === "string" ? said : Buffer.from(said ?? []).toString("utf8");
  const pid = entry.SYSLOG_PID ?? entry._PID;
  const at = new Date(Number(entry.__REALTIME_TIMESTAMP.slice(0, -3))).toISOString();
  const head = `${at} ${entry._HOSTNAME} ${program}${pid === undefined ? "" : `[${pid}]`}: `;
  return { cursor: entry.__CURSOR, line: head + message.replaceAll(/[\r\n]+/g, " ") };
}
