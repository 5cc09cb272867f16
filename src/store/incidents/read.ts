/** What pages and API ask about incidents, and the notes of people. */
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import { QueryError } from "../log/log-query.ts";
import {
  incidentEntrySchema,
  MOST_NOTES,
  NOTE_CHARS,
  type Incident,
  type IncidentDetail,
  type IncidentEntry,
  type IncidentState,
} from "./incident.ts";
import { closeByHand, reopenByHand, type ByHand, type Moved } from "./by-hand.ts";
import { incidentsOfRows, openIncidents } from "./table.ts";

/** Kept after they were cleared. */
const KEPT_DAYS = 400;
const DAY_MS = 86_400_000;

export interface IncidentsQuery {
  readonly state?: IncidentState | undefined;
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface IncidentsPage {
  readonly incidents: readonly Incident[];
  readonly next: string | null;
}

export interface Incidents {
  /** Newest first. */
  list(query: IncidentsQuery): Promise<IncidentsPage>;
  /** All of them, the oldest first. */
  open(): Promise<readonly Incident[]>;
  get(id: string): Promise<IncidentDetail | null>;
  /** Null where there is no such incident. Throws QueryError where it has too many. */
  addNote(id: string, note: { readonly actor: string; readonly text: string }): Promise<IncidentEntry | null>;
  /** Null where there is no such incident. Throws QueryError where the note is too long. */
  close(id: string, by: ByHand): Promise<Moved | null>;
  reopen(id: string, by: ByHand): Promise<Moved | null>;
}

export const incidentsOf = (database: Database, now: () => number): Incidents => ({
  list: (query) => listIncidents(database, query),
  open: () => openIncidents(database),
  get: (id) => detailOfIncident(database, id),
  addNote: (id, note) => addNote(database, id, note, now()),
  close: (id, by) => move(database, closeByHand, id, by, now()),
  reopen: (id, by) => move(database, reopenByHand, id, by, now()),
});

async function move(
  database: Database,
  how: typeof closeByHand,
  id: string,
  { actor, text }: ByHand,
  now: number,
): Promise<Moved | null> {
  const note = text.trim();
  if (note.length > NOTE_CHARS) throw new QueryError(`note: expected up to ${NOTE_CHARS} characters`);
  const rows = await database.write.selectFrom("incidents").select("body").where("id", "=", id).execute();
  const [incident] = incidentsOfRows(rows);
  return incident ? how(database, incident, { actor, text: note }, now) : null;
}

async function listIncidents(
  { read }: Database,
  { state, limit = 50, cursor }: IncidentsQuery,
): Promise<IncidentsPage> {
  let query = read.selectFrom("incidents").select(["id", "opened_at", "body"]);
  if (state) query = query.where("state", "=", state);
  if (cursor !== undefined) {
    const [at, id] = readPlace(cursor);
    query = query.where(sql<boolean>`(opened_at, id) < (${at}, ${id})`);
  }
  const rows = await query
    .orderBy("opened_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  const last = rows.at(limit - 1);
  return {
    incidents: incidentsOfRows(rows.slice(0, limit)),
    next: rows.length > limit && last ? `${last.opened_at}.${last.id}` : null,
  };
}

function readPlace(cursor: string): readonly [number, string] {
  const [, at, id] = /^(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) throw new QueryError("cursor: not one of this query");
  return [Number(at), id];
}

export async function detailOfIncident({ read }: Pick<Database, "read">, id: string): Promise<IncidentDetail | null> {
  const rows = await read.selectFrom("incidents").select("body").where("id", "=", id).execute();
  const [incident] = incidentsOfRows(rows);
  if (!incident) return null;
  const entries = await read
    .selectFrom("incident_entries")
    .select(["id", "at", "kind", "actor", "text"])
    .where("incident", "=", id)
    .orderBy("id")
    .execute();
  return { ...incident, entries: entries.map(entryOf) };
}

const entryOf = ({ at, ...row }: { readonly id: number; readonly at: number; readonly kind: string }): IncidentEntry =>
  incidentEntrySchema.parse({ ...row, at: new Date(at).toISOString() });

async function addNote(
  { write }: Database,
  incident: string,
  { actor, text }: { readonly actor: string; readonly text: string },
  now: number,
): Promise<IncidentEntry | null> {
  const note = text.trim();
  if (note === "" || note.length > NOTE_CHARS) throw new QueryError(`text: expected 1 to ${NOTE_CHARS} characters`);
  return write.transaction().execute(async (tx) => {
    const known = await tx.selectFrom("incidents").select("id").where("id", "=", incident).executeTakeFirst();
    if (!known) return null;
    const { count } = await tx
      .selectFrom("incident_entries")
      .select(sql<number>`count(*)`.as("count"))
      .where("incident", "=", incident)
      .where("kind", "=", "note")
      .executeTakeFirstOrThrow();
    if (count >= MOST_NOTES) throw new QueryError(`an incident has at most ${MOST_NOTES} notes`);
    const row = await tx
      .insertInto("incident_entries")
      .values({ incident, at: now, kind: "note", actor, text: note })
      .returning(["id", "at", "kind", "actor", "text"])
      .executeTakeFirstOrThrow();
    return entryOf(row);
  });
}

/** Cleared long ago, with their notes. */
export async function expireIncidents({ write }: Pick<Database, "write">, now: number): Promise<void> {
  const before = now - KEPT_DAYS * DAY_MS;
  await write.transaction().execute(async (tx) => {
    const old = await tx
      .deleteFrom("incidents")
      .where("cleared_at", ">", 0)
      .where("cleared_at", "<", before)
      .returning("id")
      .execute();
    for (const { id } of old) await tx.deleteFrom("incident_entries").where("incident", "=", id).execute();
  });
}
