/** An upgrade with jobs in flight: what newer programs wrote is left to them. */
import { expect, test, vi } from "vitest";
import { openQueues } from "../../src/queues/queues.ts";
import { makeEvent } from "../store/make-event.ts";
import { queuedMessage } from "../support/intake.ts";
import { startTestRedis } from "../support/redis.ts";
import { startTestService } from "../support/service.ts";

vi.setConfig({ testTimeout: 120_000 });

test("jobs of this version are worked off; one of a newer program stays, uncounted", async () => {
  const redis = await startTestRedis();
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const add = async (queue: string, id: string, data: unknown): Promise<void> =>
    void (await queues.get(queue).add("message", data as never, { jobId: id }));
  await queues.redis.sadd("bounced:taps", "record");
  const textOf = (subject: string): string =>
    `From: MAILER-DAEMON@mx.example\r\nSubject: ${subject}\r\n\r\nnot delivered\r\n`;
  const messages = await Promise.all(["one", "two"].map((subject) => queuedMessage(textOf(subject))));
  await add("intake", "p1", { v: 1, messages });
  await add("intake", "x9", { v: 9, unheardOf: true });
  await add("record", "p2", {
    v: 1,
    messages: [{ events: [makeEvent({ address: "old@example.org", at: Date.now() })], raw: null }],
  });
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
  await expect.poll(recipients, { timeout: 30_000 }).toEqual(new Set(["old@example.org"]));
  for (const queue of ["intake", "record"]) {
    expect(service.output()).toContain(`jobs of version 9 wait on ${queue}, and this program reads 1`);
    const job = await queues.get(queue).getJob("x9");
    expect(await job?.getState()).toBe("delayed");
    expect([job?.attemptsMade, job?.failedReason]).toEqual([0, undefined]);
  }
  await service.stop();
  await queues.close();
  await redis.stop();
});
