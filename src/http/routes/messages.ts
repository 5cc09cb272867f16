/** Hands in a message over HTTP: from an e-mail worker, a Lambda behind SES, a route of a relay. */
import { z } from "zod";
import { acceptBytes } from "../../sources/accept-bytes.ts";
import { NotAccepted } from "../../intake/accept.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { Problem } from "../problems.ts";
import { takeRawMessages } from "../raw-message.ts";

const RETRY_AFTER_SECONDS = 10;
const path = z.string().max(320);

export function messageRoutes(app: App, context: Pick<HttpContext, "config" | "intake" | "now">): void {
  const { config } = context;
  takeRawMessages(app, config.BOUNCED_MAX_SIZE);
  app.post(
    "/v1/messages",
    {
      config: { access: "operator", rateLimit: false },
      bodyLimit: config.BOUNCED_MAX_SIZE,
      schema: {
        tags: ["messages"],
        summary: "Take in a message as if it had come over SMTP; 202 once it is durable",
        consumes: ["message/rfc822"],
        querystring: z.strictObject({
          forwardPath: path.optional().describe("the address it came to; default: from the header"),
          reversePath: path.optional().describe("the envelope sender, empty for <>; default: from the header"),
        }),
        body: z.instanceof(Buffer, { error: "expected message/rfc822" }).meta({ override: { type: "string" } }),
        response: {
          202: z.object({ id: z.string().describe("the same for the same message, however often it comes") }),
        },
      },
    },
    async ({ body, query }, reply) => {
      if (!context.intake) throw new Problem("unavailable", "This process has no queue to put messages on.");
      if (body.length === 0) throw new Problem("badRequest", "body: expected a message");
      try {
        const id = await acceptBytes({ intake: context.intake, keepBytes: config.BOUNCED_KEEP_BYTES }, body, {
          ...(query.forwardPath === undefined ? {} : { forwardPaths: [query.forwardPath] }),
          ...(query.reversePath === undefined ? {} : { reversePath: query.reversePath.replace(/^<(.*)>$/, "$1") }),
          receivedAt: new Date(context.now()).toISOString(),
        });
        return await reply.code(202).send({ id });
      } catch (cause) {
        if (!(cause instanceof NotAccepted)) throw cause;
        const retryAfterSeconds = RETRY_AFTER_SECONDS;
        throw new Problem("unavailable", "The message is not stored; send it again.", { retryAfterSeconds, cause });
      }
    },
  );
}
