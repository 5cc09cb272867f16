import { afterEach, expect, test } from "vitest";
import { createConfirmation, watchConfirmation } from "../../src/intake/confirm.ts";
import { consume } from "../../src/queues/consume.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { TryLater } from "../../src/queues/try-later.ts";
import { sampleEvent } from "../support/event.ts";
import { startPlainServer } from "../support/redis-topology.ts";

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const server = async (...settings: readonly string[]) => {
  const { port, stop } = await startPlainServer((own) => ["--port", String(own), ...settings]);
  cleanUps.push(stop);
  return port;
};
const open = (port: number): Queues => {
  const queues = openQueues({ redisUrl: `redis://127.0.0.1:${port}`, prefix: "bounced" });
  cleanUps.push(() => queues.close());
  return queues;
};
const KEY = "bounced:intake:meta";
const durability = { replicas: 1, accept: "durable" } as const;

test("a write is confirmed by a replica and by the server that was asked before", async () => {
  const port = await server();
  const { redis } = open(port);
  await server("--replicaof", `127.0.0.1 ${port}`);
  await expect.poll(() => redis.info("replication"), { timeout: 20_000 }).toMatch(/state=online/);
  const replid = /^master_replid:(\w+)/m.exec(await redis.info("replication"))?.[1] ?? "";
  const confirmedBy = (lineage: string | null, limitMs = 3000) =>
    createConfirmation({
      redis,
      key: KEY,
      store: { lineage: () => lineage, durability: () => ({ problems: [], fsync: "always", isSafe: true }) },
      durability,
      limitMs,
    });
  expect(await confirmedBy(replid)(() => redis.set("a", "1"))).toBe("OK");
  expect(await confirmedBy(null)(() => redis.set("a", "2"))).toBe("OK");
  await expect(confirmedBy("another run")(() => redis.set("a", "3"))).rejects.toThrow("another Redis took over");
});

test("what no replica confirms is done again, as often as need be, and never counts as failed", async () => {
  const port = await server();
  const queues = open(port);
  const confirmation = watchConfirmation(queues, durability);
  let tries = 0;
  let isWell = false;
  const troubles: string[] = [];
  const consumer = consume(
    "bounce-hard",
    async () => {
      tries++;
      if (!isWell) throw new TryLater("no replica");
    },
    { redisUrl: queues.redisUrl, prefix: "bounced", onError: ({ message }) => troubles.push(message) },
  );
  cleanUps.push(
    () => consumer.close(),
    () => Promise.resolve(confirmation.stop()),
  );
  // Nobody is there to confirm it.
  const write = (): Promise<unknown> => queues.redis.set("a", "1");
  await expect(confirmation.confirmed(write)).rejects.toThrow(TryLater);
  await expect(confirmation.confirmed(() => queues.redis.call("SET", "a"))).rejects.toThrow(TryLater);
  await expect(confirmation.confirmed(() => Promise.reject(new Error("as it is")))).rejects.toThrow("as it is");
  const job = await queues.get("bounce-hard").add("x", sampleEvent(), { jobId: "j" });
  await expect.poll(() => tries, { timeout: 20_000 }).toBeGreaterThan(2);
  isWell = true;
  await expect.poll(() => job.getState(), { timeout: 20_000 }).toBe("completed");
  expect((await queues.get("bounce-hard").getJob("j"))?.attemptsMade).toBe(1);
  expect(troubles).toEqual(["no replica"]);
});
