/** listmonk's own bounce webhook, https://listmonk.app/docs/bounces/: `POST /webhooks/bounce`, one bounce a request. */
import type { BouncedEvent } from "../event/event.ts";
import { ownValues, sayable } from "./shape-facts.ts";

export type ListmonkBounce = Readonly<Record<string, string>>;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Null: listmonk has no such bounce. A block is none: listmonk counts soft bounces against the subscriber, who did
 * nothing. An unsubscribe is none either, only a complaint.
 */
export function listmonkBounceOf(reported: BouncedEvent): ListmonkBounce | null {
  const event = sayable(reported);
  const type = event && typeOf(event);
  if (!event?.recipient.mailed || !type) return null;
  // listmonk's own headers are there where BOUNCED_KEEP_HEADERS names them.
  const headers = event.original.headers;
  const campaign = [headers["x-listmonk-campaign"], event.returnPath?.tag].find((text) => UUID.test(text ?? ""));
  const subscriber = headers["x-listmonk-subscriber"];
  return {
    email: event.recipient.mailed,
    ...(subscriber !== undefined && UUID.test(subscriber) ? { subscriber_uuid: subscriber } : {}),
    ...(campaign ? { campaign_uuid: campaign } : {}),
    source: "bounced",
    type,
    meta: JSON.stringify({ ...ownValues(event), diagnostic: event.diagnostic?.text ?? "" }),
  };
}

function typeOf({ kind, severity, reason }: BouncedEvent): string | null {
  if (kind === "complaint") return reason === "unsubscribe" ? null : "complaint";
  return kind === "bounce" && (severity === "hard" || severity === "soft") ? severity : null;
}
