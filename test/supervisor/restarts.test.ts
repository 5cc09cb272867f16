/** Processes that end, or are ended, while the service starts and when its settings change: the listener stays. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { startTestRedis } from "../support/redis.ts";
import { startBounced } from "../support/run-bounced.ts";
import { startTestService } from "../support/service.ts";
import { connectSmtp } from "../support/smtp-client.ts";

const patiently = { timeout: 90_000, interval: 100 };

/** Roles of each process of the service -> its pid. */
function processesOf(pid: number): ReadonlyMap<string, number> {
  const lines = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(pid)], { encoding: "utf8" }).split("\n");
  const found = lines.map((line) => /^\s*(\d+) .*role-process\.\w+ (\S+)/.exec(line)).filter((match) => match !== null);
  return new Map(found.map(([, id, roles]) => [roles ?? "", Number(id)]));
}

const greetingOf = async (port: number): Promise<string> => {
  const client = await connectSmtp(port);
  const greeting = await client.reply();
  client.close();
  return greeting.slice(0, 3);
};

test("a process that is killed while it starts is started again, and ends nothing", async () => {
  const redis = await startTestRedis();
  const port = await freePort();
  const running = startBounced(["serve"], {
    env: {
      REDIS_URL: redis.url,
      BOUNCED_DATA_DIR: mkdtempSync(join(tmpdir(), "bounced-killed-")),
      BOUNCED_SMTP_PORT: String(port),
      BOUNCED_HTTP_PORT: "0",
      BOUNCED_PROVISION: "0",
    },
  });
  let out = "";
  running.child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const pid = running.child.pid ?? 0;
  const starting = (): number | undefined => [...processesOf(pid)].find(([roles]) => !roles.includes("smtp"))?.[1];
  await expect.poll(() => greetingOf(port).catch(() => ""), patiently).toBe("220");
  await expect.poll(starting, patiently).toBeDefined();
  expect(out).not.toContain("data in ");
  process.kill(starting() ?? 0, "SIGKILL");
  expect(await greetingOf(port)).toBe("220");
  await expect.poll(() => out, patiently).toContain("data in ");
  expect(running.child.exitCode).toBeNull();
  running.child.kill("SIGTERM");
  expect((await running.done).code).toBe(0);
  await redis.stop();
}, 240_000);

test("changed settings restart all but the listener; a certificate that cannot be used is said everywhere", async () => {
  const redis = await startTestRedis();
  const folder = mkdtempSync(join(tmpdir(), "bounced-changed-"));
  const yaml = join(folder, "bounced.yaml");
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  for (const path of [cert, key]) writeFileSync(path, "garbage");
  writeFileSync(yaml, "bound: { days: 7 }\n");
  const service = await startTestService(
    { REDIS_URL: redis.url, BOUNCED_CONFIG: yaml, BOUNCED_TLS_CERT: cert, BOUNCED_TLS_KEY: key },
    null,
  );
  const read = async (path: string): Promise<string> => (await fetch(`${service.httpUrl}${path}`)).text();
  expect(JSON.parse(await read("/readyz"))).toMatchObject({
    status: "degraded",
    parts: expect.arrayContaining([expect.objectContaining({ name: "certificate", ok: false })]),
  });
  await expect.poll(() => read("/metrics"), patiently).toMatch(/bounced_tls_certificate_usable(?:\{[^}]*\})? 0/);
  const before = processesOf(service.process.pid ?? 0);
  writeFileSync(yaml, "bound: { days: 6 }\ncanary: { everySeconds: 20 }\n");
  service.process.kill("SIGHUP");
  await expect.poll(() => service.output(), patiently).toContain("the listener keeps the old values");
  const after = processesOf(service.process.pid ?? 0);
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  const same = [...after].filter(([roles, pid]) => before.get(roles) === pid).map(([roles]) => roles);
  expect(same).toEqual([expect.stringContaining("smtp")]);
  expect(await greetingOf(service.smtpPort)).toBe("220");
  expect(await service.stop()).toBe(0);
  await redis.stop();
}, 240_000);
