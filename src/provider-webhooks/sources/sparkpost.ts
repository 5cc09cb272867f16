/** SparkPost's webhooks: a list of events, each wrapped in `msys` and the name of its family. */
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

const SOURCE = "sparkpost";
const OTHERS =
  /^(?:injection|open|initial_open|click|amp_\w+|sms_status|generation_\w+|relay_\w+|ab_test_\w+|ingest\w*|success|error)$/;
/** "Admin failure": refused by SparkPost itself, because the address is on a list of the account. */
const ADMIN_FAILURE = "25";

export const readSparkpost = (body: unknown): readonly ProviderEvent[] =>
  itemsOf(body).flatMap((wrapper) => {
    const families = Object.values(objectIn(objectIn(wrapper)["msys"]));
    // `[{"msys":{}}]` asks whether we are there.
    return families.length === 0 ? [ignored("ping")] : families.filter(isObject).map(readEvent);
  });

function readEvent(event: JsonObject): ProviderEvent {
  const type = text(event["type"]) ?? "";
  const told = tell(type, event);
  if (!told) return OTHERS.test(type) ? ignored(type) : unknown(type);
  return toldRefusal(
    SOURCE,
    {
      recipient: text(event["raw_rcpt_to"]) ?? event["rcpt_to"],
      at: event["timestamp"],
      queueId: event["message_id"],
      tag: text(event["campaign_id"]) ?? itemsOf(event["rcpt_tags"])[0],
      returnPath: event["msg_from"],
      from: event["friendly_from"],
      subject: event["subject"],
      ...told,
    },
    event,
  );
}

function tell(type: string, event: JsonObject): Omit<Told, "recipient"> | null {
  const said = { diagnostic: text(event["raw_reason"]) ?? event["reason"], replyCode: event["error_code"] };
  const bounceClass = text(event["bounce_class"]) ?? "";
  switch (type) {
    case "bounce":
    case "out_of_band":
      return {
        ...said,
        action: bounceClass === ADMIN_FAILURE ? "not_sent" : "failed",
        label: `${type}/${bounceClass}`,
      };
    case "policy_rejection":
      return { ...said, action: "not_sent", label: `${type}/${bounceClass}` };
    case "delivery":
      return { action: "delivered", label: type };
    case "delay":
      return { ...said, action: "delayed", label: `${type}/${bounceClass}`, attempt: event["num_retries"] };
    case "spam_complaint":
      return { action: "complained", label: type, feedbackType: event["fbtype"] };
    case "list_unsubscribe":
    case "link_unsubscribe":
      return { action: "unsubscribed", label: type };
    default:
      return null;
  }
}
