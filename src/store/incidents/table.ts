/** Incidents in the database: each is opened once, however many processes find it. */
import type { Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import { insertAll } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import { causeKeyOf, incidentSchema, SERVICE_ACTOR, type Incident, type IncidentEntry } from "./incident.ts";

const rowOfIncident = (incident: Incident) => ({
  id: incident.id,
  state: incident.state,
  cause: causeKeyOf(incident.reason, incident.provider),
  open_cause: incident.state === "open" ? causeKeyOf(incident.reason, incident.provider) : null,
  opened_at: Date.parse(incident.openedAt),
  cleared_at: incident.clearedAt === null ? 0 : Date.parse(incident.clearedAt),
  updated_at: Date.parse(incident.updatedAt),
  body: JSON.stringify(incident),
});

/** What another version wrote, and this one cannot read, is left out. */
export const incidentsOfRows = (rows: readonly { readonly body: string }[]): readonly Incident[] =>
  rows.flatMap(({ body }) => incidentSchema.safeParse(JSON.parse(body)).data ?? []);

export async function openIncidents({ read }: Pick<Database, "read">): Promise<readonly Incident[]> {
  const rows = await read
    .selectFrom("incidents")
    .select("body")
    .where("open_cause", "is not", null)
    .orderBy("opened_at")
    .execute();
  return incidentsOfRows(rows);
}

/** Cleared since then, the latest first. */
export async function clearedIncidents({ read }: Database, since: number): Promise<readonly Incident[]> {
  const rows = await read
    .selectFrom("incidents")
    .select("body")
    .where("cleared_at", ">=", Math.max(1, since))
    .orderBy("cleared_at", "desc")
    .limit(500)
    .execute();
  return incidentsOfRows(rows);
}

/** The service wrote it where there is no actor. */
type NewEntry = Pick<IncidentEntry, "kind"> & Partial<Pick<IncidentEntry, "actor" | "text">>;

async function addEntry(
  tx: Transaction<Tables>,
  incident: string,
  entry: { readonly at: number } & NewEntry,
): Promise<void> {
  await tx
    .insertInto("incident_entries")
    .values({ incident, actor: SERVICE_ACTOR, text: "", ...entry })
    .execute();
}

/** False where another process was first. */
export async function insertIncident({ write }: Database, incident: Incident): Promise<boolean> {
  return write.transaction().execute(async (tx) => {
    const made = await insertAll(tx, "incidents", [rowOfIncident(incident)], "on conflict do nothing returning id");
    if (made.length > 0) await addEntry(tx, incident.id, { at: Date.parse(incident.openedAt), kind: "opened" });
    return made.length > 0;
  });
}

/** What is known of it now; only while it is open. */
export async function updateIncident({ write }: Database, incident: Incident): Promise<void> {
  const { body, updated_at } = rowOfIncident(incident);
  await write
    .updateTable("incidents")
    .set({ body, updated_at })
    .where("id", "=", incident.id)
    .where("state", "=", "open")
    .execute();
}

/** From one state to the other, by one process. */
export async function moveIncident({ write }: Database, incident: Incident, entry: NewEntry): Promise<boolean> {
  const { id: _id, opened_at: _opened, ...columns } = rowOfIncident(incident);
  return write.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable("incidents")
      .set(columns)
      .where("id", "=", incident.id)
      .where("state", "!=", incident.state)
      .executeTakeFirst();
    if (Number(numUpdatedRows) === 0) return false;
    await addEntry(tx, incident.id, { at: columns.updated_at, ...entry });
    return true;
  });
}
