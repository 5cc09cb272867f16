/** The server on standard input and output, until the input ends or the signal comes. */
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { mcpServer } from "./server.ts";
import type { McpCaller, McpDeps } from "./tool.ts";

/** Of one message. */
const MAX_OCTETS = 256 * 1024;

export async function serveOnStdio(deps: McpDeps, caller: McpCaller, signal: AbortSignal): Promise<void> {
  const transport = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize: MAX_OCTETS });
  const { onError } = deps;
  const ended = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve).once("close", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const server = serveStdio(() => mcpServer(deps, caller), { transport, onerror: onError });
  await ended;
  await server.close();
  process.stdin.destroy();
}
