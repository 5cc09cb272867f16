/**
 * When an event puts an address on the suppression list, and when one takes it off. Pure: history in, decision out.
 *
 * A block never does, whatever is configured: the mailbox is fine, and suppressing it would lose a customer.
 */
import type { Authenticity, EventKind, Reason, Severity } from "../../event/event.ts";
import { isCredible } from "../../event/credible.ts";
import type { PolicyLimits, SuppressionSettings } from "../settings.ts";

const DAY_MS = 86_400_000;

/** Soft failures that say something of the mailbox. */
const COUNTED: ReadonlySet<Reason> = new Set([
  "mailbox_disabled",
  "mailbox_full",
  "recipient_other",
  "connection_failed",
  "dns_failure",
  "routing_error",
  "expired",
]);
/** They say something of a whole domain: they count only while that domain answers nobody. */
export const DOMAIN_LEVEL: ReadonlySet<Reason> = new Set(["connection_failed", "dns_failure", "routing_error"]);

/** No server of the domain said them, or nobody knows. */
export const UNANSWERED: ReadonlySet<Reason> = new Set([
  ...DOMAIN_LEVEL,
  "expired",
  "domain_unknown",
  "domain_no_mail",
  "unknown",
]);

export interface PolicyEvent {
  /** Ms. */
  readonly at: number;
  readonly kind: EventKind;
  readonly severity: Severity;
  readonly reason: Reason;
  readonly authenticity: Authenticity;
  readonly confidence: number;
  /** The recipient's domain, for limits of its own. */
  readonly domain: string;
  /** Of an automatic reply: `2027-01-05`. */
  readonly until: string | null;
}

export interface Failure {
  readonly at: number;
  /** What was sent: several reports of one message are one failure. */
  readonly message: string;
  readonly severity: Severity;
  readonly reason: Reason;
}

export interface PolicyHistory {
  /** Of this address, this event included, in any order. */
  readonly failures: readonly Failure[];
  /** Ms: last delivery, removal or clearing; failures before it do not count. 0: none. */
  readonly resetAt: number;
  /** Ms: when a server of the domain last answered anybody. 0: not in living memory. */
  readonly domainAliveAt: number;
}

export type PolicyDecision =
  | { readonly kind: "nothing" }
  | {
      readonly kind: "suppress";
      readonly cause: "hard" | "soft" | "complaint";
      readonly expiresAt: number | null;
      readonly note: string;
    }
  /** Mail was delivered, or a complaint taken back: an entry that such failures or a complaint made is lifted. */
  | { readonly kind: "lift"; readonly cause: "soft" | "complaint"; readonly note: string };

const NOTHING: PolicyDecision = { kind: "nothing" };

/** Whether the event may change the list or the count at all. */
export function mayCount(
  { authenticity, confidence }: Pick<PolicyEvent, "authenticity" | "confidence">,
  settings: Pick<SuppressionSettings, "minConfidence">,
): boolean {
  return isCredible({ authenticity }) && confidence >= settings.minConfidence;
}

type When = NonNullable<PolicyLimits["when"]>;
interface Limits {
  readonly when: When;
  readonly failures: number;
  readonly withinDays: number;
  readonly spreadDays: number;
  readonly expiresAfterDays: number | null;
}

/** The domain's own limits before those of the reason, those before the defaults. */
export function limitsOf(
  event: Pick<PolicyEvent, "severity" | "reason" | "domain">,
  settings: SuppressionSettings,
): Limits {
  const { severity, reason, domain } = event;
  const cause = severity === "hard" || severity === "complaint" ? severity : "soft";
  const byReason = settings.reasons[reason] ?? {};
  const byDomain = Object.hasOwn(settings.domains, domain) ? (settings.domains[domain] ?? {}) : {};
  const pick = <Key extends keyof PolicyLimits>(key: Key, fallback: NonNullable<PolicyLimits[Key]>) =>
    byDomain[key] ?? byReason[key] ?? fallback;
  const usual: When = cause !== "soft" ? "at-once" : COUNTED.has(reason) ? "count" : "never";
  const expires = [byDomain.expiresAfterDays, byReason.expiresAfterDays, settings.expiresAfterDays[cause]];
  return {
    when: isSuppressible(severity) ? pick("when", usual) : "never",
    failures: pick("failures", settings.soft.failures),
    withinDays: pick("withinDays", settings.soft.withinDays),
    spreadDays: pick("spreadDays", settings.soft.spreadDays),
    expiresAfterDays: expires.find((days) => days !== undefined) ?? null,
  };
}

const isSuppressible = (severity: Severity): boolean =>
  severity === "hard" || severity === "soft" || severity === "complaint";

/** Longest stretch of the past that a decision looks at. Days. */
export const memoryDays = (settings: SuppressionSettings): number =>
  Math.max(
    settings.soft.withinDays,
    ...Object.values(settings.reasons).map(({ withinDays = 0 }) => withinDays),
    ...Object.values(settings.domains).map(({ withinDays = 0 }) => withinDays),
  );

export function decideEntry(event: PolicyEvent, history: PolicyHistory, settings: SuppressionSettings): PolicyDecision {
  if (!mayCount(event, settings)) return NOTHING;
  if (event.kind === "delivery") return { kind: "lift", cause: "soft", note: "delivered" };
  if (event.kind === "not_spam")
    return { kind: "lift", cause: "complaint", note: "the recipient says that it is no spam" };
  if (event.kind === "auto_reply") return decideHold(event, settings);
  if (event.kind !== "bounce" && event.kind !== "complaint") return NOTHING;
  const limits = limitsOf(event, settings);
  if (limits.when === "never") return NOTHING;
  const suppress = (note: string): PolicyDecision => ({
    kind: "suppress",
    cause: event.severity === "hard" || event.severity === "complaint" ? event.severity : "soft",
    expiresAt: limits.expiresAfterDays === null ? null : event.at + limits.expiresAfterDays * DAY_MS,
    note,
  });
  if (limits.when === "at-once") return suppress("");
  const counted = countedFailures(event, history, limits, settings);
  const [first] = counted;
  const last = counted.at(-1);
  if (!first || !last || counted.length < limits.failures) return NOTHING;
  if (last.at - first.at < limits.spreadDays * DAY_MS) return NOTHING;
  return suppress(`${counted.length} failures from ${dayOf(first.at)} to ${dayOf(last.at)}`);
}

/** Of entries that hold an address during the absence of its owner. */
export const HOLD_REASON: Reason = "auto_reply";

/** Until the day that the reply names is over, wherever that is. */
function decideHold({ at, until }: PolicyEvent, { absences }: SuppressionSettings): PolicyDecision {
  const expiresAt = until === null ? 0 : Date.parse(until) + DAY_MS;
  if (absences !== "hold" || expiresAt <= at) return NOTHING;
  return { kind: "suppress", cause: "soft", expiresAt, note: `absent until ${until}` };
}

/** One per message and day, oldest first. */
function countedFailures(
  event: PolicyEvent,
  history: PolicyHistory,
  limits: Limits,
  settings: SuppressionSettings,
): readonly Failure[] {
  const since = Math.max(history.resetAt, event.at - limits.withinDays * DAY_MS);
  const isAlive = history.domainAliveAt > event.at - limits.withinDays * DAY_MS;
  if (isAlive && DOMAIN_LEVEL.has(event.reason)) return [];
  const recent = history.failures
    .filter(({ at }) => at > since && at <= event.at)
    .filter(({ reason }) => !(isAlive && DOMAIN_LEVEL.has(reason)))
    .filter((failure) => limitsOf({ ...failure, domain: event.domain }, settings).when !== "never")
    .sort((a, b) => b.at - a.at);
  // A long silence in between: somebody fixed it, or nobody wrote. What was before is forgotten.
  const end = recent.findIndex(
    ({ at }, index) => (recent[index - 1]?.at ?? at) - at > settings.soft.silenceDays * DAY_MS,
  );
  const messages = new Set<string>();
  const days = new Set<string>();
  const counted: Failure[] = [];
  for (const failure of (end < 0 ? recent : recent.slice(0, end)).toReversed()) {
    const day = dayOf(failure.at);
    if (messages.has(failure.message) || days.has(day)) continue;
    messages.add(failure.message);
    days.add(day);
    counted.push(failure);
  }
  return counted;
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
