/** The counts behind alerts, from the log; and which alerts were given already. */
import { sql } from "kysely";
import { CREDIBLE } from "../../event/credible.ts";
import { explainJump, jumpsIn, type Activity, type Alert, type AlertDimension, type Jump } from "./alerts.ts";
import type { Database } from "../db/database.ts";
import { writeFact } from "../db/facts.ts";
import { isLongAgo } from "./long-ago.ts";
import { incidentWith } from "./incident-with.ts";
import { openIncidents } from "../incidents/table.ts";
import type { LogFilter } from "../log/log-query.ts";
import { SLOTS } from "../db/slots.ts";
import { selectWithin } from "../units/parts.ts";
import { countsOf } from "../rollups/source.ts";
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
  const incidents = settings.incidents.enabled ? await openIncidents(database) : [];
  // One alert says all of an incident. When it is over, its jumps are still quiet for a while.
  const covered = jumps.filter((jump) => incidentWith(jump, incidents) !== null);
  await markJumps(database, covered, now);
  const byExcess = jumps
    .filter((jump) => !covered.includes(jump))
    .toSorted((a, b) => b.count - b.expected - (a.count - a.expected));
  const reported = byExcess.slice(0, MOST_ALERTS);
  const rest = byExcess.slice(MOST_ALERTS);
  // Counted by the last alert; each of them is reported by itself once it doubles.
  await markJumps(database, rest, now);
  const alerts: Alert[] = [];
  for (const jump of reported) {
    const more = alerts.length + 1 < reported.length ? 0 : rest.length;
    alerts.push(await alertOf(database, jump, more, { windowStart, now }));
  }
  return [...alerts, ...(await findResolved(database, present, incidents, settings, now))];
}

interface Span {
  readonly start: number;
  readonly windowStart: number;
  readonly now: number;
}

async function activitiesOf(
  database: Database,
  dimension: AlertDimension,
  { start, windowStart, now }: Span,
  settings: AlertSettings,
): Promise<readonly Activity[]> {
  const value = sql.ref<string>(`events.${COLUMN[dimension]}`);
  const found = await selectWithin(database.read, { from: windowStart * SLOTS, to: null }, (db) =>
    db
      .selectFrom("events")
      .select(value.as("value"))
      .where("key", ">=", windowStart * SLOTS)
      .where("received_at", "<=", now)
      .where(value, "!=", "")
      .where("authenticity", "in", [...CREDIBLE, "forged"]),
  );
  const inWindow = database.read
    .selectFrom(sql<{ readonly value: string }>`(${found})`.as("found"))
    .select("value")
    .groupBy("value")
    .having(sql<number>`count(*)`, ">=", settings.minEvents);
  // Two steps: few values are busy enough now to be looked up in the days before.
  const busy = (await inWindow.execute()).map((row) => row.value).slice(0, 1000);
  if (busy.length === 0) return [];
  const [isNow, isBefore] = await Promise.all([
    countsBy(database, dimension, busy, { from: windowStart, to: now + 1 }),
    countsBy(database, dimension, busy, { from: start, to: windowStart }),
  ]);
  const none = sideOf([]);
  return busy.map((word) => ({
    dimension,
    value: word,
    now: isNow.get(word) ?? none,
    before: isBefore.get(word) ?? none,
  }));
}

type Side = Activity["now"];
interface Counted {
  readonly value: string;
  readonly severity: string;
  readonly authenticity: string;
  readonly count: number;
}

/** From the rollups, but for what the period cuts through. */
async function countsBy(
  database: Database,
  dimension: AlertDimension,
  values: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ReadonlyMap<string, Side>> {
  const filter = { [dimension]: values, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const counts = await countsOf(database, filter, [dimension, "severity", "authenticity"]);
  const { rows } =
    await sql<Counted>`select d0 as value, d1 as severity, d2 as authenticity, cast(sum(count) as bigint) as count
    from (${counts}) as counts group by d0, d1, d2`.execute(database.read);
  return new Map([...Map.groupBy(rows, ({ value }) => value)].map(([value, some]) => [value, sideOf(some)] as const));
}

/** A stranger makes no alert, and hides none by making up what is usual. */
function sideOf(rows: readonly Counted[]): Side {
  const isTrusted = ({ authenticity }: Counted): boolean => CREDIBLE.some((word) => word === authenticity);
  const sum = (some: readonly Counted[]): number => some.reduce((all, { count }) => all + count, 0);
  const credible = rows.filter(isTrusted);
  const of = (severity: string): number => sum(credible.filter((row) => row.severity === severity));
  return {
    all: sum(credible),
    block: of("block"),
    unknown: of("unknown"),
    complaint: of("complaint"),
    forged: sum(rows.filter(({ authenticity }) => authenticity === "forged")),
  };
}

/** A jump that goes on is one alert, until it doubles. */
async function isQuiet({ read }: Database, jump: Jump, settings: AlertSettings, now: number): Promise<boolean> {
  const fact = await read.selectFrom("facts").selectAll().where("name", "=", reportedFactOf(jump)).executeTakeFirst();
  if (!fact || isLongAgo(fact.updated_at, settings.quietHours * 60 * MINUTE_MS, now)) return false;
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
    incident: null,
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
