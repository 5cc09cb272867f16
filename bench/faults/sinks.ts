/** Where mail must arrive: a consumer of every output queue, and a webhook. Each remembers what came, and when. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { consume } from "../../src/queues/consume.ts";
import { OUTPUT_QUEUES } from "../../src/queues/names.ts";
import { EVERY_EVENT } from "../../test/support/every-event.ts";

/** By address of the recipient. */
export type Arrivals = ReadonlyMap<string, { readonly at: number; readonly ids: ReadonlySet<string>; count: number }>;

export interface Sink {
  readonly arrivals: Arrivals;
  /** In place of the address where a delivery names none: all of them are strangers. */
  close(): Promise<void>;
}

function ledger(): { readonly arrivals: Arrivals; readonly note: (address: string | null, id: string) => void } {
  const arrivals = new Map<string, { at: number; ids: Set<string>; count: number }>();
  return {
    arrivals,
    note(address, id) {
      const known = arrivals.get(address ?? "");
      if (!known) arrivals.set(address ?? "", { at: performance.now(), ids: new Set([id]), count: 1 });
      else {
        known.ids.add(id);
        known.count++;
      }
    },
  };
}

export function consumeOutputs(redisUrl: string): Sink {
  const { arrivals, note } = ledger();
  const consumers = OUTPUT_QUEUES.map((queue) =>
    consume(queue, (event) => Promise.resolve(note(event.recipient.address, event.id)), {
      redisUrl,
      prefix: "bounced",
      concurrency: 100,
      onError: () => undefined,
    }),
  );
  return {
    arrivals,
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.close()));
    },
  };
}

/** Takes batches in SparkPost's shape; `settings` is the section of bounced.yaml. */
export async function receiveWebhooks(): Promise<Sink & { readonly settings: string }> {
  const { arrivals, note } = ledger();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      for (const { msys } of JSON.parse(body) as { msys: { message_event: { event_id: string; rcpt_to: string } } }[])
        note(msys.message_event.rcpt_to, msys.message_event.event_id);
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    arrivals,
    settings: `webhooks:\n  - { id: sink, url: "http://127.0.0.1:${port}/", secret: a-secret-of-the-sink, shape: sparkpost, allowPrivate: true, ${EVERY_EVENT} }\n`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
