/**
 * Queue `webhook` -> one job per endpoint that wants the event -> HTTP. Each endpoint has a queue of its own, so that
 * one that is down delays nobody, and so has each help desk. What is not taken within a day stays on that queue as failed: `bounced webhooks`.
 */
import type { BouncedEvent } from "../src/event/event.ts";
import { watchConfirmation } from "../src/intake/confirm.ts";
import { createBreaker } from "../src/outputs/breaker.ts";
import { deliver, deliverNotice } from "../src/outputs/deliver.ts";
import { logDelivery, type Delivery } from "../src/outputs/delivery-log.ts";
import { fanOut, fanOutToDesks } from "../src/outputs/fan-out.ts";
import { batchOf, isNotice } from "../src/outputs/webhook-request.ts";
import type { WebhookEndpoint } from "../src/outputs/webhook-settings.ts";
import { createBatcher } from "../src/queues/batch.ts";
import { consume, type Consumer } from "../src/queues/consume.ts";
import { OWN_LOCK_MS } from "../src/queues/job-options.ts";
import { webhookQueueOf } from "../src/queues/names.ts";
import type { Queues } from "../src/queues/queues.ts";
import { keepTap, removeTap } from "../src/queues/taps.ts";
import type { StartRole } from "../src/client/service.ts";
import { webhookPausedUntil, webhookRequests, webhookSeconds } from "../src/telemetry/metrics.ts";
import { startHelpDesk } from "./help-desk.ts";

/** Requests at a time to one endpoint. */
const REQUESTS = 4;

/** Delivers to one endpoint until it is closed. */
export function startEndpoint(endpoint: WebhookEndpoint, queues: Queues, onError: (error: Error) => void): Consumer {
  const breaker = createBreaker((until) => webhookPausedUntil.set({ endpoint: endpoint.id }, until / 1000));
  webhookPausedUntil.set({ endpoint: endpoint.id }, 0);
  const log = (delivery: Delivery): Promise<void> => {
    const outcome = delivery.error === "" ? "ok" : delivery.status === 0 ? "failed" : "refused";
    webhookRequests.inc({ endpoint: endpoint.id, outcome });
    webhookSeconds.observe({ endpoint: endpoint.id }, delivery.ms / 1000);
    return logDelivery(queues, endpoint.id, delivery);
  };
  const maxItems = batchOf(endpoint);
  const send = createBatcher((events: readonly BouncedEvent[]) => deliver(endpoint, events, { breaker, log }), {
    maxItems,
    maxFlushes: REQUESTS,
  });
  return consume(
    webhookQueueOf(endpoint.id),
    (data) => (isNotice(data) ? deliverNotice(endpoint, data, { breaker, log }) : send(data)),
    {
      redisUrl: queues.redisUrl,
      prefix: queues.prefix,
      concurrency: maxItems * REQUESTS,
      keepsNothing: true,
      lockMs: OWN_LOCK_MS,
      onError,
    },
  );
}

export const webhookRole: StartRole = async ({ config, logger, redisUrl, queues }) => {
  const { webhooks, helpDesks } = config.file;
  if (webhooks.length + helpDesks.length === 0) {
    await removeTap(queues, "webhook");
    return { notes: [], stop: () => Promise.resolve() };
  }
  const stopTap = await keepTap(queues, "webhook");
  const log = logger.child({ role: "webhook" });
  const onError = (error: Error): void => log.warn({ err: error }, "webhook queue");
  const endpoints = [
    ...webhooks.map((endpoint) => startEndpoint(endpoint, queues, onError)),
    ...helpDesks.map((desk) => startHelpDesk(desk, queues, onError)),
  ];
  const confirmation = watchConfirmation(queues, config.file.durability);
  const send = async (event: BouncedEvent): Promise<void> => {
    await fanOut(event, webhooks, queues);
    await fanOutToDesks(event, helpDesks, queues);
  };
  const consumer = consume("webhook", ({ event }) => confirmation.confirmed(() => send(event)), {
    redisUrl,
    prefix: config.BOUNCED_PREFIX,
    concurrency: 64,
    lockMs: OWN_LOCK_MS,
    onError,
  });
  return {
    notes: [
      ...(webhooks.length > 0 ? [`webhooks to ${webhooks.map(({ id }) => id).join(", ")}`] : []),
      ...(helpDesks.length > 0 ? [`notes to ${helpDesks.map(({ id }) => id).join(", ")}`] : []),
    ],
    async stop() {
      stopTap();
      await consumer.close();
      confirmation.stop();
      await Promise.all(endpoints.map((endpoint) => endpoint.close()));
    },
  };
};
