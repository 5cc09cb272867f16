/** An incident with what is known of it now: counts of the rollups, and what a bounded sample of its events says. */
import type { Database } from "../db/database.ts";
import { HOUR_MS } from "../rollups/rollup-columns.ts";
import { byProvider, hoursOf, sentWith, type HourCount } from "./counts.ts";
import { EVERYWHERE, SCOPE_DIMENSIONS, type Incident, type ScopeDimension } from "./incident.ts";
import {
  otherMail,
  rankedValues,
  recipientsOf,
  sampleOf,
  textsOfSample,
  type Effort,
  type SampledEvent,
  type SamplePeriod,
} from "./sample.ts";
import { frequentValues, quietOf, scopeOf, shareAmong, type ShareOfMail } from "./scope.ts";

/** Shown before it began. */
const HOURS_BEFORE = 24;
/** Events come late: so many hours are counted again. */
const HOURS_AGAIN = 3;
/** All that rules know, and some more: their number is in the title. */
const PROVIDERS = 200;
/** Of the events, for one status or rule to be that of the incident. */
const MOST = 0.5;

const hourOfIso = (at: string): number => Math.floor(Date.parse(at) / HOUR_MS);

/** The same object where nothing has happened since. */
export async function measuredIncident(
  database: Database,
  incident: Incident,
  now: number,
  effort: Effort,
): Promise<Incident> {
  const first = hourOfIso(incident.startedAt);
  const last = Math.floor(now / HOUR_MS);
  const hours = await hoursSince(database, incident, first, last);
  if (incident.hours.length > 0 && JSON.stringify(hours) === JSON.stringify(incident.hours)) return incident;
  const period = { since: first * HOUR_MS, now };
  const own = hours.filter(({ at }) => hourOfIso(at) >= first);
  const count = sumOf(own, "count");
  const sample = await sampleOf(database, incident, period, effort);
  const scope = scopeOf(sample, await shareOfMailFor(database, incident, sample, { ...period, count }, effort));
  const onlyTag = scope.find(({ dimension, extent }) => dimension === "tag" && extent === "only")?.value ?? null;
  const places = await byProvider(database, incident.reason, first, last, onlyTag);
  const statuses = rankedValues(sample, "status");
  const newest = sample[0]?.receivedAt ?? 0;
  const { rate } = incident;
  return {
    ...incident,
    updatedAt: new Date(now).toISOString(),
    seenAt: new Date(Math.min(now, Math.max(newest, Date.parse(incident.seenAt)))).toISOString(),
    count,
    proven: sumOf(own, "proven"),
    delayed: sumOf(own, "delayed"),
    hours,
    scope,
    statuses,
    status: mostOf(statuses, sample),
    rule: mostOf(rankedValues(sample, "rule"), sample),
    texts: sample.length > 0 ? await textsOfSample(database, sample, effort) : incident.texts,
    recipients: await recipientsNow(database, incident, { ...period, count }, effort),
    providers: places
      .filter(({ provider, failed }) => failed > 0 && isAt(incident, provider))
      .map(({ provider, failed }) => ({ value: provider, count: failed }))
      .toSorted((a, b) => b.count - a.count)
      .slice(0, PROVIDERS),
    quietAt: quietOf(
      places.filter(({ provider }) => incident.provider === EVERYWHERE || !isAt(incident, provider)),
      rate === null ? null : rate.failed / rate.sent,
    ),
  };
}

const isAt = (incident: Incident, provider: string): boolean =>
  incident.provider === EVERYWHERE || incident.provider === provider;

const sumOf = (hours: readonly HourCount[], name: "count" | "proven" | "delayed"): number =>
  hours.reduce((sum, hour) => sum + hour[name], 0);

function mostOf(ranked: ReturnType<typeof rankedValues>, sample: readonly SampledEvent[]): string | null {
  const [first] = ranked;
  return first && first.count >= MOST * sample.length ? first.value : null;
}

/** What was counted stays where retention has removed the events. */
async function hoursSince(database: Database, incident: Incident, first: number, last: number) {
  const known = incident.hours.at(-1) !== undefined;
  const from = known
    ? Math.max(first - HOURS_BEFORE, Math.min(last, hourOfIso(incident.updatedAt)) - HOURS_AGAIN)
    : first - HOURS_BEFORE;
  const counted = await hoursOf(database, incident, from, last);
  return [...incident.hours.filter(({ at }) => hourOfIso(at) < from), ...counted];
}

async function recipientsNow(
  database: Database,
  { recipients: before, ...cause }: Incident,
  { count, ...period }: SamplePeriod & { readonly count: number },
  effort: Effort,
): Promise<Incident["recipients"]> {
  const found = await recipientsOf(database, cause, period, effort);
  if (found.count < before.count) return { ...before, atLeast: true };
  return { count: found.count, suppressed: found.suppressed, atLeast: found.events < count };
}

/** Of sends, where sending systems report them; else of the other events in the same hours. */
async function shareOfMailFor(
  database: Database,
  incident: Incident,
  sample: readonly SampledEvent[],
  { count, ...period }: SamplePeriod & { readonly count: number },
  effort: Effort,
): Promise<ShareOfMail> {
  const values = SCOPE_DIMENSIONS.filter(isSent).flatMap((dimension) =>
    frequentValues(sample, dimension).map(({ value }) => [dimension, value] as const),
  );
  const [first, last] = [period.since, period.now].map((at) => Math.floor(at / HOUR_MS)) as [number, number];
  const sent = await sentWith(database, incident.provider, first, last, values);
  const all = sent.get(" ") ?? 0;
  // An hour more: it may have begun right after the hour did.
  const around = { ...period, since: period.since - HOUR_MS };
  const others = await otherMail(database, incident, around, effort, false);
  const beside = await otherMail(database, incident, around, effort, true);
  return (dimension: ScopeDimension, value: string) => {
    if (isSent(dimension) && all >= count) return (sent.get(`${dimension} ${value}`) ?? 0) / all;
    // A domain belongs to its provider: mail to others does not say whether all of it fails there.
    return shareAmong(dimension === "domain" ? beside : others, dimension, value);
  };
}

/** From addresses are not counted apart. */
const isSent = (dimension: ScopeDimension): boolean => dimension !== "sender";
