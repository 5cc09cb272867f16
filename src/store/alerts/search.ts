/** The counts behind alerts, from the log; and which alerts were given already. */
import { sql } from "kysely";
import { CREDIBLE } from "../../event/credible.ts";
import {
  explainJump,
  jumpsIn,
  MEASURES,
  type Activity,
  type Alert,
  type AlertDimension,
  type Jump,
  type Measure,
} from "./alerts.ts";
import type { Database } from "../db/database.ts";
import { writeFact } from "../db/facts.ts";
import type { LogFilter } from "../log/log-query.ts";
import { SLOTS } from "../db/slots.ts";
import { iterateLog } from "../log/search.ts";
import type { AlertSettings } from "../settings.ts";
import type { EventsTable } from "../db/tables.ts";
import { reportedFactOf, findResolved, forget, markOpen } from "./resolved.ts";
import { createTemplates } from "../log/templates.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** With less history nothing is known of what is usual. */
const MIN_HISTORY_MS = DAY_MS;
/** What `quietHours` may be at most. */
const LONGEST_QUIET_MS = 30 * DAY_MS;
/** Alerts of one look; whoever makes up a thousand domains is one piece of news. */
const MOST_ALERTS = 10;
const TEXTS = 5;
const TEXTS_FROM = 2000;

const COLUMN: Readonly<Record<AlertDimension, keyof EventsTable>> = {
  provider: "provider",
  domain: "domain",
  senderDomain: "sender_domain",
  sendingAddress: "sending_address",
};

const IS_CREDIBLE = `authenticity in (${CREDIBLE.map((word) => `'${word}'`).join(", ")})`;

/** A stranger makes no alert, and hides none by making up what is usual. */
const CONDITION: Readonly<Record<Measure | "all", string>> = {
  all: IS_CREDIBLE,
  block: `severity = 'block' and ${IS_CREDIBLE}`,
  unknown: `severity = 'unknown' and ${IS_CREDIBLE}`,
  forged: "authenticity = 'forged'",
  complaint: `severity = 'complaint' and ${IS_CREDIBLE}`,
};

/** Jumps of the window that ends now, without those that were reported in the quiet time; and those that are over. */
export async function findAlerts(database: Database, settings: AlertSettings, now: number): Promise<readonly Alert[]> {
  if (!settings.enabled) return [];
  const windowStart = now - settings.windowMinutes * MINUTE_MS;
  // Trust: all, it only says how far back the log goes.
  const first = await database.read
    .selectFrom("events")
    .select("received_at as at")
    .orderBy("key")
    .limit(1)
    .executeTakeFirst();
  const start = Math.max(windowStart - settings.baselineDays * DAY_MS, first?.at ?? now);
  if (windowStart - start < MIN_HISTORY_MS) return [];
  const windows = (windowStart - start) / (now - windowStart);
  const present: Jump[] = [];
  for (const dimension of Object.keys(COLUMN) as AlertDimension[]) {
    const activities = await activitiesOf(database, dimension, { start, windowStart, now }, settings);
    present.push(...jumpsIn(activities, windows, settings));
  }
  const jumps: Jump[] = [];
  for (const jump of present) if (!(await isQuiet(database, jump, settings, now))) jumps.push(jump);
  const byExcess = jumps.toSorted((a, b) => b.count - b.expected - (a.count - a.expected));
  const reported = byExcess.slice(0, MOST_ALERTS);
  const rest = byExcess.slice(MOST_ALERTS);
  // Counted by the last alert; each of them is reported by itself once it doubles.
  await markJumps(database, rest, now);
  const alerts: Alert[] = [];
  for (const jump of reported)
    alerts.push(
      await alertOf(database, jump, alerts.length + 1 < reported.length ? 0 : rest.length, { windowStart, now }),
    );
  return [...alerts, ...(await findResolved(database, present, settings, now))];
}

interface Span {
  readonly start: number;
  readonly windowStart: number;
  readonly now: number;
}

async function activitiesOf(
  { read }: Database,
  dimension: AlertDimension,
  { start, windowStart, now }: Span,
  settings: AlertSettings,
): Promise<readonly Activity[]> {
  const value = sql.ref<string>(`events.${COLUMN[dimension]}`);
  const isNow = sql`received_at >= ${windowStart}`;
  const inWindow = read
    .selectFrom("events")
    .select(value.as("value"))
    .where("key", ">=", windowStart * SLOTS)
    .where("received_at", "<=", now)
    .where(value, "!=", "")
    .where("authenticity", "in", [...CREDIBLE, "forged"])
    .groupBy(value)
    .having(sql<number>`count(*)`, ">=", settings.minEvents);
  // Two steps: few values are busy enough now to be looked up in the days before.
  const busy = (await inWindow.execute()).map((row) => row.value).slice(0, 1000);
  if (busy.length === 0) return [];
  const sums = (["all", ...MEASURES] as const).flatMap((measure) => {
    const condition = sql.raw(CONDITION[measure]);
    return [
      sql<number>`sum(case when ${isNow} and ${condition} then 1 else 0 end)`.as(`now_${measure}`),
      sql<number>`sum(case when not (${isNow}) and ${condition} then 1 else 0 end)`.as(`before_${measure}`),
    ];
  });
  // Trust: as CONDITION says for each measure.
  const rows = await read
    .selectFrom("events")
    .select([value.as("value"), ...sums])
    .where("key", ">=", start * SLOTS)
    .where("received_at", "<=", now)
    .where(value, "in", busy)
    .groupBy(value)
    .execute();
  return rows.map((row) => {
    const counts = row as unknown as Record<string, number | string>;
    const side = (name: "now" | "before") =>
      Object.fromEntries(
        ["all", ...MEASURES].map((measure) => [measure, Number(counts[`${name}_${measure}`])]),
      ) as Activity["now"];
    return { dimension, value: row.value, now: side("now"), before: side("before") };
  });
}

/** A jump that goes on is one alert, until it doubles. */
async function isQuiet({ read }: Database, jump: Jump, settings: AlertSettings, now: number): Promise<boolean> {
  const fact = await read.selectFrom("facts").selectAll().where("name", "=", reportedFactOf(jump)).executeTakeFirst();
  if (!fact || fact.updated_at <= now - settings.quietHours * 60 * MINUTE_MS) return false;
  return jump.count < Number(fact.value) * 2;
}

/** Safe to repeat: from now on these are quiet. */
export async function markAlerts(database: Database, alerts: readonly Alert[], now: number): Promise<void> {
  const opened = alerts.filter(({ state }) => state === "open");
  await markJumps(database, opened, now);
  await markOpen(database, opened, now);
  await forget(
    database,
    alerts.filter(({ state }) => state === "resolved"),
  );
  // Nobody asks for older ones: no quiet time is longer.
  await database.write
    .deleteFrom("facts")
    .where("name", "like", "alert %")
    .where("updated_at", "<", now - LONGEST_QUIET_MS)
    .execute();
}

async function markJumps({ write }: Database, jumps: readonly Jump[], now: number): Promise<void> {
  for (const jump of jumps) await writeFact(write, reportedFactOf(jump), String(jump.count), now);
}

async function alertOf(
  database: Database,
  jump: Jump,
  more: number,
  { windowStart, now }: Pick<Span, "windowStart" | "now">,
): Promise<Alert> {
  const { measure, dimension, value } = jump;
  return {
    schema: "bounced.alert/1",
    state: "open",
    id: `a${Math.floor(now / MINUTE_MS)}-${measure}-${dimension}-${value.replaceAll(/[^a-z0-9.-]/g, "_").slice(0, 100)}`,
    at: new Date(now).toISOString(),
    from: new Date(windowStart).toISOString(),
    to: new Date(now).toISOString(),
    ...jump,
    more,
    explanation: explainJump(jump, more),
    texts: await textsOf(database, jump, windowStart),
  };
}

async function textsOf(database: Database, { measure, dimension, value }: Jump, windowStart: number) {
  const filter: LogFilter = {
    from: new Date(windowStart).toISOString(),
    [dimension]: [value],
    ...(measure === "forged" ? { authenticity: ["forged"] } : { severity: [measure], authenticity: CREDIBLE }),
  };
  const templates = createTemplates();
  let seen = 0;
  for await (const { event } of iterateLog(database, filter)) {
    const { reason, status, replyCode, provider } = event;
    templates.add({ text: event.diagnostic?.text ?? "", reason, status, replyCode, provider });
    if (++seen >= TEXTS_FROM) break;
  }
  return templates
    .list()
    .slice(0, TEXTS)
    .map(({ text, count }) => ({ text, count }));
}
