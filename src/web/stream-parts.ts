/** Server-sent events: parts of a page that come later. The client puts each in the element with its id. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { renderHtml, type Html } from "./html.ts";

/** Streams at a time; more would hold connections that pages need. */
const MAX_STREAMS = 50;
let open = 0;

export function streamParts(
  request: FastifyRequest,
  reply: FastifyReply,
  work: (send: (id: string, part: Html) => void, isGone: () => boolean) => Promise<void>,
): void {
  if (open >= MAX_STREAMS) {
    void reply.code(503).send();
    return;
  }
  open += 1;
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" });
  let gone = false;
  raw.on("close", () => (gone = true));
  const write = (name: string, data: unknown): void => {
    if (!gone) raw.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  work(
    (id, part) => write("part", { id, html: renderHtml(part) }),
    () => gone,
  )
    .catch((error: unknown) => request.log.error({ err: error, requestId: request.id }, "stream failed"))
    .finally(() => {
      open -= 1;
      write("end", {});
      raw.end();
    });
}
