/** Events -> one endpoint. Resolves when the endpoint has taken them; rejects when they must be sent again. */
import { UnrecoverableError } from "bullmq";
import type { BouncedEvent } from "../event/event.ts";
import { messageOf } from "../machine/error-message.ts";
import type { EndpointNotice } from "../queues/payloads.ts";
import type { Breaker } from "./breaker.ts";
import type { Delivery } from "./delivery-log.ts";
import { post } from "./post.ts";
import { UnsafeAddress } from "./safe-address.ts";
import { noticeRequestOf, webhookRequestOf, type WebhookRequest } from "./webhook-request.ts";
import type { WebhookEndpoint, WebhookShape } from "./webhook-settings.ts";

/** An answer that asks for no more tries: Gone, and the vendors' own words for it. */
const GIVES_UP: Readonly<Record<WebhookShape, readonly number[]>> = {
  native: [410],
  note: [410],
  sendgrid: [410],
  ses: [410],
  sparkpost: [410],
  postmark: [403, 410],
  mailgun: [406, 410],
  listmonk: [410],
  cloudevents: [410],
  slack: [404, 410],
  teams: [404, 410],
  discord: [404],
  pagerduty: [400],
  ntfy: [410],
};

export interface DeliverDeps {
  readonly breaker: Breaker;
  readonly log: (delivery: Delivery) => Promise<void>;
}

export async function deliver(
  endpoint: WebhookEndpoint,
  events: readonly BouncedEvent[],
  deps: DeliverDeps,
): Promise<void> {
  const now = new Date();
  const request = webhookRequestOf(endpoint, events, now);
  if (request) await send(endpoint, request, { now, firstId: events[0]?.id ?? "", count: events.length }, deps);
}

/** An alert or a change of the list. */
export async function deliverNotice(
  endpoint: WebhookEndpoint,
  notice: EndpointNotice,
  deps: DeliverDeps,
): Promise<void> {
  const now = new Date();
  await send(endpoint, noticeRequestOf(endpoint, notice, now), { now, firstId: notice.id, count: 1 }, deps);
}

interface Sending {
  readonly now: Date;
  readonly firstId: string;
  readonly count: number;
}

async function send(
  endpoint: WebhookEndpoint,
  request: WebhookRequest,
  { now, firstId, count }: Sending,
  { breaker, log }: DeliverDeps,
): Promise<void> {
  const pauseMs = breaker.openFor(now.getTime());
  if (pauseMs > 0)
    throw new Error(`${endpoint.id} is paused for ${Math.ceil(pauseMs / 1000)} s after failures in a row`);
  const startedAt = performance.now();
  const done = (status: number, error: string): Promise<void> =>
    log({
      at: now.toISOString(),
      eventId: firstId,
      events: count,
      status,
      ms: Math.round(performance.now() - startedAt),
      error,
    });
  const { url, allowPrivate, timeoutMs } = endpoint;
  let status: number;
  try {
    ({ status } = await post({
      url,
      allowPrivate,
      timeoutMs,
      body: request.body,
      headers: { ...endpoint.headers, ...request.headers },
    }));
  } catch (error) {
    breaker.failed(now.getTime());
    await done(0, messageOf(error));
    throw error instanceof UnsafeAddress ? new UnrecoverableError(error.message) : error;
  }
  if (status >= 200 && status < 300) {
    breaker.succeeded();
    return done(status, "");
  }
  const error = status >= 300 && status < 400 ? `answered ${status}; redirects are not followed` : `answered ${status}`;
  await done(status, error);
  if (GIVES_UP[endpoint.shape].includes(status)) throw new UnrecoverableError(`${endpoint.id} ${error}`);
  breaker.failed(now.getTime());
  throw new Error(`${endpoint.id} ${error}`);
}
