/** Mailgun's `event-data`. Our reports come after the SMTP session, so they are what Mailgun calls delayed bounces. */
import type { BouncedEvent } from "../event/event.ts";
import { mailedDomainOf, ownValues, sayable, secondsOf, splitLabel, withoutBrackets } from "./shape-facts.ts";

export type MailgunEventData = Readonly<Record<string, unknown>>;

/** Null: Mailgun has no such event. */
export function mailgunEventOf(reported: BouncedEvent): MailgunEventData | null {
  const event = sayable(reported);
  if (!event) return null;
  const kind = kindOf(event);
  const address = event.recipient.mailed;
  if (!kind || !address) return null;
  const { original } = event;
  return {
    ...kind,
    id: event.id,
    // Mailgun writes fractions of a second.
    timestamp: secondsOf(event) + 0.0,
    recipient: address,
    "recipient-domain": mailedDomainOf(event),
    message: {
      headers: {
        to: original.to.join(", ") || address,
        "message-id": original.messageId ? withoutBrackets(original.messageId) : "",
        from: original.from ?? "",
        subject: original.subject ?? "",
      },
      attachments: [],
      size: 0,
    },
    tags: event.returnPath?.tag ? [event.returnPath.tag] : [],
    campaigns: [],
    "user-variables": ownValues(event),
  };
}

function kindOf(event: BouncedEvent): MailgunEventData | null {
  switch (event.kind) {
    case "bounce":
    case "delay":
      return failedOf(event);
    case "complaint":
      return event.reason === "unsubscribe"
        ? { event: "unsubscribed", "log-level": "warn" }
        : { event: "complained", "log-level": "warn", flags: { "is-test-mode": false } };
    case "delivery":
      return {
        event: "delivered",
        "log-level": "info",
        "delivery-status": statusOf(event),
        envelope: {},
        flags: flagsOf(false),
      };
    default:
      return null;
  }
}

function failedOf(event: BouncedEvent): MailgunEventData | null {
  const [said, reason] = event.kind === "delay" ? ["temporary", "generic"] : splitLabel(event.codes.mailgun);
  // `permanent` with `bounce` puts an address on the list.
  const severity = reason === "bounce" && event.severity !== "hard" ? "temporary" : said;
  if (!reason) return null;
  return {
    event: "failed",
    severity,
    reason,
    "log-level": severity === "permanent" ? "error" : "warn",
    envelope: {},
    "delivery-status": statusOf(event),
    flags: flagsOf(event.kind === "bounce"),
  };
}

const statusOf = (event: BouncedEvent): object => ({
  ...(event.replyCode === null ? {} : { code: event.replyCode }),
  ...(event.status === null ? {} : { "enhanced-code": event.status }),
  message: event.diagnostic?.text ?? "",
  description: "",
  ...(event.remoteMta === null ? {} : { "mx-host": event.remoteMta }),
  ...(event.kind === "bounce" ? { "bounce-type": event.severity === "hard" ? "hard" : "soft" } : {}),
});

const flagsOf = (isDelayedBounce: boolean): object => ({
  "is-routed": false,
  "is-authenticated": true,
  "is-system-test": false,
  "is-test-mode": false,
  ...(isDelayedBounce ? { "is-delayed-bounce": true } : {}),
});
