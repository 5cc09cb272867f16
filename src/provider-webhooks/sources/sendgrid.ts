/** Twilio SendGrid's Event Webhook: a list of events, each of one recipient. */
import {
  ignored,
  itemsOf,
  objectIn,
  toldRefusal,
  text,
  unknown,
  type JsonObject,
  type ProviderEvent,
  type Told,
} from "../provider-event.ts";

const SOURCE = "sendgrid";
const OTHERS = new Set(["processed", "open", "click", "group_resubscribe", "machine_open", "account_status_change"]);

export const readSendgrid = (body: unknown): readonly ProviderEvent[] =>
  itemsOf(body).map((one) => readEvent(objectIn(one)));

function readEvent(event: JsonObject): ProviderEvent {
  const type = text(event["event"]);
  const told = type === undefined ? null : tell(type, event);
  if (!told) return type !== undefined && OTHERS.has(type) ? ignored(type) : unknown(type);
  return toldRefusal(
    SOURCE,
    {
      recipient: event["email"],
      at: event["timestamp"],
      messageId: event["smtp-id"],
      // Behind the first dot is what it passed inside SendGrid; empty on bounces that came later.
      queueId: text(event["sg_message_id"])?.split(".")[0],
      tag: itemsOf(event["category"])[0],
      ...told,
    },
    event,
  );
}

function tell(type: string, event: JsonObject): Omit<Told, "recipient"> | null {
  switch (type) {
    case "bounce": {
      const label = [text(event["type"]) ?? "bounce", text(event["bounce_classification"])].filter(Boolean).join("/");
      return { action: "failed", label, diagnostic: event["reason"], status: event["status"] };
    }
    case "delivered":
      return { action: "delivered", label: type };
    case "deferred":
      return {
        action: "delayed",
        label: "deferred",
        diagnostic: text(event["response"]) ?? event["reason"],
        attempt: event["attempt"],
      };
    case "dropped":
      return { action: "not_sent", label: `dropped/${text(event["reason"]) ?? ""}` };
    case "spamreport":
      return { action: "complained", label: type };
    case "unsubscribe":
    case "group_unsubscribe":
      return { action: "unsubscribed", label: type };
    default:
      return null;
  }
}
