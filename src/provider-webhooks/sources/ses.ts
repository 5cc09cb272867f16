/** Amazon SES: the notification inside the SNS envelope. Developer guide, "Amazon SNS notification contents". */
import {
  ignored,
  isObject,
  itemsOf,
  objectIn,
  toldRefusal,
  text,
  unknown,
  type JsonObject,
  type ProviderEvent,
  type Told,
} from "../provider-event.ts";

const SOURCE = "amazon-ses";
/** Refused by SES itself, because the address is on a list of the account or of SES. */
const NOT_SENT = new Set([
  "Suppressed",
  "OnAccountSuppressionList",
  "UnsubscribedRecipient",
  "EmailValidationSuppressed",
]);
const OTHERS = new Set(["Send", "Reject", "Open", "Click", "Rendering Failure", "Subscription"]);
/** What SES says where the recipient's server said nothing. */
const STATUS: ReadonlyMap<string, string> = new Map([
  ["Permanent/NoEmail", "5.1.1"],
  ["Transient/MailboxFull", "4.2.2"],
  ["Transient/MessageTooLarge", "5.3.4"],
]);

export function readSes(body: unknown): readonly ProviderEvent[] {
  const notification = objectIn(body);
  const type = text(notification["notificationType"]) ?? text(notification["eventType"]);
  switch (type) {
    case "Bounce":
      return bounces(notification);
    case "Complaint":
      return complaints(notification);
    case "DeliveryDelay":
      return delays(notification);
    case "Delivery":
      return deliveries(notification);
    // SES sends it once, when a topic is chosen.
    case "AmazonSnsSubscriptionSucceeded":
      return [ignored(type)];
    default:
      return [type !== undefined && OTHERS.has(type) ? ignored(type) : unknown(type)];
  }
}

function bounces(notification: JsonObject): readonly ProviderEvent[] {
  const bounce = objectIn(notification["bounce"]);
  const subType = text(bounce["bounceSubType"]) ?? "Undetermined";
  const label = `${text(bounce["bounceType"]) ?? "Undetermined"}/${subType}`;
  return itemsOf(bounce["bouncedRecipients"]).map((one) => {
    const { emailAddress, status, diagnosticCode } = objectIn(one);
    return toldRefusal(
      SOURCE,
      {
        ...mailOf(notification),
        action: NOT_SENT.has(subType) ? "not_sent" : "failed",
        recipient: emailAddress,
        label,
        diagnostic: diagnosticCode,
        status: text(status) ?? (text(diagnosticCode) === undefined ? STATUS.get(label) : undefined),
        remoteMta: bounce["remoteMtaIp"],
        reportingMta: withoutType(bounce["reportingMTA"]),
        at: bounce["timestamp"],
      },
      notification,
    );
  });
}

function complaints(notification: JsonObject): readonly ProviderEvent[] {
  const complaint = objectIn(notification["complaint"]);
  const { complaintSubType, complaintFeedbackType, timestamp } = complaint;
  const recipients = itemsOf(complaint["complainedRecipients"]);
  const isNotSent = NOT_SENT.has(text(complaintSubType) ?? "");
  return recipients.map((one) =>
    toldRefusal(
      SOURCE,
      {
        ...mailOf(notification),
        action: isNotSent ? "not_sent" : "complained",
        recipient: objectIn(one)["emailAddress"],
        label: ["Complaint", text(complaintSubType) ?? text(complaintFeedbackType)].filter(Boolean).join("/"),
        feedbackType: complaintFeedbackType,
        // All recipients of the message at that provider are listed, and one of them complained.
        among: Math.max(recipients.length, 1),
        at: timestamp,
      },
      notification,
    ),
  );
}

function delays(notification: JsonObject): readonly ProviderEvent[] {
  const delay = objectIn(notification["deliveryDelay"]);
  return itemsOf(delay["delayedRecipients"]).map((one) => {
    const { emailAddress, status, diagnosticCode } = objectIn(one);
    return toldRefusal(
      SOURCE,
      {
        ...mailOf(notification),
        action: "delayed",
        recipient: emailAddress,
        label: `DeliveryDelay/${text(delay["delayType"]) ?? "Undetermined"}`,
        diagnostic: diagnosticCode,
        status,
        reportingMta: withoutType(delay["reportingMTA"]),
        at: delay["timestamp"],
      },
      notification,
    );
  });
}

function deliveries(notification: JsonObject): readonly ProviderEvent[] {
  const delivery = objectIn(notification["delivery"]);
  return itemsOf(delivery["recipients"] ?? []).map((recipient) =>
    toldRefusal(
      SOURCE,
      { ...mailOf(notification), action: "delivered", recipient, label: "Delivery", at: delivery["timestamp"] },
      notification,
    ),
  );
}

function mailOf(
  notification: JsonObject,
): Pick<Told, "queueId" | "messageId" | "returnPath" | "from" | "subject" | "tag"> {
  const mail = objectIn(notification["mail"]);
  const common = objectIn(mail["commonHeaders"]);
  return {
    queueId: mail["messageId"],
    messageId: text(common["messageId"]) ?? headerIn(mail, "message-id"),
    returnPath: mail["source"],
    from: itemsOf(common["from"])[0],
    subject: common["subject"],
    tag: tagIn(objectIn(mail["tags"])),
  };
}

const headerIn = (mail: JsonObject, wanted: string): unknown =>
  itemsOf(mail["headers"])
    .filter(isObject)
    .find(({ name }) => text(name)?.toLowerCase() === wanted)?.["value"];

/** One that the sender chose: SES adds some of its own, `ses:…`. */
function tagIn(tags: JsonObject): unknown {
  const [own] = Object.entries(tags).filter(([name]) => !name.startsWith("ses:") && !name.startsWith("bounced_"));
  return own && itemsOf(own[1])[0];
}

const withoutType = (mta: unknown): string | undefined => text(mta)?.replace(/^[a-z0-9-]+\s*;\s*/i, "");
