/** Signed return paths: one per message and recipient, made before sending. */
import { z } from "zod";
import { RETURN_PATH_SCHEMES } from "../../event/event.ts";
import { createReturnPath } from "../../return-path/create.ts";
import { RETURN_PATH_CHECKS } from "../../return-path/reading.ts";
import { readReturnPath } from "../../return-path/read.ts";
import { messageOf } from "../../machine/error-message.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { Problem } from "../problems.ts";

const tags = ["return-paths"];
const requestSchema = z.strictObject({
  domain: z.string().max(253).optional().describe("default: the first of BOUNCED_DOMAINS"),
  recipient: z.string().max(320).optional().describe("whom the mail goes to; without it a report can name anyone"),
  tag: z.string().max(200).optional().describe("your own id; comes back as returnPath.tag"),
  scheme: z
    .enum(["signed", "verp", "token"])
    .default("signed")
    .describe("token: what a header of the message may carry, docs/proof.md"),
});

export function returnPathRoutes(app: App, context: Pick<HttpContext, "domains" | "now" | "reading">): void {
  const make = (wanted: z.infer<typeof requestSchema>, field: string): string => {
    const domain = wanted.domain ?? context.domains[0] ?? "localhost";
    try {
      return createReturnPath({ ...wanted, domain }, context.reading().returnPath, new Date(context.now()));
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new Problem("badRequest", `${field}: ${messageOf(cause)}`, {
        issues: [{ field, message: messageOf(cause) }],
        cause,
      });
    }
  };
  const ready = (): void => {
    if (context.reading().returnPath.secrets.length === 0)
      throw new Problem("notAvailable", "Signing needs a key: set BOUNCED_SECRET.");
  };
  app.post(
    "/v1/return-paths",
    {
      config: { access: "operator", rateLimit: false },
      schema: {
        tags,
        summary: "Make return paths, one or up to 1,000",
        body: z.union([requestSchema, z.strictObject({ requests: z.array(requestSchema).min(1).max(1000) })]),
        response: { 200: z.union([z.object({ address: z.string() }), z.object({ addresses: z.array(z.string()) })]) },
      },
    },
    ({ body }) => {
      const requests = "requests" in body ? body.requests : [body];
      if (requests.some(({ scheme }) => scheme !== "verp")) ready();
      if (!("requests" in body)) return { address: make(body, "body") };
      return { addresses: requests.map((one, index) => make(one, `body.requests.${index}`)) };
    },
  );
  app.get(
    "/v1/return-paths/:address",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "What a return path or a token says, and whether it is ours",
        params: z.object({ address: z.string().max(500) }),
        response: {
          200: z.object({
            address: z.string(),
            scheme: z.enum(RETURN_PATH_SCHEMES),
            recipient: z.string().nullable(),
            tag: z.string().nullable(),
            issuedAt: z.string().nullable(),
            check: z.enum(RETURN_PATH_CHECKS),
          }),
        },
      },
    },
    ({ params }) => {
      const reading = readReturnPath(params.address, context.reading().returnPath, new Date(context.now()));
      if (!reading) throw new Problem("badRequest", "params.address: expected an address or a token");
      const { bindsRecipient: _binds, ...shown } = reading;
      return shown;
    },
  );
}
