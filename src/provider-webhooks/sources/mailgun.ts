/** Mailgun's webhooks: `event-data` of one event; the signature beside it is checked before. */
import { ignored, itemsOf, objectIn, toldRefusal, text, unknown, type ProviderEvent } from "../provider-event.ts";

const SOURCE = "mailgun";
const OTHERS = new Set(["accepted", "opened", "clicked", "stored", "rejected", "list_member_uploaded"]);

export function readMailgun(body: unknown): readonly ProviderEvent[] {
  const event = objectIn(objectIn(body)["event-data"]);
  const type = text(event["event"]);
  const headers = objectIn(objectIn(event["message"])["headers"]);
  const status = objectIn(event["delivery-status"]);
  const told = {
    recipient: event["recipient"],
    at: event["timestamp"],
    messageId: headers["message-id"],
    from: headers["from"],
    subject: headers["subject"],
    tag: itemsOf(event["tags"])[0],
    returnPath: objectIn(event["envelope"])["sender"],
  };
  switch (type) {
    case "failed": {
      const [severity, reason] = [text(event["severity"]) ?? "", text(event["reason"]) ?? ""];
      const isSuppressed = reason.startsWith("suppress-");
      return [
        toldRefusal(
          SOURCE,
          {
            ...told,
            action: isSuppressed ? "not_sent" : severity === "temporary" ? "delayed" : "failed",
            label: `${severity}/${reason}`,
            diagnostic: text(status["message"]) ?? status["description"],
            status: status["enhanced-code"],
            replyCode: status["code"],
            remoteMta: status["mx-host"],
            attempt: severity === "temporary" ? status["attempt-no"] : undefined,
          },
          event,
        ),
      ];
    }
    case "delivered":
      return [toldRefusal(SOURCE, { ...told, action: "delivered", label: type, remoteMta: status["mx-host"] }, event)];
    case "complained":
      return [toldRefusal(SOURCE, { ...told, action: "complained", label: type }, event)];
    case "unsubscribed":
      return [toldRefusal(SOURCE, { ...told, action: "unsubscribed", label: type }, event)];
    default:
      return [type !== undefined && OTHERS.has(type) ? ignored(type) : unknown(type)];
  }
}
