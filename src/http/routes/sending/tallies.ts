/** Takes what a sending system counted itself: deliveries, failures and delays, in numbered batches. */
import { z } from "zod";
import { NotAccepted } from "../../../intake/accept.ts";
import { countBatch } from "../../../tallies/redis-tallies.ts";
import { readReportedTallies, reportedTalliesSchema } from "../../../tallies/reported-tallies.ts";
import type { App } from "../../app.ts";
import type { HttpContext } from "../../context.ts";
import { Problem } from "../../problems.ts";

const RETRY_AFTER_SECONDS = 10;
const BODY_LIMIT = 8 * 1024 * 1024;

export function tallyRoutes(app: App, { intake, now }: Pick<HttpContext, "intake" | "now">): void {
  app.post(
    "/v1/tallies",
    {
      config: { access: "operator", rateLimit: false },
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ["refusals"],
        summary: "Report counts of deliveries, failures and delays; 202 once they are durable",
        description:
          "For systems that count themselves. A batch counts once: send it with the same number until you get 202, and give the next one a greater number.",
        body: reportedTalliesSchema,
        response: { 202: z.object({ counted: z.boolean().describe("false: this batch was counted before") }) },
      },
    },
    async ({ body }, reply) => {
      if (!intake) throw new Problem("unavailable", "This process has no Redis to count in.");
      const batch = readReportedTallies(body, now());
      try {
        const counted = await intake.write((redis, prefix) => countBatch(redis, prefix, batch));
        return await reply.code(202).send({ counted });
      } catch (cause) {
        if (!(cause instanceof NotAccepted)) throw cause;
        throw new Problem("unavailable", "The counts are not stored; send the batch again with its number.", {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
          cause,
        });
      }
    },
  );
}
