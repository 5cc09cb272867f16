/** Postmark's webhooks for bounces, spam complaints and changes of subscription: one object a request. */
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

const SOURCE = "postmark";
const OTHERS = new Set(["Open", "Click", "Inbound", "SMTPApiError"]);
/** Of a bounce: what is none. */
const NO_FAILURE = new Set(["AutoResponder", "AddressChange", "Subscribe", "ChallengeVerification", "OpenRelayTest"]);
const NOT_SENT = new Set(["ManuallyDeactivated", "SMTPApiError", "InboundError", "TemplateRenderingFailed"]);

export const readPostmark = (body: unknown): readonly ProviderEvent[] =>
  itemsOf(body).map((one) => readRecord(objectIn(one)));

function readRecord(record: JsonObject): ProviderEvent {
  const type = text(record["RecordType"]);
  switch (type) {
    case "Bounce":
    case "SpamComplaint":
      return readBounce(record, text(record["Type"]) ?? type);
    case "Delivery": {
      const { Recipient: recipient, DeliveredAt: at } = record;
      return toldRefusal(SOURCE, { ...mailOf(record), action: "delivered", recipient, at, label: type }, record);
    }
    case "SubscriptionChange": {
      const isRecipients = record["SuppressSending"] === true && text(record["Origin"]) === "Recipient";
      const reason = text(record["SuppressionReason"]) ?? "";
      // Bounces and complaints come as such.
      if (!isRecipients || reason !== "ManualSuppression") return ignored(`${type}/${reason}`);
      const { Recipient: recipient, ChangedAt: at } = record;
      return toldRefusal(SOURCE, { ...mailOf(record), action: "unsubscribed", recipient, at, label: type }, record);
    }
    default:
      return type !== undefined && OTHERS.has(type) ? ignored(type) : unknown(type);
  }
}

function readBounce(record: JsonObject, type: string): ProviderEvent {
  if (NO_FAILURE.has(type)) return ignored(`Bounce/${type}`);
  const { Email: recipient, BouncedAt: at, Details: diagnostic } = record;
  const told = { ...mailOf(record), recipient, at, label: type };
  // The raw bounce, if it was asked for: it is long, and may be cut anywhere.
  const { Content: _content, ...written } = record;
  if (type === "SpamComplaint") return toldRefusal(SOURCE, { ...told, action: "complained" }, written);
  if (type === "Unsubscribe") return toldRefusal(SOURCE, { ...told, action: "unsubscribed" }, written);
  if (NOT_SENT.has(type)) return toldRefusal(SOURCE, { ...told, action: "not_sent" }, written);
  const action = type === "Transient" ? "delayed" : "failed";
  return toldRefusal(SOURCE, { ...told, action, diagnostic }, written);
}

const mailOf = ({ MessageID, Tag, MessageStream, From, Subject }: JsonObject) => ({
  queueId: MessageID,
  tag: text(Tag) ?? text(MessageStream),
  from: From,
  subject: Subject,
});
