import { readWhole } from "../../src/intake/message.ts";
import { packOctets } from "../../src/queues/raw.ts";
import type { QueuedMessage } from "../../src/queues/payloads.ts";
import type { Queues } from "../../src/queues/queues.ts";

/** Messages that wait to be read, whether they have a job of their own or one with others. */
export async function waitingMessages(queues: Queues): Promise<readonly QueuedMessage[]> {
  const jobs = await queues.get("intake").getWaiting();
  return jobs.flatMap(({ data }) => data.messages);
}

/** A message as it waits on `intake`. */
export async function queuedMessage(text: string, changes: Partial<QueuedMessage> = {}): Promise<QueuedMessage> {
  const { octets, ...received } = readWhole(Buffer.from(text, "latin1"), 256 * 1024);
  return {
    ...received,
    id: `m-${received.sha256.slice(0, 20)}`,
    raw: await packOctets(octets),
    receivedAt: null,
    reversePath: "",
    forwardPaths: ["b@bounces.example.com"],
    remoteAddress: null,
    ...changes,
  };
}
