/** People who signed in with the identity provider: who they are, and whether they may come again. */
import { z } from "zod";
import { roleSchema, type Person } from "../../store/people/person.ts";
import { nameForHistory } from "../access/principal.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { orNothing } from "../list-parameter.ts";
import { Problem } from "../problems.ts";

const tags = ["people"];
export const peopleShape = {
  text: z.preprocess(orNothing, z.string().trim().max(320).optional()).describe("any part of name, address or id"),
} as const;
/** More are found by a part of their name. */
export const MAX_PEOPLE = 1000;

const person = z.object({
  id: z.string(),
  issuer: z.string(),
  sub: z.string().describe("subject: with the issuer it names the person"),
  name: z.string(),
  email: z.string().describe("empty if the provider names none"),
  emailVerified: z.boolean(),
  role: roleSchema.nullable().describe("by the groups of the last sign-in; null: none of them has one"),
  mayExport: z.boolean(),
  firstSignInAt: z.iso.datetime(),
  lastSignInAt: z.iso.datetime(),
  lastAddress: z.string().describe("IP address of the last sign-in"),
  revokedAt: z.iso.datetime().nullable(),
  revokedBy: z.string(),
});
export const personIdShape = z.string().min(1).max(64).describe("id of the person");
const params = z.object({ id: personIdShape });

export const personOr404 = (found: Person | null, id: string): Person => {
  if (!found) throw new Problem("notFound", `There is no person ${id}.`);
  return found;
};

export function peopleRoutes(app: App, { store: { people } }: Pick<HttpContext, "store">): void {
  app.get(
    "/v1/people",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "People who signed in with the identity provider, the last one first",
        querystring: z.strictObject({
          ...peopleShape,
          limit: z.coerce.number().int().min(1).max(MAX_PEOPLE).default(100),
        }),
        response: { 200: z.object({ people: z.array(person).readonly() }) },
      },
    },
    async ({ query }) => ({ people: await people.list(query) }),
  );
  app.post(
    "/v1/people/:id/revoke",
    {
      config: { access: "admin", audit: "person-change" },
      schema: {
        tags,
        summary: "End every session of a person at once, and let them in no more",
        params,
        response: { 200: person },
      },
    },
    async ({ params: { id }, principal }) =>
      personOr404(await people.revoke(id, principal ? nameForHistory(principal) : "unknown"), id),
  );
  app.post(
    "/v1/people/:id/restore",
    {
      config: { access: "admin", audit: "person-change" },
      schema: {
        tags,
        summary: "Let a revoked person sign in again",
        params,
        response: { 200: person },
      },
    },
    async ({ params: { id } }) => personOr404(await people.restore(id), id),
  );
}
