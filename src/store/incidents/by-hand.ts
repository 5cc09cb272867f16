/** A person says that an incident is over, or that it is not. */
import type { Database } from "../db/database.ts";
import { causeKeyOf, EVERYWHERE, LONGEST_MS, type Incident } from "./incident.ts";
import { moveIncident, openIncidents } from "./table.ts";

/** `already`: it is in that state. `taken`: another one with this cause is open. `old`: it began too long ago. */
export type Moved = "done" | "already" | "taken" | "old";

export interface ByHand {
  readonly actor: string;
  /** A note; may be empty. */
  readonly text: string;
}

export async function closeByHand(database: Database, incident: Incident, by: ByHand, now: number): Promise<Moved> {
  if (incident.state === "cleared") return "already";
  const at = new Date(now).toISOString();
  const closed: Incident = { ...incident, state: "cleared", clearedAt: at, updatedAt: at, byHand: true };
  return (await moveIncident(database, closed, { kind: "closed", ...by })) ? "done" : "already";
}

/** It stays open for as long as one that was just seen. */
export async function reopenByHand(database: Database, incident: Incident, by: ByHand, now: number): Promise<Moved> {
  const { reason, provider, openedAt } = incident;
  if (incident.state === "open") return "already";
  if (now - Date.parse(openedAt) > LONGEST_MS) return "old";
  const keys = [provider, EVERYWHERE].map((place) => causeKeyOf(reason, place));
  const open = await openIncidents(database);
  if (open.some((other) => keys.includes(causeKeyOf(other.reason, other.provider)))) return "taken";
  const at = new Date(now).toISOString();
  const again: Incident = { ...incident, state: "open", clearedAt: null, updatedAt: at, seenAt: at, byHand: false };
  return (await moveIncident(database, again, { kind: "reopened", ...by })) ? "done" : "already";
}
