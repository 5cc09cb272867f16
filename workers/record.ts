/** Queue `record` -> the log and the suppression list; changes of the list -> queue `suppression`; jumps -> queue `alert`. */
import { markCanary } from "../src/canary/canary.ts";
import { watchConfirmation, type Confirmed } from "../src/intake/confirm.ts";
import { fanOutAlerts, fanOutChanges } from "../src/outputs/fan-out.ts";
import type { WebhookEndpoint } from "../src/outputs/webhook-settings.ts";
import { createBatcher } from "../src/queues/batch.ts";
import { consume } from "../src/queues/consume.ts";
import { OWN_LOCK_MS } from "../src/queues/job-options.ts";
import { unfoldEvents } from "../src/queues/fold-events.ts";
import type { ListNotice, RecordedMessage, RecordJob } from "../src/queues/payloads.ts";
import type { Queues } from "../src/queues/queues.ts";
import { keepTap } from "../src/queues/taps.ts";
import type { StartRole } from "../src/client/service.ts";
import {
  eventsRecorded,
  storeBytes,
  storeRows,
  storeWriteErrors,
  storeWriteSeconds,
  suppressionChanges,
} from "../src/telemetry/metrics.ts";
import { measureRates, publishHolds } from "./holds.ts";
import { measureIncidents, publishIncidentAlerts } from "./incidents.ts";
import { publishViewAlerts, sendViewMails } from "./views.ts";
import { recordTallies } from "./tallies.ts";
import { inSpan } from "../src/telemetry/tracing.ts";
import type { SuppressionChange } from "../src/store/suppressions/suppression.ts";
import { openStore, type Recorded, type Store } from "../src/store/store.ts";
import { startSync } from "./sync.ts";

/** One commit, which waits for the disk, carries many messages … */
const MESSAGES_A_COMMIT = 256;
/** … so many jobs are in hand; each has up to 32 messages when there is much to do. */
const CONCURRENCY = 64;
const FEED_EVERY_MS = 5000;
const CLEAN_EVERY_MS = 15 * 60_000;
const ALERT_EVERY_MS = 5 * 60_000;
const TALLY_EVERY_MS = 2000;
const HOLD_EVERY_MS = 60_000;
const MAIL_EVERY_MS = 60_000;
const TIDY_EVERY_MS = 5000;

/** Resolves when the job's events are durable. A message that cannot be written does not keep others from it. */
export function recordProcessor(
  store: Pick<Store, "record">,
  onRecorded: (recorded: Recorded) => void = () => {},
  onCanary: (token: string) => Promise<unknown> = () => Promise.resolve(),
): (job: RecordJob) => Promise<unknown> {
  const flush = async (messages: readonly RecordedMessage[]): Promise<void> => onRecorded(await store.record(messages));
  const write = createBatcher(flush, { maxItems: MESSAGES_A_COMMIT, maxFlushes: 2 });
  const record = (message: RecordedMessage): Promise<unknown> =>
    message.canary === undefined ? write(message).catch(() => flush([message])) : onCanary(message.canary);
  return (job) =>
    Promise.all(
      job.messages.map((message) =>
        inSpan("record", { parent: message.trace }, () => record({ ...message, events: unfoldEvents(message.events) })),
      ),
    );
}

/** Safe to run twice: a change has the same job id each time. */
export async function publishChanges(
  store: Pick<Store, "suppressions">,
  queues: Queues,
  endpoints: readonly Pick<WebhookEndpoint, "id" | "suppressions">[] = [],
  confirmed: Confirmed = (write) => write(),
): Promise<number> {
  let published = 0;
  for (;;) {
    const changes = await store.suppressions.unpublished();
    if (changes.length === 0) return published;
    const jobIdOf = ({ at, id }: SuppressionChange): string => `s${Date.parse(at)}-${id}`;
    const jobs = changes.map((change) => ({
      name: change.action,
      data: { ...change },
      opts: { jobId: jobIdOf(change) },
    }));
    const notices = changes.map((change): ListNotice => ({
      schema: "bounced.suppression/1",
      ...change,
      id: jobIdOf(change),
    }));
    await confirmed(async () => {
      await queues.get("suppression").addBulk(jobs);
      await fanOutChanges(notices, endpoints, queues);
    });
    await store.suppressions.markPublished(changes.map(({ id }) => id));
    published += changes.length;
  }
}

/** Reported first, marked then: an alert may come twice, never not at all. */
export async function publishAlerts(
  store: Pick<Store, "findAlerts" | "markAlerts">,
  queues: Queues,
  endpoints: readonly WebhookEndpoint[] = [],
  confirmed: Confirmed = (write) => write(),
): Promise<number> {
  const alerts = await store.findAlerts();
  if (alerts.length === 0) return 0;
  const jobs = alerts.map((alert) => ({ name: alert.measure, data: { ...alert }, opts: { jobId: alert.id } }));
  await confirmed(async () => {
    await queues.get("alert").addBulk(jobs);
    await fanOutAlerts(alerts, endpoints, queues);
  });
  await store.markAlerts(alerts);
  return alerts.length;
}

export const recordRole: StartRole = async ({ config, logger, redisUrl, queues }) => {
  const store = await openStore(config);
  const log = logger.child({ role: "record" });
  const confirmation = watchConfirmation(queues, config.file.durability);
  const { confirmed } = confirmation;
  const publish = oneAtATime(async () => void (await publishChanges(store, queues, config.file.webhooks, confirmed)));
  const clean = oneAtATime(async () => {
    const expired = await store.suppressions.expire();
    const retained = await store.retain();
    if (expired + retained.events + retained.rawMessages > 0)
      log.info({ expired, ...retained }, "deleted expired rows");
    const { bytes, rows } = await store.size();
    storeBytes.set(bytes);
    for (const [table, count] of Object.entries(rows)) storeRows.set({ table }, count);
  });
  const findIncidents = async (): Promise<void> => {
    try {
      for (const { kind, incident } of await store.findIncidents())
        log.warn({ incident: incident.id }, `incident ${kind}`);
    } catch (error) {
      log.error({ err: error }, "looking for incidents failed; it will be tried again");
    }
  };
  const alert = oneAtATime(async () => {
    await findIncidents();
    await measureIncidents(store);
    const { webhooks } = config.file;
    const ofIncidents = await publishIncidentAlerts(store, queues, webhooks, confirmed);
    const count = ofIncidents + (await publishAlerts(store, queues, webhooks, confirmed));
    const ofViews = await publishViewAlerts(store, queues, webhooks, confirmed);
    for (const one of ofViews.failed)
      log.warn(one, "a saved view was not looked at for its alert; page Views has more");
    if (count + ofViews.count > 0) log.warn({ count: count + ofViews.count }, "alerts on queue alert");
  });
  const tally = oneAtATime(async () => void (await recordTallies(store, queues, confirmed)));
  const hold = oneAtATime(async () => {
    const count = await publishHolds(store, queues, config.file.webhooks, confirmed);
    if (count > 0) log.warn({ count }, "holds began or cleared: queue alert, GET /v1/holds");
    await measureRates(store, config.file.breaker.windowHours, Date.now());
  });
  const mail = oneAtATime(async () => {
    const { sent, failed } = await sendViewMails(store, config.file.mail);
    if (sent > 0) log.info({ sent }, "weekly mails of saved views");
    for (const one of failed) log.warn(one, "the weekly mail of a saved view was not sent, or not to all");
  });
  let isStopping = false;
  const tidy = oneAtATime(() => store.tidy(() => !isStopping));
  const soon = (what: string, work: () => Promise<void>): void =>
    void work().catch((error: unknown) => log.error({ err: error }, `${what} failed; it will be tried again`));

  const sync = startSync(config, store, log);
  const stopTap = await keepTap(queues, "record");
  const consumer = consume(
    "record",
    recordProcessor(
      { record: measured(store) },
      ({ events, known, changes }) => {
        eventsRecorded.inc({ outcome: "new" }, events);
        eventsRecorded.inc({ outcome: "known" }, known);
        suppressionChanges.inc(changes);
        if (changes > 0) soon("publishing changes of the suppression list", publish);
      },
      async (token) => {
        await store.probe();
        await markCanary(queues, token, "recorded");
      },
    ),
    {
      redisUrl,
      prefix: config.BOUNCED_PREFIX,
      concurrency: CONCURRENCY,
      lockMs: OWN_LOCK_MS,
      onError: (error) => log.error({ err: error }, "queue record"),
    },
  );
  // Changes made by the API and the command line, too.
  const feed = setInterval(() => soon("publishing changes of the suppression list", publish), FEED_EVERY_MS);
  const cleaning = setInterval(() => soon("deleting expired rows", clean), CLEAN_EVERY_MS);
  const alerting = setInterval(() => soon("checking for alerts", alert), ALERT_EVERY_MS);
  const tallying = setInterval(() => soon("writing the counts of deliveries", tally), TALLY_EVERY_MS);
  const holding = setInterval(() => soon("comparing rates with their lines", hold), HOLD_EVERY_MS);
  const mailing = setInterval(() => soon("sending weekly mails", mail), MAIL_EVERY_MS);
  const tidying = setInterval(() => soon("merging the text indexes", tidy), TIDY_EVERY_MS);
  const count = async (): Promise<void> => {
    const days = await store.completeRollups((day) => log.info({ day }, "counted a day of the log for its figures"));
    if (days > 0) log.info({ days }, "counted the log; figures no longer read every event");
  };
  const counting = oneAtATime(count);
  soon("counting the log", counting);
  soon("deleting expired rows", clean);
  return {
    notes: [store.dialect === "sqlite" ? `log in ${config.dataDir}/log.sqlite` : "log in PostgreSQL"],
    async stop() {
      isStopping = true;
      stopTap();
      clearInterval(feed);
      clearInterval(cleaning);
      clearInterval(alerting);
      clearInterval(tallying);
      clearInterval(holding);
      clearInterval(tidying);
      clearInterval(mailing);
      await consumer.close();
      await sync.stop();
      await Promise.allSettled([
        publish(),
        clean.running(),
        alert.running(),
        tally.running(),
        hold.running(),
        mail.running(),
        tidy.running(),
        counting.running(),
      ]);
      confirmation.stop();
      await store.close();
    },
  };
};

/** What each commit takes. */
const measured =
  ({ record }: Pick<Store, "record">): Store["record"] =>
  async (jobs) => {
    const done = storeWriteSeconds.startTimer();
    try {
      return await record(jobs);
    } catch (error) {
      storeWriteErrors.inc();
      throw error;
    } finally {
      done();
    }
  };

/** While it runs, asking again means: once more afterwards, not beside it. */
function oneAtATime(work: () => Promise<void>): (() => Promise<void>) & { readonly running: () => Promise<void> } {
  let running: Promise<void> | null = null;
  let again = false;
  const run = (): Promise<void> => {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      try {
        do {
          again = false;
          await work();
        } while (again);
      } finally {
        running = null;
      }
    })();
    return running;
  };
  return Object.assign(run, { running: () => running ?? Promise.resolve() });
}
