/** One accepted message -> its events on the output queues. Safe to run twice: event ids are deterministic. */
import { deflateSync } from "node:zlib";
import type { BouncedEvent } from "../src/core/event.ts";
import type { MessageInput } from "../src/core/message-input.ts";
import type { Handler } from "../src/queues/consume.ts";
import type { Emit } from "../src/queues/emit.ts";
import type { IntakeJob, TapQueue } from "../src/queues/names.ts";
import type { Tally } from "./tally.ts";

export type ReadMessageJob = (input: MessageInput, id: string) => Promise<readonly BouncedEvent[]>;

export interface ClassifyDeps {
  readonly read: ReadMessageJob;
  readonly emit: Emit;
  readonly taps: () => Promise<readonly TapQueue[]>;
  readonly tally: Pick<Tally, "count">;
}

const FAST = { level: 1 } as const;

export function classifyHandler({ read, emit, taps, tally }: ClassifyDeps): Handler<IntakeJob> {
  return async (input, { id }) => {
    const events = await read(input, id);
    // Only the log keeps messages; packing one costs as much as reading it.
    const raw = (await taps()).includes("record") && input.head !== "" ? pack(input.head) : null;
    await emit({ events, raw, messageId: id });
    tally.count(events);
  };
}

const pack = (head: string): string => deflateSync(Buffer.from(head, "latin1"), FAST).toString("base64");
