/** Mailjet's event webhook: one event a request, or, in version 2, a list of them. */
import {
  ignored,
  itemsOf,
  objectIn,
  toldRefusal,
  text,
  unknown,
  type JsonObject,
  type ProviderEvent,
} from "../provider-event.ts";
import type { RefusalAction } from "../../event/smtp.ts";

const SOURCE = "mailjet";
const OTHERS = new Set(["open", "click"]);

export const readMailjet = (body: unknown): readonly ProviderEvent[] =>
  itemsOf(body).map((one) => readEvent(objectIn(one)));

function readEvent(event: JsonObject): ProviderEvent {
  const type = text(event["event"]) ?? "";
  const action = actionOf(type, event);
  if (action === null) return OTHERS.has(type) ? ignored(type) : unknown(type);
  const isFailure = action === "failed" || action === "not_sent";
  const { error_related_to: about, error, comment } = event;
  return toldRefusal(
    SOURCE,
    {
      action,
      label: isFailure
        ? [type, event["hard_bounce"] === true ? "hard" : null, text(about), text(error)].filter(Boolean).join("/")
        : type,
      recipient: event["email"],
      diagnostic: isFailure ? (text(comment) ?? error) : undefined,
      at: event["time"],
      // MessageID is a number too long for JSON in JavaScript.
      queueId: text(event["Message_GUID"]) ?? event["MessageID"],
      tag: text(event["customcampaign"]) ?? event["CustomID"],
    },
    event,
  );
}

function actionOf(type: string, event: JsonObject): RefusalAction | null {
  switch (type) {
    case "sent":
      return "delivered";
    case "bounce":
      return "failed";
    case "blocked":
      return text(event["error_related_to"]) === "mailjet" ? "not_sent" : "failed";
    case "spam":
      return "complained";
    case "unsub":
      return "unsubscribed";
    default:
      return null;
  }
}
