/** Brevo's webhooks, transactional and marketing: one event a request, or a list of them. */
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

const SOURCE = "brevo";
const ACTIONS: ReadonlyMap<string, RefusalAction> = new Map([
  ["hard_bounce", "failed"],
  ["soft_bounce", "failed"],
  ["invalid_email", "failed"],
  ["error", "failed"],
  ["deferred", "delayed"],
  ["delivered", "delivered"],
  // On a list of the account.
  ["blocked", "not_sent"],
  ["spam", "complained"],
  ["unsubscribe", "unsubscribed"],
  ["unsubscribed", "unsubscribed"],
]);
const OTHERS =
  /^(?:request|sent|opened|unique_opened|first_opening|proxy_open|unique_proxy_open|loaded_by_proxy|click|list_addition|contact_\w+)$/;

export const readBrevo = (body: unknown): readonly ProviderEvent[] =>
  itemsOf(body).map((one) => readEvent(objectIn(one)));

function readEvent(event: JsonObject): ProviderEvent {
  const type = text(event["event"]) ?? "";
  const action = ACTIONS.get(type);
  if (action === undefined) return OTHERS.test(type) ? ignored(type) : unknown(type);
  return toldRefusal(
    SOURCE,
    {
      action,
      label: type,
      recipient: event["email"],
      diagnostic: event["reason"],
      at: text(event["ts_epoch"]) ?? text(event["ts_event"]) ?? event["ts"],
      messageId: event["message-id"],
      // A campaign has no Message-ID here.
      queueId: event["message-id"] === undefined ? event["camp_id"] : undefined,
      tag: itemsOf(event["tags"])[0] ?? text(event["tag"]) ?? event["campaign name"],
      subject: event["subject"],
    },
    event,
  );
}
