/** What a start and a SIGHUP do when something is wrong: mail is taken all the same. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { startTestRedis } from "../support/redis.ts";
import { startBounced } from "../support/run-bounced.ts";
import { startTestService } from "../support/service.ts";

const patiently = { timeout: 25_000, interval: 200 };

async function greetingOf(port: number): Promise<string> {
  const socket = createConnection(port, "127.0.0.1");
  const [chunk] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return chunk.toString("latin1").slice(0, 3);
}

test("the listener starts without the log; SIGHUP reads the certificate again and ends nothing", async () => {
  const redis = await startTestRedis();
  const folder = mkdtempSync(join(tmpdir(), "bounced-reload-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  for (const path of [cert, key]) writeFileSync(path, "garbage");
  const service = await startTestService(
    {
      REDIS_URL: redis.url,
      DATABASE_URL: "postgres://127.0.0.1:1/none",
      BOUNCED_TLS_CERT: cert,
      BOUNCED_TLS_KEY: key,
      BOUNCED_SMTP_PORT: "0",
    },
    "smtp,http",
  );
  expect(await greetingOf(service.smtpPort)).toBe("220");
  expect(service.output()).toContain("BOUNCED_TLS_CERT and _KEY cannot be used");
  expect(service.output()).toContain("the role cannot run yet");
  service.process.kill("SIGHUP");
  await expect.poll(() => service.output(), patiently).toContain("SIGHUP: ");
  await expect.poll(() => service.output(), patiently).toContain("the listener keeps the previous certificate");
  expect(await greetingOf(service.smtpPort)).toBe("220");
  expect(await service.stop()).toBe(0);
  await redis.stop();
}, 120_000);

test("while the log cannot be opened mail is taken, and one SIGTERM stops the service in order", async () => {
  const redis = await startTestRedis();
  const [smtpPort, dataDir] = [await freePort(), mkdtempSync(join(tmpdir(), "bounced-waiting-"))];
  const running = startBounced(["serve"], {
    env: {
      REDIS_URL: redis.url,
      DATABASE_URL: "postgres://127.0.0.1:1/none",
      BOUNCED_DATA_DIR: dataDir,
      BOUNCED_SMTP_PORT: String(smtpPort),
      BOUNCED_HTTP_PORT: "0",
    },
  });
  const isTaking = (): Promise<string> => greetingOf(smtpPort).catch(() => "");
  await expect.poll(isTaking, { timeout: 60_000, interval: 500 }).toBe("220");
  running.child.kill("SIGTERM");
  const { code, stdout } = await running.done;
  expect([code, stdout]).toEqual([0, expect.stringContaining("Stopped.")]);
  await redis.stop();
}, 120_000);
