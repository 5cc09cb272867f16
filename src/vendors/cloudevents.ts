/** CloudEvents 1.0 in structured JSON, https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md. */
import { EVENT_SCHEMA, type BouncedEvent } from "../event/event.ts";

export interface CloudEvent {
  readonly specversion: "1.0";
  /** With `source` it names the event: a repetition has the same. */
  readonly id: string;
  readonly source: string;
  /** `com.bounced.bounce.mailbox_unknown` */
  readonly type: string;
  readonly subject?: string;
  readonly time?: string;
  readonly datacontenttype: "application/json";
  readonly dataschema: string;
  readonly data: BouncedEvent;
}

/** The whole event, with its authenticity. The source is the return path's domain: one service may have several. */
export function cloudEventOf(event: BouncedEvent): CloudEvent {
  const address = event.returnPath?.address ?? event.message.envelope.forwardPath ?? "";
  const { mailed } = event.recipient;
  const { receivedAt } = event.message;
  return {
    specversion: "1.0",
    id: event.id,
    source: `urn:bounced:${address.slice(address.lastIndexOf("@") + 1).toLowerCase() || "unknown"}`,
    type: `com.bounced.${event.kind}.${event.reason}`,
    ...(mailed ? { subject: mailed } : {}),
    ...(receivedAt ? { time: receivedAt } : {}),
    datacontenttype: "application/json",
    dataschema: `urn:schema:${EVENT_SCHEMA}`,
    data: event,
  };
}
