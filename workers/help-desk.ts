/** The queue of one help desk -> notes on the conversations that the events are about. Part of the role webhook. */
import type { BouncedEvent } from "../src/event/event.ts";
import { createBreaker } from "../src/outputs/breaker.ts";
import { logDeskDelivery, type DeskDelivery } from "../src/outputs/help-desks/desk-log.ts";
import { openHelpDesk } from "../src/outputs/help-desks/desks.ts";
import { noteEvent } from "../src/outputs/help-desks/note-event.ts";
import type { HelpDeskSettings } from "../src/outputs/help-desks/settings.ts";
import { consume, type Consumer } from "../src/queues/consume.ts";
import { OWN_LOCK_MS } from "../src/queues/job-options.ts";
import { helpDeskQueueOf } from "../src/queues/names.ts";
import type { Queues } from "../src/queues/queues.ts";
import { deskNotes, deskPausedUntil } from "../src/telemetry/help-desk-metrics.ts";

/** Events at a time: their API is paced anyway. */
const AT_A_TIME = 2;

export function startHelpDesk(settings: HelpDeskSettings, queues: Queues, onError: (error: Error) => void): Consumer {
  const { id } = settings;
  const breaker = createBreaker((until) => deskPausedUntil.set({ desk: id }, until / 1000));
  deskPausedUntil.set({ desk: id }, 0);
  const log = (delivery: DeskDelivery): Promise<void> => {
    deskNotes.inc({ desk: id, outcome: delivery.outcome });
    return logDeskDelivery(queues, id, delivery);
  };
  const deps = { desk: openHelpDesk(settings), breaker, patience: { until: 0 }, log };
  return consume(helpDeskQueueOf(id), (event) => noteEvent(settings, event as BouncedEvent, deps), {
    redisUrl: queues.redisUrl,
    prefix: queues.prefix,
    concurrency: AT_A_TIME,
    keepsNothing: true,
    lockMs: OWN_LOCK_MS,
    onError,
  });
}
