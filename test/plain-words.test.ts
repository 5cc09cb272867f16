/** Errors of the system in our words: the setting, its value, the next step. */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { z } from "zod";
import { loadConfig } from "../src/config/config.ts";
import { configFileSchema } from "../src/config/config-file.ts";
import { issueWords } from "../src/config/issue-words.ts";
import { inPlainWords } from "../src/config/plain-words.ts";
import { openStore } from "../src/store/store.ts";

const settings = (more: Record<string, string> = {}) => loadConfig({ BOUNCED_DATA_DIR: "/srv/bounced", ...more });

test("a port that is taken names its setting", async () => {
  const first = createServer().listen(0, "127.0.0.1");
  await once(first, "listening");
  const { port } = first.address() as AddressInfo;
  const second = createServer().listen(port, "127.0.0.1");
  const [error] = (await once(second, "error")) as [Error];
  first.close();
  for (const name of ["BOUNCED_SMTP_PORT", "BOUNCED_HTTP_PORT", "BOUNCED_LMTP_PORT"])
    expect(inPlainWords(error, settings({ [name]: String(port) }))).toMatch(
      new RegExp(`^${name}=${port}: another program already listens on 127\\.0\\.0\\.1:${port}\\. .*set ${name}`),
    );
});

test("a database that does not answer is called PostgreSQL, without its password", async () => {
  const config = settings({ DATABASE_URL: "postgres://me:hunter2@127.0.0.1:1/none" });
  const error: unknown = await openStore(config).catch((thrown: unknown) => thrown);
  const words = inPlainWords(error, config);
  expect(words).toContain("DATABASE_URL=postgres://***@127.0.0.1:1/none: PostgreSQL does not answer");
  expect(words).not.toContain("hunter2");
});

test.each([
  [
    { code: "ECONNREFUSED", syscall: "connect", address: "127.0.0.1", port: 6379 },
    /^REDIS_URL=.*Redis does not answer: nothing listens there/,
  ],
  [
    { code: "EACCES", syscall: "mkdir", path: "/srv/bounced/redis" },
    /^BOUNCED_DATA_DIR=\/srv\/bounced: this user may not write there\. Set it/,
  ],
  [
    { code: "EACCES", syscall: "listen", address: "::1", port: 25 },
    /^BOUNCED_SMTP_PORT=25: this user may not listen on \[::1\]:25/,
  ],
  [{ code: "3D000" }, null],
])("%j", (facts, expected) => {
  const error = Object.assign(new Error("as the system says"), facts);
  const words = inPlainWords(error, settings({ REDIS_URL: "redis://127.0.0.1:6379", BOUNCED_SMTP_PORT: "25" }));
  if (expected === null) expect(words).toBeNull();
  else expect(words).toMatch(expected);
});

test.each([
  ["redis-sentinel://127.0.0.1:26380,127.0.0.1,127.0.0.2:26381/mymaster", 26379, true],
  ["redis-sentinel://127.0.0.1:26380,127.0.0.1:26381/mymaster", 6379, false],
  ["rediss-cluster://me:secret@127.0.0.1:7001,[::1]:7002", 7002, true],
  ["redis://127.0.0.1/3", 6379, true],
  ["unix:/run/redis.sock", 6379, false],
])("%s: port %i is one of its own: %s", (url, port, isOwn) => {
  const facts = { code: "ECONNREFUSED", syscall: "connect", address: "127.0.0.1", port };
  const words = inPlainWords(Object.assign(new Error("connect"), facts), settings({ REDIS_URL: url }));
  expect(words?.includes("Redis does not answer") ?? false).toBe(isOwn);
  expect(words ?? "").not.toContain("secret");
});

const wordsOf = (schema: z.ZodType, value: unknown): string[] => {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map((issue) => issueWords(issue, schema));
};

test("keys of bounced.yaml that are mistyped, at any depth", () => {
  expect(wordsOf(configFileSchema, { webhook: [] })[0]).toContain("(did you mean webhooks?)");
  expect(wordsOf(configFileSchema, { returnPath: { prefx: "b" } })[0]).toContain("(did you mean prefix?)");
  expect(wordsOf(configFileSchema, { routes: [{ whne: {}, to: "x" }] })[0]).toContain("(did you mean when?)");
});

test("no words of a library", () => {
  const schema = z.strictObject({
    day: z.number().int().max(31),
    kind: z.enum(["a", "b"]),
    tags: z.array(z.string()).min(1),
  });
  for (const value of [{ day: "x", kind: "c", tags: [] }, { day: 32.5 }, { day: 40, kind: 1, tags: [1] }])
    for (const words of wordsOf(schema, value)) expect(words).toMatch(/^expected (?!number)/);
});
