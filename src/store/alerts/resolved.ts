/** Which reported jumps are still there, and which are over. */
import type { Database } from "../db/database.ts";
import { writeFact } from "../db/facts.ts";
import type { AlertSettings } from "../settings.ts";
import { isLongAgo } from "./long-ago.ts";
import type { Incident } from "../incidents/incident.ts";
import { incidentWith } from "./incident-with.ts";
import { explainEnd, explainPart, type Alert, type Jump } from "./alerts.ts";

const MINUTE_MS = 60_000;

type Named = Pick<Jump, "measure" | "dimension" | "value">;

/** Name of the fact that a jump was reported. */
export const reportedFactOf = ({ measure, dimension, value }: Named): string =>
  `alert ${measure} ${dimension} ${value}`;
/** Name of the fact that it goes on; its value is the alert, its time when the jump was last there. */
const openFactOf = (jump: Named): string => `open ${reportedFactOf(jump)}`;

export async function markOpen({ write }: Database, alerts: readonly Alert[], now: number): Promise<void> {
  for (const alert of alerts) await writeFact(write, openFactOf(alert), JSON.stringify({ ...alert, texts: [] }), now);
}

/** A jump that comes back is a new alert. */
export async function forget({ write }: Database, alerts: readonly Alert[]): Promise<void> {
  for (const alert of alerts)
    await write
      .deleteFrom("facts")
      .where("name", "in", [reportedFactOf(alert), openFactOf(alert)])
      .execute();
}

/** What was reported and has not been there for half a window: a jump at the limit would come and go with each look. */
export async function findResolved(
  { read, write }: Database,
  present: readonly Jump[],
  incidents: readonly Incident[],
  settings: AlertSettings,
  now: number,
): Promise<readonly Alert[]> {
  const facts = await read.selectFrom("facts").selectAll().where("name", "like", "open alert %").execute();
  const there = new Set(present.map(openFactOf));
  const resolved: Alert[] = [];
  for (const { name, value, updated_at } of facts) {
    const alert = JSON.parse(value) as Alert;
    const incident = incidentWith(alert, incidents);
    if (incident !== null) resolved.push({ ...resolvedOf(alert, now), incident, explanation: explainPart(alert) });
    else if (there.has(name)) await writeFact(write, name, value, now);
    else if (isLongAgo(updated_at, (settings.windowMinutes / 2) * MINUTE_MS, now))
      resolved.push(resolvedOf(alert, now));
  }
  return resolved;
}

const resolvedOf = (alert: Alert, now: number): Alert => ({
  ...alert,
  id: `${alert.id}-resolved`,
  state: "resolved",
  at: new Date(now).toISOString(),
  to: new Date(now).toISOString(),
  more: 0,
  explanation: explainEnd(alert),
});
