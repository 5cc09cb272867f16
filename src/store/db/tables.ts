/**
 * The tables, one shape on both databases.
 *
 * Search columns hold folded text (lower case, no NUL) and never NULL: "" and 0 mean that the message did not say. So
 * sorting, keyset paging and matching are the same everywhere. What is shown comes from `event_bodies`.
 */
import type { ColumnType, Generated } from "kysely";
import type { LogIdsTable, LogUnitsTable } from "./cut-tables.ts";

export interface EventsTable {
  /** Time of receipt in ms times 2048, plus a slot: order of the key is order of receipt, in the indexes too. */
  key: number;
  id: string;
  received_at: number;
  recorded_at: number;
  /** SHA-256 of the message the event came from. */
  message: string;
  kind: string;
  severity: string;
  reason: string;
  fault: string;
  advice: string;
  authenticity: string;
  confidence: number;
  action: string;
  /** As read, else derived. */
  status: string;
  reply_code: number;
  failure_code: number;
  provider: string;
  software: string;
  format: string;
  /** Evidence that decided: where it came from, and which rule. */
  evidence: string;
  rule: string;
  /** Final recipient: where delivery failed. */
  recipient: string;
  /** The address our sender wrote to, which a suppression must name; differs where mail was forwarded. */
  mailed: string;
  domain: string;
  sender: string;
  sender_domain: string;
  /** IP address our mail was sent from, where the report names it. */
  sending_address: string;
  subject: string;
  message_id: string;
  tag: string;
  /** `name: value` lines. */
  headers: string;
  diagnostic: string;
}

export interface EventBodiesTable {
  key: number;
  codec: number;
  body: Uint8Array;
}

/** address-marks.ts. Events of older versions have none. */
export interface EventAddressesTable {
  key: number;
  hashes: Uint8Array;
  /** 1 until the message that it stands for was read. */
  unread: number;
}

export interface RawMessagesTable {
  /** As in `events`, of a slot of its own. */
  key: number;
  sha256: string;
  /** Deflated (zlib) head. */
  raw: Uint8Array;
}

/** days/event-ids.ts. */
export interface EventIdsTable {
  /** A uuid; on SQLite its octets. */
  id: string;
  key: number;
  /** PostgreSQL only, as what follows. */
  recorded_at: number;
  /** Digests of `mailed` and, where it differs, of `recipient`. */
  mailed: string;
  forwarded: string | null;
}

/** What an event said before `reclassify` changed it. */
export interface VerdictsTable {
  id: Generated<number>;
  event_id: string;
  replaced_at: number;
  actor: string;
  codec: number;
  body: Uint8Array;
}

export interface SuppressionsTable {
  id: Generated<number>;
  scope: string;
  value: string;
  /** "" is every stream. */
  stream: string;
  cause: string;
  reason: string;
  event_id: string;
  note: string;
  actor: string;
  created_at: number;
  updated_at: number;
  /** 0: never. */
  expires_at: number;
}

export interface SuppressionChangesTable {
  id: Generated<number>;
  at: number;
  action: string;
  scope: string;
  value: string;
  stream: string;
  actor: string;
  note: string;
  /** JSON of the entry, "" where there was none. */
  before: string;
  after: string;
  /** 0 until it is on queue `suppression`. */
  published: ColumnType<number, number | undefined, number>;
}

/** A sending provider whose list follows ours. Times are ms, 0: never. */
export interface SyncTargetsTable {
  name: string;
  /** Changes of our list up to this one are in `sync_items`. */
  cursor: string;
  followed_at: number;
  compared_at: number;
  pushed_at: number;
  /** Why nothing could be done there; "" if something could. */
  error: string;
  error_at: number;
  paused_until: number;
  /** Who works on it now, until when. */
  holder: string;
  held_until: number;
}

/** What an address should be at a provider, and whether it is. */
export interface SyncItemsTable {
  target: string;
  value: string;
  wanted: string;
  cause: string;
  reason: string;
  state: string;
  attempts: number;
  error: string;
  updated_at: number;
}

/** What people and programs did. Text columns are as they are shown; only `target`, `detail` and `outcome` may change. */
export interface AuditTable {
  id: Generated<number>;
  at: number;
  action: string;
  actor: string;
  actor_id: string;
  target: string;
  detail: string;
  /** IP address. */
  address: string;
  request_id: string;
  outcome: string;
}

/** Small facts of the service itself, e.g. which alerts were given. */
export interface FactsTable {
  name: string;
  value: string;
  updated_at: number;
}

/** Events of an hour, by what has few values. */
export interface RollupHoursTable {
  /** Since 1970, UTC. */
  hour: number;
  severity: string;
  kind: string;
  reason: string;
  fault: string;
  provider: string;
  authenticity: string;
  /** 0 where all of them were deleted. */
  count: number;
}

/** Events of a day, by one dimension of many values. */
export interface RollupDaysTable {
  dimension: string;
  /** Since 1970, UTC. */
  day: number;
  value: string;
  kind: string;
  severity: string;
  authenticity: string;
  count: number;
}

/** What became of mail in an hour. `dimension` and `value` are `""` in the rows that count all of it. */
export interface TalliesTable {
  dimension: string;
  /** Since 1970, UTC. */
  hour: number;
  value: string;
  provider: string;
  delivered: number;
  /** In the SMTP dialogue. */
  failed: number;
  /** Attempts. */
  delayed: number;
}

/** store/incidents. */
export interface IncidentsTable {
  id: string;
  state: string;
  /** Reason and provider. */
  cause: string;
  /** The same while it is open, else null: unique, so that nobody opens it twice. */
  open_cause: string | null;
  opened_at: number;
  /** 0 while it is open. */
  cleared_at: number;
  updated_at: number;
  /** JSON. */
  body: string;
}

export interface IncidentEntriesTable {
  id: Generated<number>;
  incident: string;
  at: number;
  kind: string;
  actor: string;
  text: string;
}

/** views/saved-view.ts. Settings and what is open as JSON, "" where there is none; times in ms, 0: never. */
export interface SavedViewsTable {
  id: string;
  name: string;
  page: string;
  query: string;
  actor: string;
  created_at: number;
  updated_at: number;
  alert: string;
  alert_open: string;
  /** When it was above its limit the last time. */
  alert_seen_at: number;
  mail: string;
  /** The time of the week whose mail was sent last. */
  mail_due: number;
  /** Nobody tries before: it failed, or is being sent. */
  mail_next_at: number;
  mail_sent_at: number;
  mail_failures: number;
  mail_error: string;
}

/** people/person.ts. Times in ms, 0: never. */
export interface PeopleTable {
  id: string;
  issuer: string;
  sub: string;
  name: string;
  email: string;
  email_verified: number;
  /** "": none. */
  role: string;
  may_export: number;
  /** Grows when sessions must end. */
  epoch: number;
  first_at: number;
  last_at: number;
  address: string;
  revoked_at: number;
  revoked_by: string;
}

/** SQLite only: trigram indexes whose rowid is `events.key`. */
export interface TextIndexTable {
  rowid: number;
}

export interface Tables {
  events: EventsTable;
  event_bodies: EventBodiesTable;
  event_addresses: EventAddressesTable;
  raw_messages: RawMessagesTable;
  event_ids: EventIdsTable;
  /** Partitions of `events` (days/units.ts). */
  events_before: EventsTable;
  events_rest: EventsTable;
  raw_messages_before: RawMessagesTable;
  raw_messages_rest: RawMessagesTable;
  verdicts: VerdictsTable;
  suppressions: SuppressionsTable;
  suppression_changes: SuppressionChangesTable;
  sync_targets: SyncTargetsTable;
  sync_items: SyncItemsTable;
  audit: AuditTable;
  people: PeopleTable;
  facts: FactsTable;
  rollup_hours: RollupHoursTable;
  rollup_days: RollupDaysTable;
  tallies: TalliesTable;
  incidents: IncidentsTable;
  incident_entries: IncidentEntriesTable;
  log_units: LogUnitsTable;
  log_ids: LogIdsTable;
  saved_views: SavedViewsTable;
}

export const DIALECTS = ["sqlite", "postgres"] as const;
export type DialectName = (typeof DIALECTS)[number];
