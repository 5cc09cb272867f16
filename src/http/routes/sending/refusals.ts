/** Reports refusals that never became a returned message: from an MTA's log, a queue's worker, a script. */
import { z } from "zod";
import { reportedRefusalSchema } from "../../../core/index.ts";
import { NotAccepted } from "../../../intake/accept.ts";
import { acceptRefusals } from "../../../refusals/accept-refusals.ts";
import { MAX_REFUSALS } from "../../../refusals/check-refusals.ts";
import type { App } from "../../app.ts";
import type { HttpContext } from "../../context.ts";
import { Problem } from "../../problems.ts";

const RETRY_AFTER_SECONDS = 10;
const BODY_LIMIT = 8 * 1024 * 1024;

/** Each is checked by itself, so that a bad one does not cost the others: the schema here is for the reference. */
const itemSchema = z.unknown().meta({ override: z.toJSONSchema(reportedRefusalSchema, { io: "input" }) });

export function refusalRoutes(app: App, context: Pick<HttpContext, "config" | "intake" | "now">): void {
  const { prefix: pathPrefix } = context.config.file.returnPath;
  app.post(
    "/v1/refusals",
    {
      config: { access: "operator", rateLimit: false },
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ["refusals"],
        summary:
          "Report what became of your own mail; 202 once the good ones are durable, with the mistakes of the others",
        description:
          "Failures, delays, complaints and unsubscribes become events. Deliveries are counted for the rates.",
        body: z.strictObject({
          refusals: z.array(itemSchema).min(1).max(MAX_REFUSALS),
          counted: z
            .boolean()
            .default(false)
            .describe("true: your system posts the counts of these to `/v1/tallies`, so they are not counted here"),
        }),
        response: {
          202: z.object({
            accepted: z.number().int(),
            deliveries: z.number().int().describe("of the accepted ones: counted, and no event"),
            ids: z
              .array(z.string().nullable())
              .describe(
                "of the events, in your order; null: a delivery, or not accepted. The same for the same refusal",
              ),
            errors: z
              .array(z.object({ index: z.number().int(), field: z.string(), message: z.string() }))
              .describe("correct these items and send them again; the others are stored"),
          }),
        },
      },
    },
    async ({ body }, reply) => {
      if (!context.intake) throw new Problem("unavailable", "This process has no queue to put refusals on.");
      try {
        const options = { pathPrefix, isCounted: body.counted };
        const { ids, errors, ...counts } = await acceptRefusals(context.intake, body.refusals, options, context.now());
        return await reply.code(202).send({ ...counts, ids: [...ids], errors: [...errors] });
      } catch (cause) {
        if (!(cause instanceof NotAccepted)) throw cause;
        const retryAfterSeconds = RETRY_AFTER_SECONDS;
        throw new Problem("unavailable", "Not all refusals are stored; send them again. Those that are count once.", {
          retryAfterSeconds,
          cause,
        });
      }
    },
  );
}
