/** `bounced serve` as most people run it: every role, in several processes. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { freePort } from "../support/free-port.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openTransaction } from "../support/smtp-client.ts";
import { runBounced } from "../support/run-bounced.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function start(environment: Readonly<Record<string, string>> = {}): Promise<TestService> {
  const service = await startTestService(environment, null);
  cleanUps.push(() => service.process.exitCode === null && service.stop());
  return service;
}

async function send(port: number, subject: string): Promise<string> {
  const client = await openTransaction(port);
  await client.command("DATA");
  const reply = await client.data(`Subject: ${subject}\r\n\r\ntext`);
  client.close();
  return reply;
}

const ask = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
};
const pidOf = (service: TestService, name: string): number =>
  Number(new RegExp(`processes: .*\\b${name} (\\d+)`).exec(service.output())?.[1]);
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};
const NAMES = ["smtp", "worker", "outputs", "http"] as const;
const patiently = { timeout: 60_000, interval: 100 };

/** Subjects in the log, as the API gives them. */
const logged = async (service: TestService): Promise<readonly (string | null)[]> => {
  const { text } = await ask(`${service.httpUrl}/v1/events?limit=100`);
  const { events } = JSON.parse(text) as { events: { message: { subject: string | null } }[] };
  return events.map(({ message }) => message.subject);
};

describe("one service", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({}, null);
  });
  afterAll(() => service.process.exitCode === null && service.stop());

  test("a process that is killed is started again; the others go on, and one scrape tells of all", async () => {
    for (const name of NAMES) expect(isRunning(pidOf(service, name)), name).toBe(true);
    process.kill(pidOf(service, "worker"), "SIGKILL");
    expect(await send(service.smtpPort, "while the worker is away")).toContain("250 2.6.0");
    await expect.poll(() => logged(service), patiently).toEqual(["while the worker is away"]);
    expect(service.output()).toMatch(/"process":"worker".*"why":"ended by SIGKILL".*it is restarted/);
    await expect.poll(async () => (await ask(`${service.httpUrl}/readyz`)).status, patiently).toBe(200);

    const ready = JSON.parse((await ask(`${service.httpUrl}/readyz`)).text) as { parts: { name: string }[] };
    expect(ready.parts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["redis", "store", ...NAMES.map((name) => `process ${name}`)]),
    );
    const health = JSON.parse((await ask(`${service.httpUrl}/healthz`)).text) as { processes: unknown };
    expect(health.processes).toEqual(NAMES.map((name) => ({ name, state: "running" })));

    const metrics = (await ask(`${service.httpUrl}/metrics`)).text;
    expect(metrics).toContain("bounced_messages_accepted_total 1");
    expect(metrics).toContain('bounced_events_recorded_total{outcome="new"} 1');
    expect(metrics).toContain('bounced_process_restarts{process="worker"} 1');
    for (const name of NAMES) {
      expect(metrics).toContain(`bounced_process_up{process="${name}"} 1`);
      expect(metrics).toMatch(new RegExp(`bounced_process_resident_memory_bytes\\{process="${name}"\\} \\d{7}`));
    }
  });

  test("a process that is stuck is told from the others, and takes no scrape with it", async () => {
    // Not the one of the banner: that was killed above.
    const well = /"name":"process worker","ok":true,"stops":\[\],"found":"pid (\d+)/;
    await expect.poll(async () => (await ask(`${service.httpUrl}/readyz`)).text, patiently).toMatch(well);
    const worker = Number(well.exec((await ask(`${service.httpUrl}/readyz`)).text)?.[1]);
    expect(worker).toBeGreaterThan(1);
    process.kill(worker, "SIGSTOP");
    const stuck = /"name":"process worker","ok":false,"stops":\[\],"found":"pid \d+ does not answer/;
    await expect.poll(async () => (await ask(`${service.httpUrl}/readyz`)).text, patiently).toMatch(stuck);
    for (const path of ["/readyz", "/readyz", "/metrics"])
      expect((await ask(`${service.httpUrl}${path}`)).status, path).toBe(200);
    expect((await ask(`${service.httpUrl}/metrics`)).text).toContain('bounced_process_up{process="worker"} 0');
    process.kill(worker, "SIGCONT");
    await expect.poll(async () => (await ask(`${service.httpUrl}/readyz`)).text, patiently).not.toMatch(stuck);
  });

  test("a process that ends again and again shows in readyz and the log, and comes back once its cause is gone", async () => {
    const log = join(service.dataDir, "log.sqlite");
    renameSync(log, `${log}.away`);
    for (const rest of ["-wal", "-shm"]) rmSync(`${log}${rest}`, { force: true });
    mkdirSync(log);
    process.kill(pidOf(service, "outputs"), "SIGKILL");
    await expect
      .poll(() => service.output(), patiently)
      .toMatch(/"process":"outputs".*"inARow":5.*a process keeps exiting; .* no restart is needed/);
    const { status, text } = await ask(`${service.httpUrl}/readyz`);
    // Mail is taken and waits: nothing needs to go elsewhere.
    expect([status, text]).toEqual([200, expect.stringContaining('"status":"degraded"')]);
    expect(text).toMatch(/"name":"process outputs","ok":false,"stops":\[\],"found":"[^"]*unable to open database file/);
    expect(await send(service.smtpPort, "meanwhile")).toContain("250 2.6.0");
    rmdirSync(log);
    renameSync(`${log}.away`, log);
    await expect.poll(async () => (await ask(`${service.httpUrl}/readyz`)).text, patiently).not.toContain('"ok":false');
  });

  test("SIGTERM: what is in transfer is finished, no process is left, and the exit code is 0", async () => {
    const client = await openTransaction(service.smtpPort);
    await client.command("DATA");
    const stopping = service.stop();
    await expect.poll(() => service.output(), patiently).toContain("SIGTERM: finishing the work in progress");
    expect(await client.data("Subject: in transfer\r\n\r\ntext")).toContain("250 2.6.0");
    expect(await stopping).toBe(0);
    expect(service.output()).toContain("Stopped.");
    for (const name of NAMES) expect(isRunning(pidOf(service, name)), name).toBe(false);
  });
});

test("a second signal ends everything at once", async () => {
  const service = await start();
  const client = await openTransaction(service.smtpPort);
  await client.command("DATA");
  const exited = once(service.process, "exit");
  service.process.kill("SIGTERM");
  await expect.poll(() => service.output(), patiently).toContain("SIGTERM: finishing the work in progress");
  service.process.kill("SIGTERM");
  expect(await exited).toEqual([143, null]);
  for (const name of NAMES) await expect.poll(() => isRunning(pidOf(service, name)), patiently).toBe(false);
  client.close();
});

test("processes whose supervisor was killed end in good order, and the next start takes over", async () => {
  const first = await start({
    BOUNCED_SMTP_PORT: String(await freePort()),
    BOUNCED_HTTP_PORT: String(await freePort()),
  });
  const client = await openTransaction(first.smtpPort);
  await client.command("DATA");
  await first.kill();
  const waits = Promise.withResolvers<void>();
  const starting = startTestService(
    {
      BOUNCED_DATA_DIR: first.dataDir,
      BOUNCED_SMTP_PORT: String(first.smtpPort),
      BOUNCED_HTTP_PORT: new URL(first.httpUrl).port,
    },
    null,
    (all) => all.includes("waiting for the processes of a killed bounced to finish") && waits.resolve(),
  );
  await expect.poll(() => first.output(), patiently).toContain("the supervisor exited");
  await waits.promise;
  expect(await client.data("Subject: of the first\r\n\r\ntext")).toContain("250 2.6.0");
  const second = await starting;
  for (const name of NAMES) expect(isRunning(pidOf(first, name)), name).toBe(false);
  await expect.poll(() => logged(second), patiently).toEqual(["of the first"]);
  expect(await second.stop()).toBe(0);
  rmSync(first.dataDir, { recursive: true, force: true });
});

test("what cannot start ends the service with its reason, and leaves nothing behind", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-taken-"));
  const { code, stdout, stderr } = await runBounced(["serve"], {
    env: {
      BOUNCED_DATA_DIR: dataDir,
      BOUNCED_SMTP_PORT: "0",
      BOUNCED_HTTP_PORT: String(port),
      BOUNCED_LOG_LEVEL: "silent",
    },
  });
  taken.close();
  rmSync(dataDir, { recursive: true });
  expect(code).toBe(1);
  expect(stderr).toContain(`BOUNCED_HTTP_PORT=${port}: another program already listens`);
  expect(stdout).not.toContain("is running");
});
