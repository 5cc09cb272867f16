/** SendGrid's Event Webhook: an array of flat objects, one per recipient; custom values stand at the top level. */
import type { BouncedEvent } from "../event/event.ts";
import { ownValues, sayable, secondsOf, splitLabel } from "./shape-facts.ts";

export type SendgridEvent = Readonly<Record<string, string | number | readonly string[]>>;

/** Null: SendGrid has no such event (auto-replies, receipts, what nobody recognised). */
export function sendgridEventOf(reported: BouncedEvent): SendgridEvent | null {
  const event = sayable(reported);
  if (!event) return null;
  const kind = kindOf(event);
  if (!kind || !event.recipient.mailed) return null;
  return {
    email: event.recipient.mailed,
    timestamp: secondsOf(event),
    ...(event.original.messageId ? { "smtp-id": event.original.messageId } : {}),
    sg_event_id: event.id,
    // Empty on asynchronous bounces at SendGrid too; consumers want the id that the sender put into the return path.
    sg_message_id: event.returnPath?.tag ?? "",
    ...(event.returnPath?.tag ? { category: [event.returnPath.tag] } : {}),
    ...kind,
    ...ownValues(event),
  };
}

function kindOf(event: BouncedEvent): SendgridEvent | null {
  const reason = event.diagnostic?.text ?? "";
  switch (event.kind) {
    case "delay":
      return { event: "deferred", response: reason };
    case "delivery":
      return { event: "delivered", response: reason };
    case "complaint":
      return event.reason === "unsubscribe" ? { event: "unsubscribe" } : { event: "spamreport" };
    case "not_sent":
      return { event: "dropped", reason: "Bounced Address" };
    case "bounce": {
      if (event.reason === "not_attempted") return { event: "dropped", reason: "Bounced Address" };
      const [type, classification] = splitLabel(event.codes.sendgrid);
      // Only what is hard may be called `bounce`: consumers remove those addresses.
      return {
        event: "bounce",
        type: event.severity === "hard" ? "bounce" : type === "expired" ? "expired" : "blocked",
        reason,
        status: event.status ?? "",
        bounce_classification: classification || "Unclassified",
      };
    }
    default:
      return null;
  }
}
