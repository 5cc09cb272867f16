import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { openIntake, type Intake, type IntakeOptions } from "../../src/intake/accept.ts";
import { checkDurability, type Durability } from "../../src/intake/durability.ts";
import { readWhole } from "../../src/intake/message.ts";
import { unpackOctets } from "../../src/intake/raw.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { connectRedis } from "../../src/queues/redis.ts";
import { waitingMessages } from "../support/intake.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});
async function start(
  changes: Partial<IntakeOptions> = {},
  redisOptions: { maxMemoryBytes?: number } = {},
): Promise<{ redis: TestRedis; intake: Intake }> {
  const redis = await startTestRedis(redisOptions);
  const intake = openIntake({
    redisUrl: redis.url,
    prefix: "bounced",
    acceptMs: 1500,
    durability: { replicas: 0 },
    onDurability: () => undefined,
    ...changes,
  });
  cleanUps.push(
    () => redis.stop(),
    () => intake.close(),
  );
  return { redis, intake };
}
const message = (text: string, keepBytes = 1000) => readWhole(Buffer.from(text, "latin1"), keepBytes);
const to = (...forwardPaths: string[]) => ({ reversePath: "", forwardPaths, remoteAddress: "192.0.2.1" });

test("one job for all forward-paths, the whole counted, only the head kept; again makes no more", async () => {
  const { redis, intake } = await start();
  const long = message(`Subject: x\r\n\r\n${"y".repeat(5000)}\r\n`, 100);
  const id = await intake.accept(long, to("a@bounces.example.com", "b@bounces.example.com"));
  expect(await intake.accept(long, to("a@bounces.example.com", "b@bounces.example.com"))).toBe(id);
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  expect(await queues.get("intake").getWaitingCount()).toBe(1);
  const messages = await waitingMessages(queues);
  await queues.close();
  expect(messages[0]).toMatchObject({
    id,
    size: 5016,
    truncated: true,
    remoteAddress: "192.0.2.1",
    reversePath: "",
    forwardPaths: ["a@bounces.example.com", "b@bounces.example.com"],
  });
  expect(unpackOctets(messages[0]?.raw ?? "")).toHaveLength(100);
});

test("messages that come in together wait in few jobs, each once", async () => {
  const { redis, intake } = await start();
  await intake.accept(message("Subject: first"), to("a@b.example"));
  const ids = await Promise.all(
    Array.from({ length: 200 }, (_, index) => intake.accept(message(`Subject: ${index}`), to("a@b.example"))),
  );
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const jobs = await queues.get("intake").getWaitingCount();
  const waiting = (await waitingMessages(queues)).map(({ id }) => id);
  await queues.close();
  expect(jobs).toBeLessThan(20);
  expect(waiting).toHaveLength(201);
  expect(new Set(waiting)).toEqual(new Set([...ids, waiting[0]]));
});

test("above three quarters of its memory Redis takes no more mail, and the workers have the rest", async () => {
  const { intake } = await start({}, { maxMemoryBytes: 6_000_000 });
  await expect.poll(() => intake.durability()).not.toBeNull();
  let accepted = 0;
  const fill = async (): Promise<unknown> => {
    for (; accepted < 500; accepted++)
      await intake.accept(
        message(`Subject: ${accepted}\r\n\r\n${randomBytes(20_000).toString("hex")}`, 100_000),
        to("a@b.example"),
      );
    return null;
  };
  await expect(fill()).rejects.toMatchObject({ name: "NotAccepted", kind: "full" });
  expect(accepted).toBeGreaterThan(0);
  await expect.poll(() => intake.state(), { timeout: 5000 }).toBe("full");
});

test("a Redis that hangs from the start is away; when it goes on, mail is taken", async () => {
  const { redis, intake } = await start();
  process.kill(redis.pid() ?? 0, "SIGSTOP");
  await expect(intake.accept(message("Subject: x"), to("a@b.example"))).rejects.toMatchObject({ kind: "away" });
  await expect.poll(() => intake.state(), { timeout: 5000 }).toBe("away");
  process.kill(redis.pid() ?? 0, "SIGCONT");
  await expect.poll(() => intake.state(), { timeout: 10_000 }).toBe("ready");
  expect(await intake.accept(message("Subject: x"), to("a@b.example"))).toMatch(/^m[0-9a-f]{31}$/);
});

test("where replicas must have the message and there are none, it is not accepted", async () => {
  const { intake } = await start({ durability: { replicas: 1 } });
  await expect(intake.accept(message("Subject: x"), to("a@b.example"))).rejects.toMatchObject({ kind: "away" });
});

test("what Redis cannot promise is said in words", async () => {
  const { redis } = await start();
  const connection = connectRedis(redis.url, "work");
  cleanUps.push(() => Promise.resolve(connection.disconnect()));
  expect(await checkDurability(connection)).toEqual({ problems: [], fsync: "always" } satisfies Durability);
  await connection.config("SET", "appendfsync", "no");
  expect((await checkDurability(connection)).problems).toEqual([expect.stringContaining("appendfsync no")]);
  await connection.config("SET", "maxmemory-policy", "allkeys-lru");
  expect((await checkDurability(connection)).problems).toHaveLength(2);
});
