/** One look: which failures rise now, which incidents go on, and which are over. */
import type { Database } from "../db/database.ts";
import { areRollupsComplete } from "../rollups/rebuild.ts";
import { HOUR_MS } from "../rollups/rollup-columns.ts";
import type { AlertSettings } from "../settings.ts";
import { countBefore, countWindow, firstCountedHour, sentWith } from "./counts.ts";
import { causeKeyOf, EVERYWHERE, LONGEST_MS, type Incident, type IncidentEntry } from "./incident.ts";
import { measuredIncident } from "./measure.ts";
import { isStillThere, risesIn, type FailureCause, type Rise } from "./rises.ts";
import { countPeople, EFFORT, startOf, type Effort, type SampledCause } from "./sample.ts";
import { clearedIncidents, insertIncident, moveIncident, openIncidents, updateIncident } from "./table.ts";

/** With less history nothing is known of what is usual. */
const MIN_HISTORY_HOURS = 24;
/** Found in one look, and open at a time; the largest first. */
const MOST_FOUND = 10;
const MOST_OPEN = 50;
/** What a person cleared is not opened again for so long, however many failures come. */
const HELD_HOURS = 24;
/** No failures say nothing while nothing is sent: so long it stays open then. */
const SILENT_HOURS = 24;

export interface IncidentChange {
  readonly kind: IncidentEntry["kind"];
  readonly incident: Incident;
}

export async function findIncidents(
  database: Database,
  settings: AlertSettings,
  now: number,
  effort: Effort = EFFORT,
): Promise<readonly IncidentChange[]> {
  if (!settings.incidents.enabled || !(await areRollupsComplete(database))) return [];
  const window = Math.floor(now / HOUR_MS) - Math.ceil(settings.windowMinutes / 60);
  const start = Math.max(window - settings.baselineDays * 24, (await firstCountedHour(database)) ?? window);
  const span = { start, window, now };
  const causes = await countWindow(database, span);
  const look: Look = {
    database,
    settings,
    now,
    effort,
    causes,
    since: window * HOUR_MS,
    hours: now / HOUR_MS - window,
  };
  const open = await openIncidents(database);
  const changes: IncidentChange[] = [];
  for (const incident of open) changes.push(...(await goOn(look, incident)));
  const ended = new Set(changes.map(({ incident }) => incident.id));
  const still = open.filter(({ id }) => !ended.has(id));
  const isBusy = [...Map.groupBy(causes, ({ reason }) => reason).values()].some(
    (same) => sumNow(same) >= settings.minEvents,
  );
  if (!isBusy || window - start < MIN_HISTORY_HOURS) return changes;
  const counts = await countBefore(database, causes, span);
  const ago = (hours: number): number => now - hours * HOUR_MS;
  const { reopenHours } = settings.incidents;
  const lately = await clearedIncidents(database, ago(Math.max(reopenHours, HELD_HOURS)));
  const isSince = ({ clearedAt }: Incident, hours: number): boolean => Date.parse(clearedAt ?? "") >= ago(hours);
  const held = lately.filter((one) => one.byHand && isSince(one, HELD_HOURS));
  const cleared = lately.filter((one) => !one.byHand && isSince(one, reopenHours));
  const keys = new Set([...still, ...held].map(({ reason, provider }) => causeKeyOf(reason, provider)));
  const rises = risesIn(counts, keys, settings);
  const room = Math.min(MOST_FOUND, MOST_OPEN - still.length);
  for (const rise of withReturned(look, rises, cleared, keys).slice(0, Math.max(0, room)))
    changes.push(...(await begin(look, rise, { cleared, still })));
  return changes;
}

interface Look {
  readonly database: Database;
  readonly settings: AlertSettings;
  readonly now: number;
  readonly effort: Effort;
  readonly causes: readonly FailureCause[];
  /** Where the window begins, and how long it is. */
  readonly since: number;
  readonly hours: number;
}

const sumNow = (causes: readonly FailureCause[]): number => causes.reduce((sum, { now }) => sum + now, 0);

const countNow = ({ causes }: Look, { reason, provider }: Pick<Incident, "reason" | "provider">): number =>
  sumNow(causes.filter((cause) => cause.reason === reason && (provider === EVERYWHERE || cause.provider === provider)));

/** What was cleared a while ago is part of what is usual by now: it is compared with what was usual before it. */
function withReturned(
  look: Look,
  rises: readonly Rise[],
  cleared: readonly Incident[],
  open: ReadonlySet<string>,
): readonly Rise[] {
  const { minEvents, factor } = look.settings;
  const found = new Set(rises.map(({ reason, provider }) => causeKeyOf(reason, provider)));
  const isCovered = ({ reason, provider }: Incident): boolean =>
    [provider, EVERYWHERE].some((place) => open.has(causeKeyOf(reason, place)) || found.has(causeKeyOf(reason, place)));
  const returned = cleared.flatMap((incident): readonly Rise[] => {
    const now = countNow(look, incident);
    if (isCovered(incident) || isTooOld(incident, look.now)) return [];
    if (now < minEvents || now < incident.expectedPerHour * look.hours * factor) return [];
    const { reason, provider, fault, severity, expectedPerHour, rate } = incident;
    return [{ reason, provider, fault, severity, now, before: 0, expectedPerHour, rate }];
  });
  return [...rises, ...returned];
}

const isTooOld = ({ openedAt }: Incident, now: number): boolean => now - Date.parse(openedAt) > LONGEST_MS;

async function goOn(look: Look, incident: Incident): Promise<readonly IncidentChange[]> {
  const { database, settings, now, hours, effort } = look;
  const measured = await measuredIncident(database, incident, now, effort);
  const isThere =
    isStillThere(countNow(look, incident), incident.expectedPerHour * hours, settings) &&
    (await isOfManyPeople(look, incident, settings.minEvents / 2));
  // The last of a usual trickle does not keep it open, nor does a clock that was ahead.
  const seenAt = new Date(Math.min(now, Date.parse(incident.seenAt))).toISOString();
  const current = isThere ? measured : { ...measured, seenAt };
  const quietHours = (now - Date.parse(current.seenAt)) / HOUR_MS;
  const isOver =
    isTooOld(incident, now) ||
    (!isThere &&
      quietHours >= settings.incidents.clearHours &&
      (quietHours >= SILENT_HOURS || !(await isSilent(look, current))));
  if (isOver) {
    const why = isTooOld(incident, now) ? "usual" : quietHours >= SILENT_HOURS ? "silent" : "quiet";
    const at = new Date(now).toISOString();
    const over: Incident = { ...current, state: "cleared", clearedAt: at, updatedAt: at };
    const isMoved = await moveIncident(database, over, { kind: "cleared", text: why });
    return isMoved ? [{ kind: "cleared", incident: over }] : [];
  }
  if (measured !== incident || seenAt !== incident.seenAt) await updateIncident(database, current);
  return [];
}

/**
 * Whether half as many addresses have it as there must be events. Who holds one signed return path, as every recipient of
 * our mail does, can report a thousand failures of one address, at any provider and in any words.
 */
async function isOfManyPeople(look: Look, cause: SampledCause, events: number): Promise<boolean> {
  const { database, since, now, effort } = look;
  const count = countNow(look, cause);
  return (await countPeople(database, cause, { since, now, count }, effort)) >= Math.min(count, events) / 2;
}

/** Whether too little was sent since to know; false where sends are not known. */
async function isSilent({ database, settings, now }: Look, incident: Incident): Promise<boolean> {
  if (incident.rate === null) return false;
  const tag = incident.scope.find(({ dimension, extent }) => dimension === "tag" && extent === "only")?.value;
  const from = Math.floor(Date.parse(incident.seenAt) / HOUR_MS) + 1;
  const sent = await sentWith(database, incident.provider, from, Math.floor(now / HOUR_MS), tag ? [["tag", tag]] : []);
  return (sent.get(tag ? `tag ${tag}` : " ") ?? 0) < settings.minEvents;
}

async function begin(
  look: Look,
  rise: Rise,
  { cleared, still }: { readonly cleared: readonly Incident[]; readonly still: readonly Incident[] },
): Promise<readonly IncidentChange[]> {
  const { database, now, effort, settings, since } = look;
  if (!(await isOfManyPeople(look, rise, settings.minEvents))) return [];
  const earlier = cleared.find(
    (one) => one.reason === rise.reason && one.provider === rise.provider && !isTooOld(one, now),
  );
  if (earlier) {
    const at = new Date(now).toISOString();
    const again = await measuredIncident(database, { ...earlier, state: "open", clearedAt: null }, now, effort);
    const incident = { ...again, updatedAt: at, seenAt: at };
    return (await moveIncident(database, incident, { kind: "reopened" })) ? [{ kind: "reopened", incident }] : [];
  }
  const startedAt = (await startOf(database, rise, { since, now }, rise.expectedPerHour, effort)) ?? now;
  const incident = await measuredIncident(database, newIncident(rise, startedAt, now), now, effort);
  if (!(await insertIncident(database, incident))) return [];
  const changes: IncidentChange[] = [{ kind: "opened", incident }];
  if (rise.provider === EVERYWHERE)
    for (const part of still.filter(({ reason }) => reason === rise.reason)) {
      const at = new Date(now).toISOString();
      const merged: Incident = { ...part, state: "cleared", clearedAt: at, updatedAt: at };
      if (await moveIncident(database, merged, { kind: "merged", text: incident.id }))
        changes.push({ kind: "merged", incident: merged });
    }
  return changes;
}

const PLACES: Readonly<Record<string, string>> = { [EVERYWHERE]: "everywhere", "": "other" };

function newIncident(
  { reason, provider, fault, severity, expectedPerHour, rate }: Rise,
  startedAt: number,
  now: number,
) {
  const at = new Date(now).toISOString();
  const place = PLACES[provider] ?? provider.replaceAll(/[^a-z0-9.-]/g, "_").slice(0, 60);
  return {
    schema: "bounced.incident/1",
    id: `i${Math.floor(now / 60_000)}-${reason}-${place}`,
    state: "open",
    reason,
    fault,
    severity,
    provider,
    providers: [],
    startedAt: new Date(startedAt).toISOString(),
    openedAt: at,
    seenAt: new Date(startedAt).toISOString(),
    clearedAt: null,
    byHand: false,
    updatedAt: at,
    count: 0,
    proven: 0,
    delayed: 0,
    expectedPerHour,
    rate,
    recipients: { count: 0, suppressed: 0, atLeast: false },
    status: null,
    rule: null,
    statuses: [],
    scope: [],
    quietAt: [],
    texts: [],
    hours: [],
  } satisfies Incident as Incident;
}
