/** Resend's webhooks: one event a request, in the envelope of Svix. */
import {
  ignored,
  itemsOf,
  objectIn,
  toldRefusal,
  text,
  unknown,
  type ProviderEvent,
  type Told,
} from "../provider-event.ts";

const SOURCE = "resend";
const OTHERS = /^(?:email\.(?:sent|opened|clicked|scheduled|received|failed)|(?:contact|domain)\.\w+)$/;
const NOT_SENT = new Set(["Suppressed", "OnAccountSuppressionList"]);

export function readResend(body: unknown): readonly ProviderEvent[] {
  const event = objectIn(body);
  const type = text(event["type"]) ?? "";
  const data = objectIn(event["data"]);
  const told = tell(type, objectIn(data["bounce"]));
  if (!told) return [OTHERS.test(type) ? ignored(type) : unknown(type)];
  const recipients = itemsOf(data["to"]);
  return recipients.map((recipient) =>
    toldRefusal(
      SOURCE,
      {
        recipient,
        // It does not say which one.
        among: Math.max(recipients.length, 1),
        at: event["created_at"],
        queueId: data["email_id"],
        messageId: data["message_id"],
        from: data["from"],
        subject: data["subject"],
        tag: tagIn(data["tags"]),
        ...told,
      },
      event,
    ),
  );
}

function tell(type: string, bounce: Readonly<Record<string, unknown>>): Omit<Told, "recipient"> | null {
  switch (type) {
    case "email.bounced": {
      const subType = text(bounce["subType"]) ?? "";
      return {
        action: NOT_SENT.has(subType) ? "not_sent" : "failed",
        label: [text(bounce["type"]), subType].filter(Boolean).join("/"),
        // The one is the recipient's server, the other Resend's words about it.
        diagnostic: text(itemsOf(bounce["diagnosticCode"])[0]) ?? bounce["message"],
      };
    }
    case "email.delivered":
      return { action: "delivered", label: type };
    case "email.complained":
      return { action: "complained", label: type };
    case "email.delivery_delayed":
      return { action: "delayed", label: type };
    case "email.suppressed":
      return { action: "not_sent", label: type };
    default:
      return null;
  }
}

/** A list of names and values, or an object of them. */
function tagIn(tags: unknown): unknown {
  const [first] = Array.isArray(tags) ? tags.map((tag) => objectIn(tag)["value"]) : Object.values(objectIn(tags));
  return first;
}
