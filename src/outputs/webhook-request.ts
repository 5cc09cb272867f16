/**
 * Events -> the body and headers of one request. Vendors' own signatures cannot be made with our keys, so every shape
 * is signed by our key: `native` and those without a scheme of their own as Standard Webhooks (standardwebhooks.com),
 * `sendgrid` as its Event Webhook (ECDSA P-256 over timestamp and body), `mailgun` inside the body.
 */
import { createHmac, createPrivateKey, createSign, randomBytes, type KeyObject } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { BouncedEvent } from "../event/event.ts";
import { cloudEventOf } from "../vendors/cloudevents.ts";
import { listmonkBounceOf } from "../vendors/listmonk.ts";
import { mailgunEventOf } from "../vendors/mailgun.ts";
import { postmarkRecordOf } from "../vendors/postmark.ts";
import { sendgridEventOf } from "../vendors/sendgrid.ts";
import { sesNotificationOf } from "../vendors/ses.ts";
import { sparkpostEventOf } from "../vendors/sparkpost.ts";
import type { EndpointNotice } from "../queues/payloads.ts";
import { alertText } from "./chat/alert-text.ts";
import { chatMessage, isChat } from "./chat/messages.ts";
import type { Alert } from "../store/alerts/alerts.ts";
import type { HoldAlert } from "../tallies/holds.ts";
import type { ViewAlert } from "../store/alerts/view-alerts.ts";
import type { IncidentAlert } from "../store/alerts/incident-alerts.ts";
import { incidentText } from "./chat/incident-text.ts";
import { viewAlertText } from "./chat/view-text.ts";
import { holdText } from "./chat/hold-text.ts";
import { noteOf } from "./note.ts";
import type { WebhookEndpoint, WebhookShape } from "./webhook-settings.ts";

export interface WebhookRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** These send a list; the others one event a request. */
const LISTS: ReadonlySet<WebhookShape> = new Set(["sendgrid", "sparkpost"]);

/** Events in one request to this endpoint. */
export const batchOf = ({ shape, batch }: WebhookEndpoint): number => (LISTS.has(shape) ? batch : 1);

/** Null: the vendor has no such event, so there is nothing to send. */
export function webhookRequestOf(
  endpoint: WebhookEndpoint,
  events: readonly BouncedEvent[],
  now: Date,
): WebhookRequest | null {
  const shaped = events.map((event) => SHAPES[endpoint.shape](event)).filter((body) => body !== null);
  const [first] = shaped;
  const id = events[0]?.id;
  if (first === undefined || id === undefined) return null;
  switch (endpoint.shape) {
    case "sendgrid": {
      const body = JSON.stringify(shaped);
      return { body, headers: { "content-type": "application/json", ...sendgridHeaders(endpoint.secret, body, now) } };
    }
    case "mailgun": {
      const body = JSON.stringify({ signature: mailgunSignature(endpoint.secret, now), "event-data": first });
      return signed(endpoint, id, body, now, "application/json");
    }
    case "ses": {
      const body = JSON.stringify(snsEnvelope(id, first, now));
      const request = signed(endpoint, id, body, now, "text/plain; charset=utf-8");
      return {
        body,
        headers: {
          ...request.headers,
          "x-amz-sns-message-type": "Notification",
          "x-amz-sns-message-id": id,
          "x-amz-sns-topic-arn": TOPIC,
        },
      };
    }
    case "sparkpost": {
      const request = signed(endpoint, id, JSON.stringify(shaped), now, "application/json");
      return { body: request.body, headers: { ...request.headers, "x-messagesystems-batch-id": id } };
    }
    case "cloudevents":
      return signed(endpoint, id, JSON.stringify(first), now, "application/cloudevents+json; charset=utf-8");
    default:
      return signed(endpoint, id, JSON.stringify(first), now, "application/json");
  }
}

const SHAPES: Readonly<Record<WebhookShape, (event: BouncedEvent) => unknown>> = {
  native: (event) => ({ type: `${event.kind}.${event.reason}`, timestamp: event.message.receivedAt, data: event }),
  sendgrid: sendgridEventOf,
  ses: sesNotificationOf,
  postmark: postmarkRecordOf,
  mailgun: mailgunEventOf,
  sparkpost: sparkpostEventOf,
  listmonk: listmonkBounceOf,
  cloudevents: cloudEventOf,
  note: (event) => (event.kind === "unrecognized" ? null : noteOf(event)),
  slack: () => null,
  teams: () => null,
  discord: () => null,
  pagerduty: () => null,
  ntfy: () => null,
};

const NOTICES: ReadonlySet<unknown> = new Set<EndpointNotice["schema"]>([
  "bounced.alert/1",
  "bounced.hold/1",
  "bounced.view/1",
  "bounced.incident-alert/1",
  "bounced.suppression/1",
]);
export const isNotice = (data: object): data is EndpointNotice => "schema" in data && NOTICES.has(data.schema);

/** As it was put on the queue: the whole alert. */
const isIncidentAlert = (notice: EndpointNotice): notice is IncidentAlert =>
  notice.schema === "bounced.incident-alert/1";
const isAlert = (notice: EndpointNotice): notice is Alert => notice.schema === "bounced.alert/1";
const isViewAlert = (notice: EndpointNotice): notice is ViewAlert => notice.schema === "bounced.view/1";
const isHold = (notice: EndpointNotice): notice is HoldAlert => notice.schema === "bounced.hold/1";

export const noticeType = (notice: EndpointNotice): string =>
  notice.schema === "bounced.alert/1"
    ? `alert.${notice.state === "resolved" ? "resolved" : notice.measure}`
    : notice.schema === "bounced.hold/1"
      ? `hold.${notice.state}`
      : notice.schema === "bounced.view/1"
        ? `view.${notice.state}`
        : notice.schema === "bounced.incident-alert/1"
          ? `incident.${notice.state}`
          : `suppression.${notice.action}`;

/** Alone, and in our own shape whatever the endpoint's is, unless that is a chat. */
export function noticeRequestOf(endpoint: WebhookEndpoint, notice: EndpointNotice, now: Date): WebhookRequest {
  if (isChat(endpoint.shape) && isAlert(notice))
    return chatMessage(endpoint.shape, alertText(notice, endpoint.pagesUrl ?? null), endpoint);
  if (isChat(endpoint.shape) && isHold(notice))
    return chatMessage(endpoint.shape, holdText(notice, endpoint.pagesUrl ?? null), endpoint);
  if (isChat(endpoint.shape) && isViewAlert(notice))
    return chatMessage(endpoint.shape, viewAlertText(notice, endpoint.pagesUrl ?? null), endpoint);
  if (isChat(endpoint.shape) && isIncidentAlert(notice))
    return chatMessage(endpoint.shape, incidentText(notice, endpoint.pagesUrl ?? null), endpoint);
  const body = JSON.stringify({ type: noticeType(notice), timestamp: notice.at, data: notice });
  return signed(endpoint, notice.id, body, now, "application/json");
}

/** `whsec_` is base64; any other text is the key itself. */
const standardWebhook = (secret: string): Webhook =>
  secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret, { format: "raw" });

function signed({ secret }: WebhookEndpoint, id: string, body: string, now: Date, contentType: string): WebhookRequest {
  return {
    body,
    headers: {
      "content-type": contentType,
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": standardWebhook(secret).sign(id, now, body),
    },
  };
}

/** PEM, or base64 of the DER that SendGrid's tools use. */
export const sendgridKey = (secret: string): KeyObject =>
  secret.includes("BEGIN")
    ? createPrivateKey(secret.replaceAll("\\n", "\n"))
    : createPrivateKey({ key: Buffer.from(secret, "base64"), format: "der", type: "pkcs8" });

function sendgridHeaders(secret: string, body: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return {
    "x-twilio-email-event-webhook-timestamp": timestamp,
    "x-twilio-email-event-webhook-signature": createSign("sha256")
      .update(timestamp + body)
      .sign(sendgridKey(secret), "base64"),
  };
}

function mailgunSignature(secret: string, now: Date): object {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const token = randomBytes(25).toString("hex");
  return {
    timestamp,
    token,
    signature: createHmac("sha256", secret)
      .update(timestamp + token)
      .digest("hex"),
  };
}

const TOPIC = "arn:aws:sns:local:000000000000:bounced";

/** RSA-signed by Amazon at Amazon; ours carries our signature in the `webhook-signature` header instead. */
const snsEnvelope = (id: string, message: unknown, now: Date): object => ({
  Type: "Notification",
  MessageId: id,
  TopicArn: TOPIC,
  Message: JSON.stringify(message),
  Timestamp: now.toISOString(),
  SignatureVersion: "2",
  Signature: "",
  SigningCertURL: "",
  UnsubscribeURL: "",
});
