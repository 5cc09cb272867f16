/** Amazon SES notifications: the inner document. One recipient each, because consumers suppress every one listed. */
import type { BouncedEvent } from "../event/event.ts";
import { instantOf, ownValues, sayable, splitLabel, withoutBrackets } from "./shape-facts.ts";

export type SesNotification = Readonly<Record<string, unknown>>;

/** Null: SES has no such notification. */
export function sesNotificationOf(reported: BouncedEvent): SesNotification | null {
  const event = sayable(reported);
  if (!event) return null;
  const address = event.recipient.mailed;
  const part = partOf(event);
  if (!part || !address) return null;
  const [type, body] = part;
  const { original } = event;
  return {
    notificationType: type,
    eventType: type,
    [`${type[0]?.toLowerCase()}${type.slice(1)}`]: body,
    mail: {
      timestamp: original.date ?? instantOf(event),
      messageId: event.returnPath?.tag ?? (original.messageId ? withoutBrackets(original.messageId) : event.id),
      source: event.returnPath?.address ?? original.returnPath ?? original.from ?? "",
      destination: [address],
      headersTruncated: true,
      commonHeaders: {
        ...(original.from ? { from: [original.from] } : {}),
        to: original.to.length > 0 ? original.to : [address],
        ...(original.date ? { date: original.date } : {}),
        ...(original.messageId ? { messageId: original.messageId } : {}),
        ...(original.subject === null ? {} : { subject: original.subject }),
      },
      tags: Object.fromEntries(Object.entries(ownValues(event)).map(([name, value]) => [name, [value]])),
    },
  };
}

function partOf(event: BouncedEvent): readonly ["Bounce" | "Complaint" | "Delivery" | "DeliveryDelay", object] | null {
  const recipient = {
    emailAddress: event.recipient.mailed,
    ...(event.action ? { action: event.action } : {}),
    ...(event.status ? { status: event.status } : {}),
    ...(event.diagnostic ? { diagnosticCode: `${event.diagnostic.type}; ${event.diagnostic.text}` } : {}),
  };
  const reportingMTA = event.reportingMta ? { reportingMTA: `dns; ${event.reportingMta}` } : {};
  const timestamp = instantOf(event);
  switch (event.kind) {
    case "bounce": {
      const [bounceType, bounceSubType] = splitLabel(event.codes.ses);
      if (!bounceSubType) return null;
      const isPermanent = bounceType === "Permanent";
      return [
        "Bounce",
        {
          // What is not hard must not be called Permanent: consumers suppress on that word.
          bounceType:
            isPermanent && event.severity !== "hard" && event.reason !== "not_attempted" ? "Transient" : bounceType,
          bounceSubType,
          bouncedRecipients: [recipient],
          timestamp,
          feedbackId: event.id,
          ...reportingMTA,
        },
      ];
    }
    case "delay":
      return [
        "DeliveryDelay",
        {
          delayType:
            event.reason === "mailbox_full"
              ? "MailboxFull"
              : event.reason === "connection_failed"
                ? "TransientCommunicationFailure"
                : "General",
          delayedRecipients: [recipient],
          ...(event.willRetryUntil ? { expirationTime: event.willRetryUntil } : {}),
          ...reportingMTA,
          timestamp,
        },
      ];
    case "complaint":
      if (event.reason === "unsubscribe") return null;
      return [
        "Complaint",
        {
          complainedRecipients: [{ emailAddress: event.recipient.mailed }],
          timestamp,
          feedbackId: event.id,
          complaintSubType: null,
          ...(event.feedback?.userAgent ? { userAgent: event.feedback.userAgent } : {}),
          ...(event.feedback?.type ? { complaintFeedbackType: event.feedback.type } : {}),
          ...(event.feedback?.arrivalDate ? { arrivalDate: event.feedback.arrivalDate } : {}),
        },
      ];
    case "delivery":
      return [
        "Delivery",
        {
          timestamp,
          recipients: [event.recipient.mailed],
          ...(event.diagnostic ? { smtpResponse: event.diagnostic.text } : {}),
          ...reportingMTA,
        },
      ];
    default:
      return null;
  }
}
