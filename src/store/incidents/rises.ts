/** Which failures rose beyond chance: against their own past, and against what was sent. Pure: counts in, rises out. */
import type { Fault, Reason, Severity } from "../../event/event.ts";
import { atLeast } from "../../tallies/rates.ts";
import type { AlertSettings } from "../settings.ts";
import { causeKeyOf, EVERYWHERE, type Incident } from "./incident.ts";

/** In the window, and in the time before it. */
export interface NowAndBefore {
  readonly now: number;
  readonly before: number;
}

/** Failures of one reason at one provider. */
export interface FailureCause extends NowAndBefore {
  readonly reason: Reason;
  readonly provider: string;
  readonly fault: Fault;
  readonly severity: Severity;
}

export interface LookCounts {
  readonly causes: readonly FailureCause[];
  /** By provider. Attempts that sending systems reported; empty where none did. */
  readonly sends: ReadonlyMap<string, NowAndBefore>;
  /** Lengths of both times. */
  readonly hours: number;
  readonly hoursBefore: number;
}

export interface Rise extends FailureCause {
  readonly expectedPerHour: number;
  readonly rate: Incident["rate"];
}

/** Five standard deviations of a Poisson count: by chance once in millions of windows. */
const DEVIATIONS = 5;
/** A larger mailing gives more of everything; it is a rise only if the rate, or the share, grows too. */
const GROWTH = 1.5;
/** So many providers at the same time are one incident, unless nearly all of it is at one of them. */
const PLACES = 3;
const NEARLY_ALL = 0.8;
/** Of a fault of the recipient: the rate at the provider is so many times what it was, and what it is elsewhere. */
const RECIPIENT_FACTOR = 5;
/** Fewer sends to other providers do not say whether the list is bad, or the provider. */
const ELSEWHERE_SENDS = 100;

export const isRecipientFault = (fault: Fault): boolean => fault === "recipient" || fault === "recipient_policy";

const sumOf = (all: Iterable<NowAndBefore>): NowAndBefore => {
  let [now, before] = [0, 0];
  for (const one of all) {
    now += one.now;
    before += one.before;
  }
  return { now, before };
};

/** `open`: keys of open incidents. Those are not found again, and count as known. */
export function risesIn(
  counts: LookCounts,
  open: ReadonlySet<string>,
  settings: Pick<AlertSettings, "minEvents" | "factor" | "incidents">,
): readonly Rise[] {
  const { faults, recipientShare } = settings.incidents;
  const rises: Rise[] = [];
  for (const [reason, causes] of Map.groupBy(counts.causes, (cause) => cause.reason)) {
    const isOpen = ({ provider }: FailureCause): boolean => open.has(causeKeyOf(reason, provider));
    if (causes.some(({ fault }) => isRecipientFault(fault))) {
      if (recipientShare === null) continue;
      for (const cause of causes)
        if (!isOpen(cause) && isProvidersMistake(counts, cause, settings)) rises.push(riseOf(counts, cause));
      continue;
    }
    const watched = causes.filter(({ fault }) => faults.includes(fault as (typeof faults)[number]));
    if (open.has(causeKeyOf(reason, EVERYWHERE))) continue;
    const rising = watched.filter((cause) => isRise(counts, cause, settings));
    const everywhere = everywhereOf(watched);
    const rest = everywhereOf(watched.filter((cause) => !isOpen(cause)));
    const largest = Math.max(0, ...rising.map(({ now }) => now));
    if (everywhere && rising.length >= PLACES && largest < NEARLY_ALL * sumOf(rising).now)
      rises.push(riseOf(counts, everywhere));
    else if (rest && rising.length === 0 && isRise(counts, rest, settings)) rises.push(riseOf(counts, rest));
    else rises.push(...rising.filter((cause) => !isOpen(cause)).map((cause) => riseOf(counts, cause)));
  }
  return rises.toSorted(
    (a, b) => b.now - b.expectedPerHour * counts.hours - (a.now - a.expectedPerHour * counts.hours),
  );
}

function everywhereOf(causes: readonly FailureCause[]): FailureCause | null {
  const [first] = causes.toSorted((a, b) => b.now - a.now);
  return first ? { ...first, ...sumOf(causes), provider: EVERYWHERE } : null;
}

const expectedOf = ({ hours, hoursBefore }: LookCounts, { before }: NowAndBefore): number =>
  (before / hoursBefore) * hours;

const sentTo = ({ sends }: LookCounts, provider: string): NowAndBefore =>
  provider === EVERYWHERE ? sumOf(sends.values()) : (sends.get(provider) ?? { now: 0, before: 0 });

/** Null where sends are not known, or not all of them. */
function rateIn(counts: LookCounts, cause: FailureCause): Incident["rate"] {
  const sent = sentTo(counts, cause.provider);
  if (sent.now < cause.now || sent.before < cause.before || sent.before === 0) return null;
  return { failed: cause.now, sent: sent.now, before: round(cause.before / sent.before) };
}

function riseOf(counts: LookCounts, cause: FailureCause): Rise {
  return { ...cause, expectedPerHour: round(cause.before / counts.hoursBefore), rate: rateIn(counts, cause) };
}

const round = (value: number): number => Math.round(value * 1e6) / 1e6;

type Thresholds = Pick<AlertSettings, "minEvents" | "factor">;

function isRise(counts: LookCounts, cause: FailureCause, settings: Thresholds): boolean {
  const expected = expectedOf(counts, cause);
  if (cause.now < settings.minEvents || cause.now < expected * settings.factor) return false;
  if (cause.now - expected < DEVIATIONS * Math.sqrt(Math.max(expected, 1))) return false;
  const rate = rateIn(counts, cause);
  if (rate) return atLeast({ part: rate.failed, whole: rate.sent }) > GROWTH * rate.before;
  // Without sends: of all that failed there.
  const all = sumOf(
    counts.causes.filter(({ provider }) => cause.provider === EVERYWHERE || provider === cause.provider),
  );
  const shareBefore = all.before === 0 ? 0 : cause.before / all.before;
  return cause.now / all.now >= Math.min(shareBefore * GROWTH, (1 + shareBefore) / 2);
}

/**
 * A provider that calls good addresses unknown. A bad list fails everywhere; so this needs known sends, a rate above the
 * line, and other providers where the rate is far lower at the same time.
 */
function isProvidersMistake(
  counts: LookCounts,
  cause: FailureCause,
  settings: Pick<AlertSettings, "minEvents" | "factor" | "incidents">,
): boolean {
  const { recipientShare } = settings.incidents;
  if (recipientShare === null || cause.provider === "" || !isRise(counts, cause, settings)) return false;
  const rate = rateIn(counts, cause);
  if (!rate) return false;
  const here = atLeast({ part: rate.failed, whole: rate.sent });
  if (here < recipientShare || here < RECIPIENT_FACTOR * rate.before) return false;
  const sentElsewhere = sentTo(counts, EVERYWHERE).now - rate.sent;
  const failedElsewhere = sumOf(
    counts.causes.filter(({ reason, provider }) => reason === cause.reason && provider !== cause.provider),
  ).now;
  return sentElsewhere >= ELSEWHERE_SENDS && failedElsewhere / sentElsewhere < here / RECIPIENT_FACTOR;
}

/** Half of what opens one keeps it open: at the line it would come and go with each look. */
export const isStillThere = (
  count: number,
  expected: number,
  { minEvents, factor }: Pick<AlertSettings, "minEvents" | "factor">,
): boolean => count >= minEvents / 2 && count >= expected * Math.max(1, factor / 2);
