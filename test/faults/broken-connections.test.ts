/** Every connection that a role holds is broken, in use and idle: no process ends, and nothing is lost. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createReturnPath } from "../../src/client/return-path.ts";
import { dsnOfMany } from "../support/hostile-mail.ts";
import { startBreakingProxy, type BreakingProxy } from "../support/breaking-proxy.ts";
import { startTestDovecot, type TestDovecot } from "../support/dovecot.ts";
import { startRemoteSmtp, type RemoteSmtp } from "../support/remote-smtp.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { connectSmtp } from "../support/smtp-client.ts";
import { startPostgres, type TestPostgres } from "../store/postgres.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const SECRET = "0123456789abcdef0123456789abcdef";
const DOMAIN = "bounces.example.com";
/** Of them, the last comes through the mailbox. */
const MESSAGES = 24;
const ROUNDS = 4;

let folder: string;
let redis: TestRedis;
let postgres: TestPostgres;
let dovecot: TestDovecot;
let hook: Server;
let relay: RemoteSmtp;
let service: TestService;
const proxies: BreakingProxy[] = [];
const hooked = new Set<string>();
const noticed = new Set<string>();

const nameOf = (n: number): string => `user${n}@example.org`;
const findNames = (text: string, into: Set<string>): void => {
  for (const [name] of text.matchAll(/user\d+@example\.org/g)) into.add(name);
};
const pathOf = (n: number): string => createReturnPath({ domain: DOMAIN, recipient: nameOf(n), secrets: [SECRET] });
const messageOf = (n: number): string => dsnOfMany(1).replaceAll("user0@", `user${n}@`);
const proxied = async (to: number | string): Promise<number> => {
  const proxy = await startBreakingProxy(to);
  proxies.push(proxy);
  return proxy.port;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-broken-"));
  redis = await startTestRedis();
  postgres = startPostgres();
  dovecot = await startTestDovecot();
  hook = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("error", () => undefined);
    // Slow, so that requests are in use when they break.
    request.on("end", () => setTimeout(() => (findNames(body, hooked), response.end()), 100));
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  relay = await startRemoteSmtp({
    onData(stream, _session, done) {
      let text = "";
      stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
      stream.on("end", () => setTimeout(() => (findNames(text, noticed), done()), 100));
    },
  });
  const [, database = "", encoded = ""] = /@\/(\w+)\?host=(.+)$/.exec(postgres.createDatabase()) ?? [];
  const socket = join(decodeURIComponent(encoded), ".s.PGSQL.5432");
  const yaml = {
    webhooks: [
      {
        id: "crm",
        url: `http://127.0.0.1:${await proxied((hook.address() as AddressInfo).port)}/`,
        secret: SECRET,
        allowPrivate: true,
      },
    ],
    forward: {
      relay: `smtp://127.0.0.1:${await proxied(relay.port)}`,
      from: "bounced@example.com",
      to: ["desk@example.com"],
    },
    mailboxes: [
      {
        host: "localhost",
        port: await proxied(dovecot.tlsPort),
        caFile: dovecot.caFile,
        user: "ann",
        password: dovecot.password,
        after: "delete",
      },
    ],
  };
  writeFileSync(join(folder, "bounced.yaml"), JSON.stringify(yaml));
  service = await startTestService(
    {
      REDIS_URL: `redis://127.0.0.1:${await proxied(redis.url.replace(/^unix:(?:\/\/)?/, ""))}`,
      DATABASE_URL: `postgresql://postgres@127.0.0.1:${await proxied(socket)}/${database}`,
      BOUNCED_DATA_DIR: join(folder, "data"),
      BOUNCED_CONFIG: join(folder, "bounced.yaml"),
      BOUNCED_SECRET: SECRET,
    },
    null,
  );
});
afterAll(async () => {
  await service?.stop();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await relay.stop();
  hook.closeAllConnections();
  await new Promise<void>((resolve) => hook.close(() => resolve()));
  await dovecot.stop();
  postgres.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Until it is taken: a sending MTA does the same. */
async function send(n: number): Promise<void> {
  for (;;) {
    const reply = await attempt(n).catch(() => "");
    if (reply.startsWith("250")) return;
    await sleep(300);
  }
}

async function attempt(n: number): Promise<string> {
  const client = await connectSmtp(service.smtpPort);
  try {
    await client.reply();
    await client.command("EHLO mx.example.org");
    await client.command("MAIL FROM:<>");
    const reply = await client.command(`RCPT TO:<${pathOf(n)}>`);
    if (!reply.startsWith("250")) return reply;
    await client.command("DATA");
    return await client.data(messageOf(n));
  } finally {
    client.close();
  }
}

const processes = (): readonly string[] =>
  execFileSync("ps", ["-o", "pid=", "--ppid", String(service.process.pid)], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .sort();

test("no process ends, whatever breaks, and every event arrives everywhere", async () => {
  const count = async (): Promise<number> => {
    const answer = await fetch(`${service.httpUrl}/v1/stats/count`).catch(() => null);
    return answer?.ok ? ((await answer.json()) as { count: number }).count : -1;
  };
  await send(0);
  await expect.poll(() => hooked.size, { timeout: 60_000 }).toBe(1);
  const before = processes();
  expect(before.length).toBeGreaterThan(3);
  const sending = (async () => {
    for (let n = 1; n < MESSAGES - 1; n++) await send(n);
    dovecot.deliver("ann", `Return-Path: <>\nDelivered-To: ${pathOf(MESSAGES - 1)}\n${messageOf(MESSAGES - 1)}`);
  })();
  let broken = 0;
  for (let round = 0; round < ROUNDS; round++)
    for (const proxy of proxies) {
      // Pages and searches are in use too.
      void count();
      await sleep(250);
      broken += proxy.breakAll();
    }
  expect(broken).toBeGreaterThan(ROUNDS * proxies.length);
  await sending;
  const all = Array.from({ length: MESSAGES }, (_, n) => nameOf(n)).sort();
  await expect.poll(() => [...hooked].sort(), { timeout: 120_000 }).toEqual(all);
  await expect.poll(() => [...noticed].sort(), { timeout: 120_000 }).toEqual(all);
  await expect.poll(count, { timeout: 60_000 }).toBe(MESSAGES);
  expect(processes()).toEqual(before);
  expect(service.output()).not.toMatch(/ ended by |Unhandled|uncaught/i);
});
