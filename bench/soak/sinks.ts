/** Where events must arrive: consumers of every output queue, and a webhook. They remember ids. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { consume } from "../../src/queues/consume.ts";
import { OUTPUT_QUEUES } from "../../src/queues/names.ts";
import { AUTHENTICITIES } from "../../src/event/event.ts";

export interface IdSink {
  readonly ids: ReadonlySet<string>;
  close(): Promise<void>;
}

export function collectIds(redisUrl: string): IdSink {
  const ids = new Set<string>();
  const consumers = OUTPUT_QUEUES.map((queue) =>
    consume(queue, async (event) => void ids.add(event.id), {
      redisUrl,
      prefix: "bounced",
      concurrency: 50,
      onError: () => undefined,
    }),
  );
  return { ids, close: async () => void (await Promise.all(consumers.map((consumer) => consumer.close()))) };
}

/** `endpoint`: its row in bounced.yaml. */
export async function receiveIds(): Promise<IdSink & { readonly endpoint: object }> {
  const ids = new Set<string>();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      ids.add((JSON.parse(body) as { data: { id: string } }).data.id);
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    ids,
    endpoint: {
      id: "sink",
      url,
      secret: "a-secret-of-the-sink",
      allowPrivate: true,
      filter: { authenticity: AUTHENTICITIES },
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
