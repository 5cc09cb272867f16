/** The lists at sending providers: what waits for each, what failed and why. */
import { z } from "zod";
import { CAUSES } from "../../store/suppressions/suppression.ts";
import { ITEM_STATES, WISHES } from "../../store/sync/sync-item.ts";
import { PROVIDER_NAMES } from "../../sync/providers/index.ts";
import { syncName } from "../../sync/settings.ts";
import { syncStateOf } from "../../sync/state.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { Problem } from "../problems.ts";

const tags = ["sync"];
const instant = z.iso.datetime().nullable();
const stateSchema = z.object({
  name: z.string(),
  provider: z.enum(Object.keys(PROVIDER_NAMES) as (keyof typeof PROVIDER_NAMES)[]),
  pending: z.number().describe("addresses whose change is not there yet"),
  held: z.number().describe("removals beyond `maxRemovals`, which `bounced sync --confirm-removals` confirms"),
  refused: z.number().describe("addresses that the provider does not take"),
  comparedAt: instant.describe("last comparison of the whole lists"),
  pushedAt: instant.describe("last change there"),
  error: z.string().describe("why the provider cannot be worked with; empty if it can"),
  errorAt: instant,
  pausedUntil: instant,
});
const itemSchema = z.object({
  value: z.string(),
  wanted: z.enum(WISHES),
  cause: z.enum(CAUSES),
  reason: z.string(),
  state: z.enum(ITEM_STATES),
  attempts: z.number(),
  error: z.string().describe("what the provider said the last time"),
  updatedAt: z.iso.datetime(),
});

export function syncRoutes(app: App, { store, config }: Pick<HttpContext, "store" | "config">): void {
  const targets = config.file.sync;
  app.get(
    "/v1/sync",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "Each provider whose list follows ours, with what waits and what failed",
        response: { 200: z.object({ targets: z.array(stateSchema) }) },
      },
    },
    async () => ({ targets: await Promise.all(targets.map((settings) => syncStateOf(store.sync, settings))) }),
  );
  app.get(
    "/v1/sync/:name/addresses",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "Addresses whose change is not at a provider, newest first",
        params: z.object({ name: z.string().max(40) }),
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
        response: { 200: z.object({ addresses: z.array(itemSchema).readonly() }) },
      },
    },
    async ({ params: { name }, query: { limit } }) => {
      if (!targets.some((settings) => syncName(settings) === name))
        throw new Problem("notFound", "bounced.yaml has no sync target of this name.");
      return { addresses: await store.sync.open(name, limit) };
    },
  );
}
