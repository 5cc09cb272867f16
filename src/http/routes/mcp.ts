/**
 * `/mcp`: the Model Context Protocol over streamable HTTP, stateless. Behind the same tokens, roles and rate limit as
 * the API. A page of another site is refused by its Origin whatever it carries, as the protocol demands against DNS
 * rebinding; a batch is refused, because the rate limit counts requests.
 */
import type { FastifyRequest } from "fastify";
import type { McpCaller } from "../../mcp/tool.ts";
import type { McpHttpHandler } from "@modelcontextprotocol/server";
import { isForeign } from "../access/authenticate.ts";
import { allows, type Principal } from "../access/principal.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { Problem } from "../problems.ts";

const BODY_LIMIT = 256 * 1024;

export type McpContext = Pick<HttpContext, "store" | "reading" | "language" | "failureCodes" | "version" | "now">;

export function mcpRoutes(app: App, context: McpContext): void {
  let handler: Promise<McpHttpHandler> | null = null;
  app.addHook("onClose", async () => (await handler)?.close());
  app.post("/mcp", { config: { access: "viewer" }, bodyLimit: BODY_LIMIT, schema: { hide: true } }, async (request) => {
    if (isForeign(request)) throw new Problem("forbidden", "The request came from a page of another site.");
    if (Array.isArray(request.body)) throw new Problem("badRequest", "body: expected one JSON-RPC message, no batch");
    handler ??= openHandler(context, (error) => request.log.error({ err: error }, "a tool of MCP failed"));
    const { id, name, role } = principalOf(request);
    const from = { actorId: id, address: request.ip, requestId: request.id };
    const authInfo = { token: "", clientId: id, scopes: [role], extra: { principal: request.principal, name, from } };
    return (await handler).fetch(requestOf(request), { authInfo, parsedBody: request.body });
  });
  for (const method of ["GET", "DELETE"] as const)
    app.route({
      method,
      url: "/mcp",
      config: { access: "viewer" },
      schema: { hide: true },
      handler: (_, reply) => {
        reply.header("allow", "POST");
        throw new Problem("methodNotAllowed", "Streams and sessions are not offered: send POST.");
      },
    });
}

/** The SDK is loaded with the first request. */
async function openHandler(context: McpContext, onError: (error: unknown) => void): Promise<McpHttpHandler> {
  const [{ createMcpHandler }, { mcpServer }] = await Promise.all([
    import("@modelcontextprotocol/server"),
    import("../../mcp/server.ts"),
  ]);
  return createMcpHandler(
    ({ authInfo }) => {
      const principal = authInfo?.extra?.["principal"] as Principal | null;
      return mcpServer(
        { ...context, onError },
        {
          actor: `mcp:${principal?.name ?? "unknown"}`,
          mayChange: allows(principal, "operator"),
          from: authInfo?.extra?.["from"] as Required<McpCaller>["from"],
        },
      );
    },
    // The tools never change while we run: nothing to subscribe to, and no stream that stays open.
    { maxSubscriptions: 0 },
  );
}

function principalOf({ principal }: FastifyRequest): Principal {
  if (!principal) throw new Problem("unauthorized", "Send `Authorization: Bearer <token>`.");
  return principal;
}

/** As the SDK reads it: its headers; the body is parsed already. The credential stays here. */
function requestOf(request: FastifyRequest): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (
      typeof value === "string" &&
      !["authorization", "cookie", "connection", "content-length", "transfer-encoding"].includes(name)
    )
      headers.set(name, value);
  return new Request(new URL(request.url, "http://bounced.invalid"), {
    method: "POST",
    headers,
    signal: request.signal,
  });
}
