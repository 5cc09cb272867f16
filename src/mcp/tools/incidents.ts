import { z } from "zod";
import { INCIDENT_STATES, SCOPE_DIMENSIONS, type Incident } from "../../store/incidents/incident.ts";
import { QueryError } from "../../store/log/log-query.ts";
import { wordsOfIncident } from "../../store/incidents/words.ts";
import { fromMail, quote, quoted } from "../from-mail.ts";
import { toolOf, type ToolWork } from "../tool.ts";

const TEXTS = 3;
const SCOPE = 6;
const ENTRIES = 20;

export const incidentTool = toolOf({
  name: "incidents",
  title: "What goes wrong now",
  description:
    "Incidents: failures of one cause at one provider, or at many, that rose beyond chance. Open ones by default, newest first; with an id, that one with its history and the notes of people.",
  input: z.strictObject({
    id: z.string().min(1).max(200).optional(),
    state: z.enum(INCIDENT_STATES).default("open"),
    limit: z.int().min(1).max(20).default(10),
  }),
  output: z.object({
    incidents: z.array(
      z.object({
        id: z.string(),
        state: z.enum(INCIDENT_STATES),
        title: z.string(),
        reason: z.string(),
        severity: z.string(),
        provider: z.string(),
        status: z.string().nullable(),
        startedAt: z.string(),
        clearedAt: z.string().nullable(),
        count: z.number(),
        addresses: z.number(),
        notSuppressed: z.number(),
        expectedPerHour: z.number(),
        quietAt: z.array(z.string()).describe("providers without these failures"),
        usualCause: z.string().nullable(),
        todo: z.string(),
        fromMail: fromMail({
          scope: z.array(
            z.object({ dimension: z.enum(SCOPE_DIMENSIONS), value: quoted, extent: z.string(), share: z.number() }),
          ),
          texts: z.array(z.object({ text: quoted, count: z.number() })),
        }),
      }),
    ),
    history: z
      .array(
        z.object({ at: z.string(), kind: z.string(), actor: z.string(), text: quoted.describe("people wrote it") }),
      )
      .describe("of the one that was asked for, oldest first"),
  }),
  async run({ id, state, limit }, work) {
    const { incidents: kept } = work.deps.store;
    if (id === undefined) {
      const page = await kept.list({ state, limit });
      return { incidents: page.incidents.map((incident) => summaryOf(incident, work)), history: [] };
    }
    const incident = await kept.get(id);
    if (!incident) throw new QueryError(`id: there is no incident ${JSON.stringify(id)}`);
    return {
      incidents: [summaryOf(incident, work)],
      history: incident.entries
        .slice(-ENTRIES)
        .map(({ at, kind, actor, text }) => ({ at, kind, actor, text: quote(text, 500) })),
    };
  },
});

function summaryOf(incident: Incident, { deps }: ToolWork) {
  const { id, state, reason, severity, provider, status, startedAt, clearedAt, count, expectedPerHour } = incident;
  const nameOf = (one: string): string =>
    deps.reading().rules.providers.find((known) => known.provider.id === one)?.provider.name ?? one;
  const { title, cause, todo } = wordsOfIncident(incident, nameOf);
  return {
    id,
    state,
    title,
    reason,
    severity,
    provider,
    status,
    startedAt,
    clearedAt,
    count,
    expectedPerHour,
    todo,
    addresses: incident.recipients.count,
    notSuppressed: incident.recipients.count - incident.recipients.suppressed,
    quietAt: [...incident.quietAt],
    usualCause: cause,
    fromMail: {
      scope: incident.scope
        .slice(0, SCOPE)
        .map(({ dimension, value, extent, share }) => ({ dimension, value: quote(value, 200), extent, share })),
      texts: incident.texts.slice(0, TEXTS).map(({ text, count: of }) => ({ text: quote(text, 300), count: of })),
    },
  };
}
