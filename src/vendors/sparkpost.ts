/** SparkPost's message events. Nearly everything is a string there, numbers too. */
import type { BouncedEvent } from "../event/event.ts";
import { mailedDomainOf, ownValues, sayable, secondsOf, withoutBrackets } from "./shape-facts.ts";

export interface SparkpostWrapper {
  readonly msys: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Null: SparkPost has no such event. */
export function sparkpostEventOf(reported: BouncedEvent): SparkpostWrapper | null {
  const event = sayable(reported);
  if (!event) return null;
  const type = typeOf(event);
  const address = event.recipient.mailed;
  if (!type || !address) return null;
  const text = event.diagnostic?.text ?? "";
  const family = type === "list_unsubscribe" ? "unsubscribe_event" : "message_event";
  const isRefusal = type === "out_of_band" || type === "delay";
  return {
    msys: {
      [family]: {
        type,
        // A big integer as a string, the same for the same event.
        event_id: BigInt(`0x${event.id.slice(1, 16)}`).toString(),
        timestamp: String(secondsOf(event)),
        ...(isRefusal ? bounceClassOf(event) : {}),
        ...(isRefusal
          ? { error_code: event.replyCode === null ? "" : String(event.replyCode), raw_reason: text, reason: text }
          : {}),
        rcpt_to: address.toLowerCase(),
        raw_rcpt_to: address,
        rcpt_meta: ownValues(event),
        rcpt_tags: event.returnPath?.tag ? [event.returnPath.tag] : [],
        message_id: event.original.messageId ? withoutBrackets(event.original.messageId) : "",
        subject: event.original.subject ?? "",
        friendly_from: event.original.from ?? "",
        msg_from: event.returnPath?.address ?? event.original.returnPath ?? "",
        msg_size: String(event.message.size),
        routing_domain: mailedDomainOf(event),
        ...(type === "spam_complaint"
          ? {
              fbtype: event.feedback?.type ?? "abuse",
              report_by: event.message.from ?? "",
              report_to: event.message.envelope.forwardPath ?? "",
              user_str: event.feedback?.userAgent ?? "",
            }
          : {}),
      },
    },
  };
}

/** 10 puts an address on the list; a refusal that is not certain to be one of the address is a plain soft bounce, 20. */
function bounceClassOf({ codes, severity }: BouncedEvent): { readonly bounce_class?: string } {
  if (codes.sparkpost === null) return {};
  return { bounce_class: codes.sparkpost === 10 && severity !== "hard" ? "20" : String(codes.sparkpost) };
}

function typeOf(event: BouncedEvent): string | null {
  switch (event.kind) {
    case "bounce":
      return "out_of_band";
    case "delay":
      return "delay";
    case "delivery":
      return "delivery";
    case "complaint":
      return event.reason === "unsubscribe" ? "list_unsubscribe" : "spam_complaint";
    default:
      return null;
  }
}
