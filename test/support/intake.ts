import { unpackMessages, type PackedMessage } from "../../src/queues/names.ts";
import type { Queues } from "../../src/queues/queues.ts";

/** Messages that wait to be read, whether they have a job of their own or one with others. */
export async function waitingMessages(queues: Queues): Promise<readonly PackedMessage[]> {
  const jobs = await queues.get("intake").getWaiting();
  return jobs.flatMap(({ data, id = "" }) => unpackMessages(data, id));
}
