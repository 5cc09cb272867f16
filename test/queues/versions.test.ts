/** An upgrade with jobs in flight: what older programs wrote is read, what newer ones wrote is left to them. */
import { expect, test, vi } from "vitest";
import { openQueues } from "../../src/queues/queues.ts";
import { makeEvent } from "../store/make-event.ts";
import { startTestRedis } from "../support/redis.ts";
import { startTestService } from "../support/service.ts";

vi.setConfig({ testTimeout: 120_000 });

/** As it was written before messages shared jobs; nothing of the program's own makes these. */
const messageOf = (subject: string, sha256: string) => ({
  head: `From: MAILER-DAEMON@mx.example\r\nSubject: ${subject}\r\n\r\nyour mail could not be delivered\r\n`,
  truncated: false,
  size: 90,
  sha256,
  receivedAt: "2026-11-20T10:00:00.000Z",
  envelope: { reversePath: "", forwardPath: "b@bounces.example.com" },
  remoteAddress: "192.0.2.1",
});

test("jobs of every version that was ever written are worked off; one of a newer program stays, uncounted", async () => {
  const redis = await startTestRedis();
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const add = async (queue: string, id: string, data: unknown): Promise<void> =>
    void (await queues.get(queue).add("message", data as never, { jobId: id }));
  await queues.redis.sadd("bounced:taps", "record");
  await add("intake", "m1", { v: 1, ...messageOf("one", "1".repeat(64)) });
  await add("intake", "p2", { v: 2, messages: [{ id: "m2", ...messageOf("two", "2".repeat(64)) }] });
  await add("intake", "x9", { v: 9, unheardOf: true });
  await add("record", "m3", { v: 1, events: [makeEvent({ address: "old@example.org" })], raw: null });
  await add("record", "p4", { v: 2, messages: [{ events: [makeEvent({ address: "new@example.org" })], raw: null }] });
  await add("record", "x9", { v: 9 });
  const service = await startTestService({ REDIS_URL: redis.url }, "worker,record,http");

  const subjects = async (): Promise<ReadonlySet<string | null>> =>
    new Set((await queues.get("unrecognized").getWaiting()).map(({ data }) => data.message.subject));
  await expect.poll(subjects, { timeout: 30_000 }).toEqual(new Set(["one", "two"]));
  const recipients = async (): Promise<ReadonlySet<string>> => {
    const answer = await fetch(`${service.httpUrl}/v1/events`);
    const { events } = (await answer.json()) as { events: { recipient: { address: string | null } }[] };
    return new Set(events.map(({ recipient }) => recipient.address).filter((address) => address !== null));
  };
  await expect.poll(recipients, { timeout: 30_000 }).toEqual(new Set(["new@example.org", "old@example.org"]));
  for (const queue of ["intake", "record"]) {
    expect(service.output()).toContain(`jobs of version 9 wait on ${queue}, and this program reads 1 and 2`);
    const job = await queues.get(queue).getJob("x9");
    expect(await job?.getState()).toBe("delayed");
    expect([job?.attemptsMade, job?.failedReason]).toEqual([0, undefined]);
  }
  await service.stop();
  await queues.close();
  await redis.stop();
});
