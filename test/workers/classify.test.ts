import { expect, test } from "vitest";
import type { BouncedEvent } from "../../src/core/event.ts";
import type { Emission } from "../../src/queues/emit.ts";
import type { IntakeJob, TapQueue } from "../../src/queues/names.ts";
import { classifyHandler } from "../../workers/classify-handler.ts";
import { sampleEvent } from "../support/event.ts";

const job: IntakeJob = {
  v: 1,
  head: "Subject: x\r\n",
  truncated: false,
  size: 12,
  sha256: "0".repeat(64),
  receivedAt: null,
  envelope: { reversePath: "", forwardPath: "b@bounces.example.com" },
  remoteAddress: null,
};
function run(taps: readonly TapQueue[], emit: (emission: Emission) => Promise<void>) {
  const counted: (readonly Pick<BouncedEvent, "kind">[])[] = [];
  const handler = classifyHandler({
    read: () => Promise.resolve([sampleEvent()]),
    emit,
    taps: () => Promise.resolve(taps),
    tally: { count: (events) => counted.push(events) },
  });
  return { counted, done: handler(job, { id: "m1", name: "message", attemptsMade: 0 }) };
}

test("the head goes along only where the log takes it", async () => {
  const emissions: Emission[] = [];
  const emit = (emission: Emission): Promise<void> => Promise.resolve(void emissions.push(emission));
  await run([], emit).done;
  await run(["record"], emit).done;
  expect(emissions).toMatchObject([
    { messageId: "m1", raw: null },
    { messageId: "m1", raw: expect.any(String) },
  ]);
});

test("what could not be emitted is not counted, and the job fails, so that it comes again", async () => {
  const { counted, done } = run([], () => Promise.reject(new Error("Redis is away")));
  await expect(done).rejects.toThrow("Redis is away");
  expect(counted).toEqual([]);
});
