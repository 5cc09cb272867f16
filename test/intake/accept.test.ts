import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { openIntake, type Intake, type IntakeOptions, type NotAccepted } from "../../src/intake/accept.ts";
import { checkDurability, type Durability } from "../../src/intake/durability.ts";
import { readWhole } from "../../src/intake/message.ts";
import { unpackOctets } from "../../src/queues/raw.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { connectRedis } from "../../src/redis/client.ts";
import { waitingMessages } from "../support/intake.ts";
import { startPlainServer } from "../support/redis-topology.ts";
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
    durability: { replicas: 0, accept: "durable" },
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
  const { intake } = await start({ durability: { replicas: 1, accept: "durable" } });
  await expect(intake.accept(message("Subject: x"), to("a@b.example"))).rejects.toMatchObject({ kind: "away" });
});

test("what Redis cannot promise is said in words", async () => {
  const { redis } = await start();
  const connection = connectRedis(redis.url, "work");
  cleanUps.push(() => Promise.resolve(connection.disconnect()));
  expect(await checkDurability(connection)).toEqual({
    problems: [],
    fsync: "always",
    isSafe: true,
  } satisfies Durability);
  await connection.config("SET", "appendfsync", "no");
  expect((await checkDurability(connection)).problems).toEqual([expect.stringContaining("appendfsync no")]);
  await connection.config("SET", "maxmemory-policy", "allkeys-lru");
  expect((await checkDurability(connection)).problems).toHaveLength(2);
});

const plainServer = async (...settings: readonly string[]): Promise<string> => {
  const server = await startPlainServer((port) => ["--port", String(port), ...settings]);
  cleanUps.push(() => server.stop());
  return `redis://127.0.0.1:${server.port}`;
};
/** `away`, `unsafe`, … or the id. */
const outcomeOf = (intake: Intake): Promise<string> =>
  intake.accept(message("Subject: x"), to("a@b.example")).catch((error: NotAccepted) => error.kind);

test.each([
  ["appendonly", "no"],
  ["maxmemory-policy", "allkeys-lru"],
])("where %s is %s no message is accepted, and again as soon as that is mended", async (name, value) => {
  const { redis, intake } = await start({ acceptMs: 4000 });
  const connection = connectRedis(redis.url, "work");
  cleanUps.push(() => Promise.resolve(connection.disconnect()));
  const [, before = ""] = await connection.config("GET", name);
  expect(await outcomeOf(intake)).toMatch(/^m/);
  await connection.config("SET", name, value);
  await expect.poll(() => intake.state(), { timeout: 10_000 }).toBe("unsafe");
  expect(await outcomeOf(intake)).toBe("unsafe");
  await connection.config("SET", name, before);
  await expect.poll(() => intake.state(), { timeout: 10_000 }).toBe("ready");
  expect(await outcomeOf(intake)).toMatch(/^m/);
});

test("an operator may allow what cannot be made durable", async () => {
  const { redis, intake } = await start({ acceptMs: 4000 });
  const redisUrl = redis.url;
  const connection = connectRedis(redisUrl, "work");
  cleanUps.push(() => Promise.resolve(connection.disconnect()));
  await connection.config("SET", "appendonly", "no");
  await expect.poll(() => intake.state(), { timeout: 10_000 }).toBe("unsafe");
  expect(await outcomeOf(intake)).toBe("unsafe");
  const { intake: unsafe } = await start({ redisUrl, durability: { replicas: 0, accept: "unsafe" } });
  expect(await outcomeOf(unsafe)).toMatch(/^m/);
  expect(unsafe.durability()).toMatchObject({ isSafe: false, fsync: "none" });
});

test("a replica accepts nothing", async () => {
  const primary = await plainServer();
  const { intake } = await start({
    redisUrl: await plainServer("--replicaof", `127.0.0.1 ${primary.split(":").at(-1)}`),
  });
  expect(await outcomeOf(intake)).toBe("unsafe");
});

test("where CONFIG is forbidden, WAITAOF is asked and not assumed", async () => {
  const redisUrl = await plainServer("--rename-command", "CONFIG", "");
  const { intake } = await start({ redisUrl });
  const connection = connectRedis(redisUrl, "work");
  cleanUps.push(() => Promise.resolve(connection.disconnect()));
  const [known] = (await connection.call("COMMAND", "INFO", "WAITAOF")) as unknown[];
  const outcome = await outcomeOf(intake);
  if (known) {
    expect(outcome).toMatch(/^m/);
    expect(intake.durability()).toMatchObject({ isSafe: true, fsync: "wait", problems: [] });
  } else {
    expect(outcome).toBe("unsafe");
    expect(intake.durability()?.problems).toEqual([expect.stringContaining("WAITAOF is refused")]);
  }
});

test("where CONFIG and WAITAOF are forbidden, nothing is accepted", async () => {
  const redisUrl = await plainServer("--rename-command", "CONFIG", "");
  const admin = connectRedis(redisUrl, "work");
  cleanUps.push(() => Promise.resolve(admin.disconnect()));
  await admin
    .call("ACL", "SETUSER", "managed", "on", ">secret", "~*", "&*", "+@all", "-waitaof")
    .catch(() => admin.call("ACL", "SETUSER", "managed", "on", ">secret", "~*", "&*", "+@all"));
  const { intake } = await start({ redisUrl: redisUrl.replace("redis://", "redis://managed:secret@") });
  expect(await outcomeOf(intake)).toBe("unsafe");
});
