/** Takes what sending providers post: each has an address of its own, whose last part is a secret. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { NotAccepted } from "../../../intake/accept.ts";
import { findEndpoint, NotFromProvider, receiveWebhook } from "../../../refusals/receive-webhook.ts";
import { createSignatureCheck } from "../../../provider-webhooks/signatures.ts";
import { createSns, type Sns } from "../../../provider-webhooks/sns.ts";
import type { App } from "../../app.ts";
import type { HttpContext } from "../../context.ts";
import { Problem } from "../../problems.ts";

const RETRY_AFTER_SECONDS = 30;
const BODY_LIMIT = 8 * 1024 * 1024;
const params = z.object({ source: z.string().max(40), secret: z.string().max(128) });

export function providerWebhookRoutes(
  app: App,
  context: Pick<HttpContext, "config" | "intake" | "now">,
  sns: Sns = createSns(),
): void {
  const { providerWebhooks: endpoints, returnPath } = context.config.file;
  const { prefix: pathPrefix } = returnPath;
  const isSigned = createSignatureCheck();
  // Signatures cover the octets as they came, and SNS calls its JSON text.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
  const endpointOf = (request: FastifyRequest) => {
    const { source, secret } = request.params as z.infer<typeof params>;
    return findEndpoint(endpoints, source, secret);
  };
  app.post(
    "/in/:source/:secret",
    {
      config: { access: "public", ownCredential: true, rateLimit: false },
      bodyLimit: BODY_LIMIT,
      // Before the body is read.
      onRequest: async (request) => {
        if (!endpointOf(request)) throw new Problem("notFound", "There is nothing here.");
      },
      schema: {
        tags: ["refusals"],
        summary: "Webhook of a sending provider (providerWebhooks in bounced.yaml); 200 once its events are durable",
        params,
        response: {
          200: z.object({
            accepted: z.number().int().describe("failures, complaints and unsubscribes that are stored"),
            deliveries: z.number().int().describe("counted for the rates"),
            ignored: z.number().int().describe("of a known type that is none of these, e.g. opens"),
            unknown: z.number().int().describe("of a type that this version does not know"),
            refused: z.number().int().describe("without a usable recipient or id"),
          }),
        },
      },
    },
    async (request, reply) => {
      const endpoint = endpointOf(request);
      if (!endpoint) throw new Problem("notFound", "There is nothing here.");
      if (!context.intake) throw new Problem("unavailable", "This process has no queue to put events on.");
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const header = (name: string): string | null => [request.headers[name]].flat()[0] ?? null;
      try {
        const deps = { intake: context.intake, pathPrefix, isSigned, sns, now: context.now };
        return await answer(request, reply, await receiveWebhook(endpoint, { body, header }, deps));
      } catch (cause) {
        throw problemOfWebhook(cause);
      }
    },
  );
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { unknownTypes, issues, ...counts }: Awaited<ReturnType<typeof receiveWebhook>>,
): FastifyReply {
  const { source } = request.params as z.infer<typeof params>;
  if (unknownTypes.length > 0) request.log.warn({ source, types: unknownTypes }, "events of unknown types");
  if (issues.length > 0)
    request.log.warn({ source, issues }, "events of a provider that name no recipient or no message");
  return reply.code(200).send(counts);
}

function problemOfWebhook(cause: unknown): unknown {
  const retryAfterSeconds = RETRY_AFTER_SECONDS;
  if (cause instanceof NotFromProvider)
    return new Problem(cause.kind === "unsigned" ? "unauthorized" : "badRequest", cause.message, { cause });
  if (cause instanceof NotAccepted)
    return new Problem("unavailable", "Not all events are stored; send them again.", { retryAfterSeconds, cause });
  return new Problem("unavailable", "The sender could not be verified now; send it again.", {
    retryAfterSeconds,
    cause,
  });
}
