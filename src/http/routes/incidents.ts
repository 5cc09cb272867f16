/** Incidents: failures of one cause that rose beyond chance, and the notes of people. */
import { z } from "zod";
import {
  INCIDENT_STATES,
  incidentEntrySchema,
  incidentSchema,
  NOTE_CHARS,
  type Incident,
} from "../../store/incidents/incident.ts";
import type { Moved } from "../../store/incidents/by-hand.ts";
import { wordsOfIncident } from "../../store/incidents/words.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { Problem } from "../problems.ts";
import { authorOf } from "./suppressions.ts";

const described = incidentSchema.extend({
  title: z.string(),
  explanation: z.string().describe("since when, which mail, where it does not happen, how many"),
  cause: z.string().nullable().describe("usual cause of its code"),
  todo: z.string(),
});
const tags = ["incidents"];
const params = z.object({ id: z.string().max(200) });

export function incidentRoutes(app: App, { store, reading }: Pick<HttpContext, "store" | "reading">): void {
  const { incidents } = store;
  const nameOf = (id: string): string =>
    reading().rules.providers.find(({ provider }) => provider.id === id)?.provider.name ?? id;
  const describe = (incident: Incident) => ({ ...incident, ...wordsOfIncident(incident, nameOf) });

  app.get(
    "/v1/incidents",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "Failures that rose beyond chance, one incident for each cause, newest first",
        description:
          "An incident is one reason at one provider, or at many: a thousand refusals are one incident. Credible events alone count.",
        querystring: z.strictObject({
          state: z.enum(INCIDENT_STATES).optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
          cursor: z.string().max(300).optional().describe("`next` of the page before"),
        }),
        response: { 200: z.object({ incidents: z.array(described).readonly(), next: z.string().nullable() }) },
      },
    },
    async ({ query }) => {
      const page = await incidents.list(query);
      return { incidents: page.incidents.map(describe), next: page.next };
    },
  );
  app.get(
    "/v1/incidents/:id",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "An incident with its history and notes",
        params,
        response: { 200: described.extend({ entries: z.array(incidentEntrySchema).readonly() }) },
      },
    },
    async ({ params: { id } }) => {
      const incident = await incidents.get(id);
      if (!incident) throw new Problem("notFound", `There is no incident ${id}.`);
      return { ...describe(incident), entries: incident.entries };
    },
  );
  app.post(
    "/v1/incidents/:id/notes",
    {
      config: { access: "operator" },
      schema: {
        tags,
        summary: "Add a note to an incident",
        params,
        body: z.strictObject({ text: z.string().trim().min(1).max(NOTE_CHARS) }),
        response: { 200: z.object({ note: incidentEntrySchema }) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const note = await incidents.addNote(id, { actor: authorOf(request).actor, text: request.body.text });
      if (!note) throw new Problem("notFound", `There is no incident ${id}.`);
      return { note };
    },
  );
  for (const how of ["close", "reopen"] as const)
    app.post(
      `/v1/incidents/:id/${how}`,
      {
        config: { access: "operator", audit: "incident-change" },
        schema: {
          tags,
          summary: how === "close" ? "Say that an incident is over" : "Open a cleared incident again",
          description: ABOUT[how],
          params,
          body: z.strictObject({ note: z.string().trim().max(NOTE_CHARS).default("") }).prefault({}),
          response: { 200: described },
        },
      },
      async (request) => {
        const { id } = request.params;
        const moved = await incidents[how](id, { actor: authorOf(request).actor, text: request.body.note });
        const incident = await incidents.get(id);
        if (moved === null || incident === null) throw new Problem("notFound", `There is no incident ${id}.`);
        if (moved !== "done") throw new Problem("conflict", WHY_NOT[moved]);
        return describe(incident);
      },
    );
}

const ABOUT = {
  close: "Its alert is resolved. The same failures do not open it again for a day, however many they are.",
  reopen: "It is cleared again when its failures are over. 409 where it began more than 30 days ago.",
} as const;

const WHY_NOT: Readonly<Record<Exclude<Moved, "done">, string>> = {
  already: "It is in that state already.",
  taken: "Another incident with this cause is open.",
  old: "It began more than 30 days ago.",
};
