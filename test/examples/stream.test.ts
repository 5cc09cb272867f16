/** examples/stream.py on a real stream, with Debian's own Python, which is where python3-redis is. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { configFileSchema } from "../../src/config/config-file.ts";
import { createEmitter } from "../../src/queues/emit.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { blockOf } from "../support/docs.ts";
import { sampleEvent } from "../support/event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

const { stream } = configFileSchema.parse(parse(blockOf("streams.md", "The Redis stream", "yaml")));
let server: TestRedis;
let queues: Queues;
const started: ChildProcess[] = [];
beforeAll(async () => {
  server = await startTestRedis();
  queues = openQueues({ redisUrl: server.url, prefix: "bounced" });
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  return queues.redis.flushall();
});
afterAll(async () => {
  await queues.close();
  await server.stop();
});

const emit = (...ids: readonly string[]): Promise<void> =>
  createEmitter(queues, {
    language: "en",
    rememberedSeconds: 60,
    routes: [],
    taps: () => Promise.resolve([]),
    stream,
    confirmed: (write) => write(),
  })([{ events: ids.map((id) => sampleEvent({ id })), raw: null }], `m-${ids.join("-")}`);

function startMember(name: string, environment: Readonly<Record<string, string>> = {}) {
  const child = spawn("/usr/bin/python3", ["examples/stream.py", "crm", name], {
    cwd: new URL("../..", import.meta.url),
    stdio: ["ignore", "pipe", "pipe"],
    env: { REDIS_URL: server.url.replace("unix:", "unix://"), ...environment },
  });
  started.push(child);
  let output = "";
  for (const pipe of [child.stdout, child.stderr])
    pipe.setEncoding("utf8").on("data", (text: string) => (output += text));
  return {
    lines: (): readonly string[] => output.split("\n").filter(Boolean),
    async stop(): Promise<unknown> {
      child.kill("SIGTERM");
      return (await once(child, "exit"))[0];
    },
  };
}

const unacknowledged = async (): Promise<unknown> => (await queues.redis.xpending(stream.key, "crm"))[0];
const WAIT = { timeout: 20_000 };
const lineOf = (id: string): string => `${id} bounce hard user@example.org`;

test("members of a group share the events, from before they came too, and acknowledge them", async () => {
  await emit("e1", "e2");
  const members = [startMember("a"), startMember("b")];
  const lines = (): readonly string[] => members.flatMap((member) => member.lines()).toSorted();
  await expect.poll(lines, WAIT).toEqual([lineOf("e1"), lineOf("e2")]);
  // One may have taken both before the other has started at all.
  const reading = async (): Promise<number> =>
    String(await queues.redis.client("LIST")).match(/cmd=xreadgroup/g)?.length ?? 0;
  await expect.poll(reading, WAIT).toBe(2);
  await emit("e3");
  await expect.poll(lines, WAIT).toEqual([lineOf("e1"), lineOf("e2"), lineOf("e3")]);
  expect(await Promise.all(members.map((member) => member.stop()))).toEqual([0, 0]);
  expect(await unacknowledged()).toBe(0);
}, 60_000);

test("what a dead member left is taken over", async () => {
  await emit("e1");
  await queues.redis.xgroup("CREATE", stream.key, "crm", "0");
  await queues.redis.xreadgroup("GROUP", "crm", "dead", "STREAMS", stream.key, ">");
  const member = startMember("alive", { CLAIM_AFTER_MS: "0" });
  await expect.poll(member.lines, WAIT).toEqual([lineOf("e1")]);
  expect(await member.stop()).toBe(0);
  expect(await unacknowledged()).toBe(0);
}, 60_000);

test("one event that cannot be handled does not hold up the next", async () => {
  await queues.redis.xadd(stream.key, "*", "id", "e0", "event", "no JSON");
  await emit("e1");
  const member = startMember("a");
  await expect.poll(() => member.lines().at(-1), WAIT).toBe(lineOf("e1"));
  expect(await member.stop()).toBe(0);
  expect(await unacknowledged()).toBe(1);
}, 60_000);
