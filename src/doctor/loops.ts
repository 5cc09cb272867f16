/**
 * Feedback loops that fell silent: complaints came regularly, and then none. A loop ends without a word when its
 * registration lapses or its form changes, and the people who complain get more mail.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { CREDIBLE } from "../event/credible.ts";
import { ok, warn, type Check, type Finding } from "./check.ts";

const TIMEOUT_MS = 5000;
const DAY_MS = 86_400_000;
/** Fewer complaints than this have no rhythm. */
const FEWEST = 5;
/** Silent: so many times the longest usual gap, and a weekend with a holiday at least. */
const TIMES = 3;
const SHORTEST_MS = 4 * DAY_MS;
/** The latest complaints: what a busy sender gets in days, others in all the time that the log keeps. */
const MOST = 5_000;

export interface Complaint {
  /** Who wrote the report. */
  readonly loop: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Checked where the log is; a log that cannot be read is what the check `store` is about. */
export const checkLoops: Check = async ({ config, now }) => {
  const complaints = config.DATABASE_URL
    ? await fromPostgres(config.DATABASE_URL)
    : fromSqlite(join(config.dataDir, "log.sqlite"));
  return complaints === null || complaints.length === 0 ? [] : silentLoops(complaints, now);
};

/** One warning for each loop that fell silent, else that they speak. */
export function silentLoops(complaints: readonly Complaint[], now: number): readonly Finding[] {
  // A new version of the same loop is the same loop.
  const loops = [...Map.groupBy(complaints, ({ loop }) => loop.split("/")[0] ?? "")].map(([loop, some]) => ({
    loop,
    times: some.map(({ at }) => at).toSorted((a, b) => a - b),
  }));
  const regular = loops.filter(({ times }) => times.length >= FEWEST);
  const silent = regular.flatMap(({ loop, times }) => {
    const last = times.at(-1) ?? now;
    const longest = Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
    const days = Math.floor((now - last) / DAY_MS);
    return now - last <= Math.max(SHORTEST_MS, TIMES * longest)
      ? []
      : [
          warn(
            `feedback-loop ${loop || "unnamed"}`,
            `the last complaint came ${days} days ago; the longest pause before was ${(longest / DAY_MS).toFixed(1)} days`,
            "see whether the registration is still valid, and send yourself a complaint (docs/feedback-loops.md)",
          ),
        ];
  });
  if (silent.length > 0 || regular.length === 0) return silent;
  return [
    ok("feedback-loops", `complaints come regularly from ${regular.map(({ loop }) => loop || "unnamed").join(", ")}`),
  ];
}

const LATEST = `select software as loop, received_at as at from events
  where kind = 'complaint' and reason = 'complaint' and authenticity in (${CREDIBLE.map((word) => `'${word}'`).join(", ")})
  order by key desc limit ${MOST}`;

function fromSqlite(path: string): readonly Complaint[] | null {
  if (!existsSync(path)) return null;
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: TIMEOUT_MS });
    try {
      return database
        .prepare(LATEST)
        .all()
        .map(({ loop, at }) => ({ loop: String(loop), at: Number(at) }));
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}

async function fromPostgres(connectionString: string): Promise<readonly Complaint[] | null> {
  const client = new Client({ connectionString, connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ loop: string; at: string }>(LATEST);
    return rows.map(({ loop, at }) => ({ loop, at: Number(at) }));
  } catch {
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}
