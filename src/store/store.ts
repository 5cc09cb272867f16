/** The bounce log and the suppression list behind one interface, on SQLite or PostgreSQL. */
import type { Transaction } from "kysely";
import type { RecordedMessage } from "../queues/payloads.ts";
import { bansWith, type Bans } from "../erasure/ban.ts";
import { auditLogOf, expireAudit } from "./audit/audit-log.ts";
import type { AuditLog, AuditSettings } from "./audit/audit.ts";
import { expirePeople, peopleOf } from "./people/people.ts";
import type { People } from "./people/person.ts";
import { findAlerts, markAlerts } from "./alerts/search.ts";
import type { Alert } from "./alerts/alerts.ts";
import { incidentAlertsOf, type IncidentAlerts } from "./alerts/incident-alerts.ts";
import { currentHolds, findHolds, saveHolds, type HoldLook } from "./alerts/holds.ts";
import type { BreakerSettings, Hold } from "../tallies/holds.ts";
import { findIncidents, type IncidentChange } from "./incidents/find.ts";
import { incidentsOf, type Incidents } from "./incidents/read.ts";
import { unitMakerOf, type UnitMaker } from "./days/make.ts";
import { orAgain } from "./days/units.ts";
import { writeFact } from "./db/facts.ts";
import { detailOf } from "./log/detail.ts";
import { compareLog } from "./compare/compare.ts";
import type { CompareQuery, Comparison } from "./compare/compared.ts";
import { findViewAlerts, saveViewAlerts, type ViewLook, type WatchedView } from "./alerts/view-alerts.ts";
import type { SavedViews } from "./views/saved-view.ts";
import { viewMailsOf, type ViewMails } from "./views/mail-ledger.ts";
import { savedViewsOf } from "./views/views.ts";
import { countLog, facetsOf, seriesOf } from "./rollups/counts.ts";
import { feedOf, SETTLED_MS, type FeedEntry } from "./log/feed.ts";
import { figuresOf, type Figures, type FiguresQuery } from "./rollups/figures.ts";
import { openDatabase, type Database, type DatabaseConfig } from "./db/database.ts";
import type {
  Dimension,
  Facets,
  LogDetail,
  LogEntry,
  LogFilter,
  LogPage,
  LogQuery,
  SeriesPoint,
  SeriesQuery,
} from "./log/log-query.ts";
import { replaceVerdicts, rereadLog } from "./reclassify/reclassify.ts";
import type { Reclassified, Reread, RereadLog, VerdictChange } from "./reclassify/reclassify.ts";
import { rawOf } from "./log/raw-messages.ts";
import { insertEvents, prepareJobs } from "./log/record.ts";
import { eraseAddress, type Erased } from "./erasure/erase.ts";
import { enforceRetention, longestDays, type Retained } from "./upkeep/retention.ts";
import { updateRollups } from "./rollups/update-rollups.ts";
import { completeRollups, rebuildRollups, type OnDay } from "./rollups/rebuild.ts";
import { indexOverdue } from "./texts/index-texts.ts";
import { iterateLog, searchLog } from "./log/search.ts";
import { sendsIn, type SendsQuery, type SendsRow } from "./tallies/sends.ts";
import { countTallies, type TallyBatch } from "./tallies/count-tallies.ts";
import type { AlertSettings, LogSettings, SuppressionSettings } from "./settings.ts";
import type { Author, Suppressions } from "./suppressions/suppression.ts";
import { sizeOf, type StoreSize } from "./db/size.ts";
import { applyPolicy } from "./suppressions/apply.ts";
import { suppressionsOf } from "./suppressions/list.ts";
import { syncLedgerOf } from "./sync/ledger.ts";
import type { SyncLedger } from "./sync/sync-item.ts";
import type { DialectName, Tables } from "./db/tables.ts";
import { partsWithin } from "./units/parts.ts";
import { SLOTS } from "./db/slots.ts";
import { tidierOf } from "./upkeep/tidy.ts";

export interface Recorded {
  /** Events written; the others were there already. */
  readonly events: number;
  readonly known: number;
  /** Changes that they made to the suppression list. */
  readonly changes: number;
}

export interface Store {
  readonly dialect: DialectName;
  readonly suppressions: Suppressions;
  /** What the lists at sending providers should be. */
  readonly sync: SyncLedger;
  /** Failures that rose beyond chance, each cause once. */
  readonly incidents: Incidents;
  /** Who did what. */
  readonly audit: AuditLog;
  /** Who signs in with the identity provider. */
  readonly people: People;
  readonly views: SavedViews;
  readonly viewMails: ViewMails;
  /** Durable when it resolves. Safe to repeat: an event that is in the log is not written again. */
  record(messages: readonly RecordedMessage[]): Promise<Recorded>;
  /** Deliveries and what became of other mail, as numbers. False where the batch was counted before. */
  countTallies(batch: TallyBatch): Promise<boolean>;
  /** What was sent and what returned of it, of a period. */
  sends(query: SendsQuery, signal?: AbortSignal): Promise<readonly SendsRow[]>;
  /** Of all that read the log: the signal ends the query in the database. */
  search(query: LogQuery, signal?: AbortSignal): Promise<LogPage>;
  get(id: string): Promise<LogDetail | null>;
  /** The kept head of the message the event came from, null if it is not kept any more. */
  raw(id: string): Promise<Buffer | null>;
  /** With `atMost`, counting stops there. */
  count(filter: LogFilter, atMost?: number, signal?: AbortSignal): Promise<number>;
  facets(filter: LogFilter, dimensions: readonly Dimension[], limit?: number, signal?: AbortSignal): Promise<Facets>;
  /** Count and facets within a time, estimated where that is too short. */
  figures(query: FiguresQuery): Promise<Figures>;
  /** Two periods beside each other, as far as the log has both. */
  compare(query: CompareQuery): Promise<Comparison>;
  series(query: SeriesQuery, signal?: AbortSignal): Promise<readonly SeriesPoint[]>;
  /** Everything that matches, in constant memory. */
  iterate(query: Omit<LogQuery, "limit" | "cursor">, signal?: AbortSignal): AsyncGenerator<LogEntry, void, undefined>;
  /** What was recorded after a position of the feed, in that order; "" is the beginning. Two minutes behind. */
  feed(filter: LogFilter, after: string, signal?: AbortSignal): AsyncGenerator<FeedEntry, void, undefined>;
  /** Takes out what is too old, in small batches. */
  retain(): Promise<Retained>;
  /** Counts every event again, a day at a time, beside a running service. Resolves to the number of days. */
  rebuildRollups(onDay?: OnDay): Promise<number>;
  /** The same for a log of before there were rollups; 0 for any other. Until then counts read the events. */
  completeRollups(onDay?: OnDay): Promise<number>;
  /** Every event of the filter beside what it would be today. */
  reread(filter: LogFilter, reread: Reread, signal?: AbortSignal): AsyncGenerator<RereadLog, void, undefined>;
  /** Puts new verdicts in place of old ones, which are kept, and lets the suppression list follow. */
  replaceVerdicts(changes: readonly VerdictChange[], actor: string): Promise<Reclassified>;
  /** Uses a time without writing for what makes searches faster. Costs nothing where that has been done. */
  tidy(mayGoOn: () => boolean): Promise<void>;
  /** Opens, updates and clears incidents; resolves to what was opened or cleared. Safe beside itself in another process. */
  findIncidents(): Promise<readonly IncidentChange[]>;
  readonly incidentAlerts: IncidentAlerts;
  /** Jumps in the last hour that have not been reported yet, by themselves or by an incident. */
  findAlerts(): Promise<readonly Alert[]>;
  /** They were reported, and stay quiet for a while. */
  markAlerts(alerts: readonly Alert[]): Promise<void>;
  /** Rates above their line, and holds that ended, since they were saved the last time. */
  findHolds(): Promise<HoldLook>;
  /** They were reported. */
  saveHolds(look: HoldLook): Promise<void>;
  /** Holds in force. */
  holds(): Promise<readonly Hold[]>;
  /** Views whose count is above its limit, and those where it is usual again, since they were saved the last time. */
  findViewAlerts(views: readonly WatchedView[]): Promise<ViewLook>;
  /** They were reported. */
  saveViewAlerts(look: ViewLook): Promise<void>;
  /** One durable write of no meaning: resolves if events could be written now. */
  probe(): Promise<void>;
  /** Reads all of the tables: not for every second. */
  size(): Promise<StoreSize>;
  /**
   * Everything about an address: events, messages, the suppression list and its history. With `ban` it stays suppressed,
   * by a digest. Throws QueryError where there is no key for it.
   */
  erase(address: string, ban?: Author): Promise<Erased>;
  close(): Promise<void>;
}

/** Of the configuration. */
export interface StoreConfig extends DatabaseConfig {
  readonly BOUNCED_RETENTION_DAYS: number;
  /** Keys of bans, the signing one first. */
  readonly BOUNCED_SECRET?: readonly string[];
  readonly file: {
    readonly log: LogSettings;
    readonly suppression: SuppressionSettings;
    readonly alerts: AlertSettings;
    readonly breaker: BreakerSettings;
    readonly audit: AuditSettings;
  };
}
export interface StoreOptions {
  /** Clock in ms, for tests. */
  readonly now?: () => number;
}

export async function openStore(config: StoreConfig, options: StoreOptions = {}): Promise<Store> {
  const database = await openDatabase(config);
  const now = options.now ?? Date.now;
  const { writes, tidy, isBusy } = tidierOf(database, now);
  const bans = bansWith(config.BOUNCED_SECRET ?? []);
  const retention = { ...config.file.log, days: config.BOUNCED_RETENTION_DAYS };
  const units = unitMakerOf(database, longestDays(retention));
  return {
    dialect: database.dialect,
    suppressions: suppressionsOf(database, config.file.suppression, now, bans),
    sync: syncLedgerOf(database, now),
    incidents: incidentsOf(database, now),
    audit: auditLogOf(database, now, bans),
    people: peopleOf(database, now),
    views: savedViewsOf(database, now),
    viewMails: viewMailsOf(database, now),
    record: (jobs) => writes(record(database, units, jobs, config.file.suppression, now(), bans)),
    countTallies: (batch) => writes(countTallies(database, batch, now())),
    sends: (query, signal) => sendsIn(database, query, signal),
    search: (query, signal) => searchLog(database, query, now(), signal),
    get: (id) => detailOf(database, id),
    raw: (id) => rawOf(database, id),
    count: (filter, atMost, signal) => countLog(database, filter, atMost, signal),
    facets: (filter, dimensions, limit, signal) => facetsOf(database, filter, dimensions, limit, signal),
    figures: (query) => figuresOf(database, query),
    compare: (query) => compareLog(database, retention, query, now()),
    series: (query, signal) => seriesOf(database, query, signal),
    iterate: (query, signal) => iterateLog(database, query, signal),
    feed: (filter, after, signal) => feedOf(database, filter, after, now(), signal),
    retain: async () => {
      await units.makeAhead(now());
      await expireAudit(database, config.file.audit, now());
      await expirePeople(database, config.file.audit.retentionDays, now());
      return writes(enforceRetention(database, retention, now(), { isBusy }));
    },
    tidy,
    rebuildRollups: (onDay) => rebuildRollups(database, onDay),
    completeRollups: (onDay) => completeRollups(database, onDay),
    reread: (filter, reread, signal) => rereadLog(database, filter, reread, signal),
    replaceVerdicts: (changes, actor) =>
      writes(replaceVerdicts(database, changes, actor, config.file.suppression, now(), bans)),
    findIncidents: () => findIncidents(database, config.file.alerts, now()),
    incidentAlerts: incidentAlertsOf(database, config.file.alerts, now),
    findAlerts: () => findAlerts(database, config.file.alerts, now()),
    markAlerts: (alerts) => markAlerts(database, alerts, now()),
    findHolds: () => findHolds(database, config.file.breaker, now()),
    saveHolds: (look) => saveHolds(database, look, now()),
    holds: () => currentHolds(database, now()),
    findViewAlerts: (views) => findViewAlerts(database, views, config.file.alerts, now()),
    saveViewAlerts: (look) => saveViewAlerts(database, look, now()),
    probe: () => probe(database, now()),
    size: () => sizeOf(database),
    erase: (address, ban) => writes(eraseAddress(database, address, now(), bans, ban)),
    close: () => database.close(),
  };
}

async function probe({ write, read, dialect, assertWhole }: Database, now: number): Promise<void> {
  assertWhole();
  // A damaged file takes writes to some pages and fails reads of others: the newest of each table is read.
  if (dialect === "sqlite")
    for (const part of await partsWithin(read, { from: now * SLOTS, to: now * SLOTS + 1 }))
      for (const table of ["events", "event_bodies", "raw_messages"] as const)
        await part.selectFrom(table).selectAll().orderBy("key", "desc").limit(1).execute();
  await read.selectFrom("suppressions").selectAll().orderBy("id", "desc").limit(1).execute();
  await writeFact(write, "probe", "", now);
}

async function record(
  database: Database,
  units: UnitMaker,
  jobs: readonly RecordedMessage[],
  policy: SuppressionSettings,
  now: number,
  bans: Bans,
): Promise<Recorded> {
  const { write, dialect, assertWhole } = database;
  assertWhole();
  const begun = performance.now();
  const prepared = prepareJobs(jobs, now);
  await units.makeFor(
    prepared.events.map(({ row }) => row.key),
    now,
  );
  const transaction = async (tx: Transaction<Tables>): Promise<Recorded> => {
    const inserted = await insertEvents(tx, prepared);
    const changes = await applyPolicy(tx, inserted, policy, now, bans);
    await updateRollups(tx, { added: inserted.map(({ row }) => row) });
    // Readers of the feed may have passed it: the jobs run again, with a time of their own.
    if (performance.now() - begun > SETTLED_MS / 2) throw new Error("recording took too long; it will be tried again");
    return {
      events: inserted.length,
      known: prepared.events.length - inserted.length,
      changes: changes.length,
    };
  };
  const recorded = await orAgain(() => write.transaction().execute(transaction));
  if (dialect === "sqlite" && recorded.events > 0)
    await indexOverdue(
      database,
      prepared.events.map(({ row }) => row.key),
    );
  return recorded;
}
