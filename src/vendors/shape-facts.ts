/** What several vendors' shapes ask of an event. */
import { asciiDomainOf } from "../addresses/domain.ts";
import type { BouncedEvent } from "../event/event.ts";
import { isCredible } from "../event/credible.ts";

/**
 * The event as a vendor's shape may say it. Programs written for vendors act on every word, and no vendor has one for
 * "somebody says so": a failure that nothing proves becomes a deferral without codes, and a complaint or a delivery
 * that nothing proves is not said at all (null). Nor is a feedback report in which no recipient complains.
 */
export function sayable(event: BouncedEvent): BouncedEvent | null {
  if (event.kind === "complaint" && event.severity !== "complaint") return null;
  if (isCredible(event)) return event;
  switch (event.kind) {
    case "bounce":
    case "delay":
      return {
        ...event,
        kind: "delay",
        severity: "unknown",
        action: "delayed",
        status: null,
        derivedStatus: null,
        replyCode: null,
        codes: { ...event.codes, sparkpost: UNDETERMINED },
      };
    case "complaint":
    case "delivery":
    case "relay":
    case "expansion":
      return null;
    default:
      return event;
  }
}

/** SparkPost's bounce class for what it could not read. */
const UNDETERMINED = 1;

/** Unix seconds of when the report came; 0 where nobody knows. */
export const secondsOf = (event: BouncedEvent): number =>
  Math.floor(Date.parse(event.message.receivedAt ?? event.message.date ?? "1970-01-01T00:00:00.000Z") / 1000);

export const instantOf = (event: BouncedEvent): string => new Date(secondsOf(event) * 1000).toISOString();

/** Of the address that we wrote to. */
export const mailedDomainOf = ({ recipient }: BouncedEvent): string => asciiDomainOf(recipient.mailed) ?? "";

/** `a / b` or `a/b` -> [a, b]. */
export function splitLabel(label: string | null): readonly [string, string] {
  const [first = "", second = ""] = (label ?? "").split("/").map((part) => part.trim());
  return [first, second];
}

export const withoutBrackets = (messageId: string): string => messageId.replace(/^<(.*)>$/s, "$1");

/** Our own values, under names that no vendor uses. */
export const ownValues = (event: BouncedEvent): Record<string, string> => ({
  bounced_id: event.id,
  bounced_reason: event.reason,
  bounced_severity: event.severity,
  bounced_fault: event.fault,
  bounced_advice: event.advice,
  bounced_confidence: String(event.confidence),
  bounced_authenticity: event.authenticity,
  bounced_failure_code: String(event.codes.failureCode),
  ...(event.derivedStatus && event.derivedStatus !== event.status
    ? { bounced_derived_status: event.derivedStatus }
    : {}),
  ...(event.provider ? { bounced_provider: event.provider } : {}),
});
