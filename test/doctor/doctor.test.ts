/** `bounced doctor` as a person runs it, beside a running service, with things that are really wrong. */
import { once } from "node:events";
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, writeFileSync, writeSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { Finding } from "../../src/doctor/check.ts";
import { openResolver, runChecks } from "../../src/doctor/run.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { startDnsServer, type DnsServer } from "../support/dns-server.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { runBounced } from "../support/run-bounced.ts";
import { startTestService, type TestService } from "../support/service.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const SECRET = "0123456789abcdef0123456789abcdef";
let redis: TestRedis;
let service: TestService;
let names: DnsServer;
let environment: Record<string, string>;
beforeAll(async () => {
  redis = await startTestRedis();
  const settings = { REDIS_URL: redis.url, BOUNCED_SECRET: SECRET };
  service = await startTestService(settings, "smtp,worker,record,http");
  names = await startDnsServer({
    "bounces.example.com MX": ["10 mx.example.com"],
    "bounces.example.com TXT": ["v=spf1 ip4:192.0.2.10 -all"],
    "mx.example.com A": ["127.0.0.9"],
    "9.0.0.127.in-addr.arpa PTR": ["mx.example.com"],
  });
  environment = {
    ...settings,
    BOUNCED_DATA_DIR: service.dataDir,
    BOUNCED_DOMAINS: "bounces.example.com",
    BOUNCED_SMTP_PORT: String(service.smtpPort),
    BOUNCED_HTTP_PORT: /pages on http:\/\/[^:]+:(\d+)/.exec(service.output())?.[1] ?? "",
    BOUNCED_PROVISION: "0",
  };
});
afterAll(async () => {
  await service.stop();
  await redis.stop();
  await names.stop();
});

/** What the command does, without a process for each question. */
async function doctor(changes: Record<string, string> = {}): Promise<Readonly<Record<string, string>>> {
  const findings = await runChecks(loadConfig({ ...environment, ...changes }), {
    resolver: openResolver(names.address),
  });
  for (const { id, state, todo } of findings) expect(todo !== null, id).toBe(state === "warn" || state === "fail");
  return Object.fromEntries(findings.map(({ id, state }) => [id, state]));
}

/** A bounced.yaml for one run. */
const withFile = (text: string): Record<string, string> => {
  const path = join(mkdtempSync(join(tmpdir(), "bounced-doctor-")), "bounced.yaml");
  writeFileSync(path, text);
  return { BOUNCED_CONFIG: path };
};

test("a service that runs: everything that is in order is seen to be", async () => {
  expect(await doctor()).toMatchObject({
    redis: "ok",
    "redis-persistence": "ok",
    queues: "ok",
    store: "ok",
    "smtp-listener": "ok",
    "smtp-domains": "ok",
    "signed-return-path": "ok",
    starttls: "ok",
    "mx bounces.example.com": "ok",
    "spf bounces.example.com": "ok",
    "ptr 127.0.0.9": "ok",
    "return-path-keys": "ok",
    rules: "ok",
    tokens: "ok",
    http: "ok",
  });
});

test("for a person: one line each, what to do under it, a sum at the end; exit code 1 where a check failed", async () => {
  const env = { ...environment, BOUNCED_SECRET: SECRET.replaceAll("0", "9"), BOUNCED_RULES: "/nowhere.yaml" };
  const { code, stdout } = await runBounced(["doctor", "--dns", names.address], { env });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ok {4}redis: Redis /m);
  expect(stdout).toMatch(/^FAIL {2}signed-return-path: .*550 5\.1\.1.*\n {6}→ give the listener/m);
  expect(stdout).toMatch(/^FAIL {2}rules: .*\/nowhere\.yaml/m);
  expect(stdout).toMatch(/\n\n\d+ failed, \d+ warnings?, \d+ passed\.\n$/);
});

test("a listener with other domains than the settings say", async () => {
  expect(await doctor({ BOUNCED_DOMAINS: "bounces.example.com,other.example.com" })).toMatchObject({
    "smtp-domains": "fail",
    "mx other.example.com": "fail",
  });
});

test("settings that cannot be read are a finding, also as JSON", async () => {
  const { code, stdout } = await runBounced(["doctor", "--json"], { env: { BOUNCED_SMTP_PORT: "many" } });
  expect([code, (JSON.parse(stdout) as Finding).id]).toEqual([1, "settings"]);
});

test("a log that cannot be read, and a database that is away", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-doctor-"));
  const fresh = await doctor({ BOUNCED_DATA_DIR: dataDir });
  expect(fresh["store"]).toBe("skip");
  expect(existsSync(join(dataDir, "log.sqlite"))).toBe(false);
  writeFileSync(join(dataDir, "log.sqlite"), "this is no database".repeat(100));
  expect((await doctor({ BOUNCED_DATA_DIR: dataDir }))["store"]).toBe("fail");
  expect((await doctor({ DATABASE_URL: "postgres://127.0.0.1:1/none" }))["store"]).toBe("fail");
  const damaged = mkdtempSync(join(tmpdir(), "bounced-doctor-"));
  const made = new DatabaseSync(join(damaged, "log.sqlite"));
  made.exec("create table suppressions (value text); create table filler (text text)");
  for (let n = 0; n < 500; n++) made.prepare("insert into filler values (?)").run("x".repeat(200));
  made.prepare("insert into suppressions values (?)").run(`hmac:00000000:${"0".repeat(64)}`);
  made.close();
  const sound = await doctor({ BOUNCED_DATA_DIR: damaged });
  expect([sound["store"], sound["bans"]]).toEqual(["ok", "warn"]);
  const file = openSync(join(damaged, "log.sqlite"), "r+");
  writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, 10 * 4096);
  closeSync(file);
  expect((await doctor({ BOUNCED_DATA_DIR: damaged }))["store"]).toBe("fail");
});

test("tokens: none yet, good, readable by others, damaged", async () => {
  expect((await doctor({ BOUNCED_HTTP_HOST: "0.0.0.0" }))["tokens"]).toBe("ok");
  const path = join(mkdtempSync(join(tmpdir(), "bounced-doctor-")), "tokens.json");
  await runBounced(["token", "create", "--name", "me", "--role", "admin"], {
    env: { ...environment, BOUNCED_API_TOKENS: path },
  });
  expect((await doctor({ BOUNCED_API_TOKENS: path }))["tokens"]).toBe("ok");
  chmodSync(path, 0o644);
  expect((await doctor({ BOUNCED_API_TOKENS: path }))["tokens"]).toBe("warn");
  writeFileSync(path, "{");
  expect((await doctor({ BOUNCED_API_TOKENS: path }))["tokens"]).toBe("fail");
});

test("webhooks are connected to, and nothing is sent", async () => {
  let octets = 0;
  const endpoint = createServer((socket) => {
    socket.on("data", (chunk) => (octets += chunk.length)).on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(endpoint, "listening");
  const { port } = endpoint.address() as AddressInfo;
  const config = withFile(
    `webhooks:
  - { id: here, url: "http://127.0.0.1:${port}/hook", allowPrivate: true, secret: a-secret-for-tests }
  - { id: gone, url: "http://127.0.0.1:1/hook", allowPrivate: true, secret: a-secret-for-tests }
  - { id: inside, url: "https://127.0.0.1:${port}/hook", secret: a-secret-for-tests }
`,
  );
  const states = await doctor(config);
  endpoint.close();
  expect(states).toMatchObject({ "webhook here": "ok", "webhook gone": "fail", "webhook inside": "fail" });
  expect(octets).toBe(0);
});

test("quarantine and late mail", async () => {
  const prefix = "late";
  const queues = openQueues({ redisUrl: redis.url, prefix });
  await queues.get("intake").add("message", {} as never, { timestamp: Date.now() - 3_600_000, jobId: "m1" });
  const failed = await queues.get("intake").add("message", {} as never, { jobId: "m2" });
  await queues.redis.lrem(`${prefix}:intake:wait`, 1, "m2");
  await queues.redis.zadd(`${prefix}:intake:failed`, Date.now(), failed.id ?? "");
  const states = await doctor({ BOUNCED_PREFIX: prefix });
  await queues.close();
  expect(states).toMatchObject({ quarantine: "fail", "queue intake": "fail" });
});
