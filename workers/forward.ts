/**
 * Queue `forward` -> a mail for each event that passes the filter, or one list of many, through the user's own relay.
 * A mail may come twice after a crash, with the same Message-ID.
 */
import { UnrecoverableError } from "bullmq";
import { asciiDomainOf } from "../src/addresses/domain.ts";
import type { BouncedEvent } from "../src/event/event.ts";
import { OWN_NOTICE } from "../src/core/index.ts";
import { watchConfirmation, type Confirmed } from "../src/intake/confirm.ts";
import { passes } from "../src/outputs/event-filter.ts";
import { createNoticeSender, digestOf, noticeOf, type SendNotice } from "../src/outputs/forward-mail.ts";
import type { ForwardSettings } from "../src/outputs/forward-settings.ts";
import { consume } from "../src/queues/consume.ts";
import { OWN_LOCK_MS } from "../src/queues/job-options.ts";
import { createPendingList, type PendingList } from "../src/queues/upkeep/pending-list.ts";
import { keepTap, removeTap } from "../src/queues/taps.ts";
import type { StartRole } from "../src/client/service.ts";

const HOUR_S = 3600;
const LOOK_EVERY_MS = 30_000;
/** Events in one list; a mail of more is read by nobody. */
const LISTED = 200;

export interface ForwardDeps {
  readonly settings: ForwardSettings;
  readonly pending: PendingList;
  readonly send: SendNotice;
  readonly confirmed: Confirmed;
}

export type Forwarded = "sent" | "listed" | "ignored";

export async function forwardEvent(event: BouncedEvent, deps: ForwardDeps, now: Date): Promise<Forwarded> {
  const { settings, pending, send, confirmed } = deps;
  if (!passes(settings.filter, event) || event.warnings.some(({ code }) => code === OWN_NOTICE)) return "ignored";
  const hour = Math.floor(now.getTime() / 1000 / HOUR_S);
  if (settings.mode === "digest" || (await pending.count(`hour:${hour}`, HOUR_S)) > settings.perHour) {
    await confirmed(() => pending.add(event));
    return "listed";
  }
  try {
    await send(noticeOf(event));
  } catch (error) {
    throw isRefusal(error) ? new UnrecoverableError(`the relay refused: ${(error as Error).message}`) : error;
  }
  return "sent";
}

/** Sends the list if there is one and none went out in this period. Gives the number of events in it. */
export async function sendDigest(
  { settings, pending, send }: Omit<ForwardDeps, "confirmed">,
  now: Date,
): Promise<number> {
  if ((await pending.size()) === 0) return 0;
  const seconds = settings.digestMinutes * 60;
  const period = `digest:${Math.floor(now.getTime() / 1000 / seconds)}`;
  if (!(await pending.claim(period, seconds))) return 0;
  try {
    const { events, uncounted } = await pending.peek(LISTED);
    const [first] = events;
    if (!first) return 0;
    await send(digestOf(events, uncounted, `${events.length}.${first.id}`));
    await pending.remove(
      events.map(({ id }) => id),
      uncounted,
    );
    return events.length;
  } catch (error) {
    await pending.release(period);
    throw error;
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && "responseCode" in error && Number(error.responseCode) >= 500;

export const forwardRole: StartRole = async ({ config, logger, redisUrl, queues }) => {
  const settings = config.file.forward;
  if (!settings) {
    await removeTap(queues, "forward");
    return { notes: [], stop: () => Promise.resolve() };
  }
  const ours = settings.to.filter((to) => config.BOUNCED_DOMAINS.includes(asciiDomainOf(to) ?? ""));
  if (ours.length > 0) throw new Error(`forward.to: ${ours.join(", ")} is in BOUNCED_DOMAINS, it would come back here`);
  const stopTap = await keepTap(queues, "forward");
  const log = logger.child({ role: "forward" });
  const confirmation = watchConfirmation(queues, config.file.durability);
  const { confirmed } = confirmation;
  const deps = {
    settings,
    pending: createPendingList(queues, "forward"),
    send: createNoticeSender(settings),
    confirmed,
  };
  const onError = (error: Error): void => log.warn({ err: error }, "forward queue");
  const consumer = consume("forward", ({ event }) => forwardEvent(event, deps, new Date()), {
    redisUrl,
    prefix: config.BOUNCED_PREFIX,
    concurrency: 4,
    lockMs: OWN_LOCK_MS,
    keepsNothing: true,
    onError,
    onFailed: (job, error) => log.error({ err: error, eventId: job.id }, "not forwarded"),
  });
  const timer = setInterval(() => void sendDigest(deps, new Date()).catch(onError), LOOK_EVERY_MS);
  return {
    notes: [`forwarding to ${settings.to.join(", ")}`],
    async stop() {
      stopTap();
      clearInterval(timer);
      await consumer.close();
      confirmation.stop();
    },
  };
};
