/** One alert for an incident when it opens, and one when it is over: what began or ended and was not reported yet. */
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { writeFact } from "../db/facts.ts";
import { scopePartSchema, type Incident, type IncidentDetail, type IncidentEntry } from "../incidents/incident.ts";
import { detailOfIncident } from "../incidents/read.ts";
import { openIncidents } from "../incidents/table.ts";
import { wordsOfIncident } from "../incidents/words.ts";
import type { AlertSettings } from "../settings.ts";

/** On queue `alert`, and for webhooks with alerts. */
export const incidentAlertSchema = z.object({
  schema: z.literal("bounced.incident-alert/1"),
  id: z.string(),
  state: z.enum(["open", "resolved"]),
  at: z.iso.datetime().describe("when it opened, or was cleared"),
  incident: z.string().describe("its id: GET /v1/incidents/{id}"),
  title: z.string().describe("`Google refuses mail with 5.7.26: SPF, DKIM, DMARC or ARC did not pass`"),
  explanation: z.string().describe("since when, which mail, where it does not happen, how many; or how it ended"),
  todo: z.string().describe("empty when it is over"),
  reason: z.string(),
  severity: z.string(),
  provider: z.string().describe("`*`: several; empty: servers of no known provider"),
  status: z.string().nullable(),
  startedAt: z.iso.datetime(),
  count: z.number().int(),
  recipients: z.object({ count: z.number().int(), suppressed: z.number().int(), atLeast: z.boolean() }),
  scope: z.array(scopePartSchema).readonly(),
  texts: z.array(z.object({ text: z.string(), count: z.number().int() })).readonly(),
});
export type IncidentAlert = z.infer<typeof incidentAlertSchema>;

const PREFIX = "incident alert ";
const TEXTS = 3;

export interface IncidentAlerts {
  /** What was not reported yet, in the order in which it happened; `nameOf` gives the name of a provider. */
  find(nameOf: (provider: string) => string): Promise<readonly IncidentAlert[]>;
  /** They were reported. Safe to repeat. */
  mark(alerts: readonly IncidentAlert[]): Promise<void>;
}

export const incidentAlertsOf = (database: Database, settings: AlertSettings, now: () => number): IncidentAlerts => ({
  find: (nameOf) => findIncidentAlerts(database, settings, nameOf),
  mark: (alerts) => markIncidentAlerts(database, alerts, now()),
});

async function findIncidentAlerts(
  database: Database,
  { enabled }: Pick<AlertSettings, "enabled">,
  nameOf: (provider: string) => string,
): Promise<readonly IncidentAlert[]> {
  if (!enabled) return [];
  const open = new Set((await openIncidents(database)).map(({ id }) => id));
  const facts = await database.read.selectFrom("facts").select("name").where("name", "like", `${PREFIX}%`).execute();
  const reported = new Set(facts.map(({ name }) => name.slice(PREFIX.length)));
  const changed = [...[...open].filter((id) => !reported.has(id)), ...[...reported].filter((id) => !open.has(id))];
  const alerts: IncidentAlert[] = [];
  for (const id of changed) {
    const incident = await detailOfIncident(database, id);
    if (incident) alerts.push(alertOf(incident, nameOf));
  }
  return alerts.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

async function markIncidentAlerts(
  { write }: Pick<Database, "write">,
  alerts: readonly IncidentAlert[],
  now: number,
): Promise<void> {
  for (const { incident, state } of alerts)
    if (state === "open") await writeFact(write, PREFIX + incident, state, now);
    else
      await write
        .deleteFrom("facts")
        .where("name", "=", PREFIX + incident)
        .execute();
}

function alertOf(incident: IncidentDetail, nameOf: (provider: string) => string): IncidentAlert {
  const { id, state, openedAt, reason, severity, provider, status, startedAt, count, recipients, scope } = incident;
  const move = incident.entries.findLast(({ kind }) => kind !== "note");
  const { title, explanation, todo } = wordsOfIncident(incident, nameOf);
  const isOpen = state === "open";
  return {
    schema: "bounced.incident-alert/1",
    // The same in every process, and another one each time that it opens or is cleared.
    id: `${id}-${move?.id ?? 0}`,
    state: isOpen ? "open" : "resolved",
    at: move?.at ?? openedAt,
    incident: id,
    title,
    explanation: isOpen ? explanation : `${endOf(incident, move)} ${explanation}`,
    todo: isOpen ? todo : "",
    reason,
    severity,
    provider,
    status,
    startedAt,
    count,
    recipients,
    scope,
    texts: isOpen ? incident.texts.slice(0, TEXTS) : [],
  };
}

const ENDS: Readonly<Record<string, string>> = {
  quiet: "Failures are usual again.",
  silent: "Too little mail for a day to know more.",
  usual: "After 30 days it is what is usual now.",
};

/** A note stays on the page: what people write to each other is not sent elsewhere. */
function endOf({ byHand }: Incident, move: IncidentEntry | undefined): string {
  if (byHand) return `Closed by ${move?.actor ?? "a person"}.`;
  return move?.kind === "merged"
    ? "It is part of an incident at several providers now."
    : (ENDS[move?.text ?? ""] ?? "");
}
