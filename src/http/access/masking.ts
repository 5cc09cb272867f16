/**
 * What leaves for a caller who may see no personal data. Three walls: they reach only routes that were looked at, the
 * store gives their handlers masked data, and whatever address is in an answer all the same loses its local part.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AccessSettings } from "../../masking/settings.ts";
import { hideAddresses } from "../../masking/hide-addresses.ts";
import { everyText } from "../../masking/mask-event.ts";
import type { Pseudonyms } from "../../masking/pseudonyms.ts";
import { Problem } from "../problems.ts";
import { isForMasked } from "./masked-routes.ts";
import type { Principal } from "./principal.ts";

/** The one place that decides who sees masked data. */
export const seesMasked = (principal: Principal | null, { maskPersonalData }: AccessSettings): boolean =>
  principal !== null && (maskPersonalData as readonly string[]).includes(principal.role);

/** After authentication. `masking` null: nobody's data is masked. */
export function registerMasking(app: FastifyInstance, masking: Pseudonyms | null, settings: AccessSettings): void {
  if (!masking) return;
  const isMasked = (request: FastifyRequest): boolean =>
    request.routeOptions.config.access !== "public" && seesMasked(request.principal, settings);
  app.addHook("onRequest", async (request) => {
    if (isMasked(request) && !isForMasked(request.method, request.routeOptions.url ?? ""))
      throw new Problem(
        "forbidden",
        `This can show personal data, which is masked for the role ${request.principal?.role}.`,
      );
  });
  // Callback, and no promise: what comes after `done` runs in it.
  app.addHook("preHandler", (request, _reply, done) => masking.run(isMasked(request), done));
  const name = (address: string): string => masking.nameOf(address);
  app.addHook("onSend", async (request, reply, payload: unknown) => {
    if (!isMasked(request) || payload === null || payload === undefined) return payload;
    if (typeof payload === "string") {
      if (!/^application\/(?:\w+\+)?json\b/.test(String(reply.getHeader("content-type"))))
        return hideAddresses(payload, name, true);
      // Text by text: beside an address JSON writes `\n` and quotation marks of its own.
      return payload === ""
        ? payload
        : JSON.stringify(everyText(JSON.parse(payload), (text) => hideAddresses(text, name)));
    }
    throw new Problem("internal", "A route for callers with masked data answered with a stream.");
  });
}
