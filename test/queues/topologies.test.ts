/** The service on Redis as big installations run it: a failover under load, TLS, a user with few rights. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { expect, test, vi } from "vitest";
import { loadThroughFailover, PAUSE_MS } from "../../bench/faults/failover.ts";
import { recipientsOf, startInjector } from "../../bench/faults/injector.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { askServerOf, connectRedis } from "../../src/redis/client.ts";
import { startCluster, startPlainServer, startWithSentinels } from "../support/redis-topology.ts";
import { startTestService } from "../support/service.ts";

vi.setConfig({ testTimeout: 480_000 });

/** As docs/operating.md says. */
const RIGHTS = /^user bounced on >password (.*)$/m.exec(readFileSync("docs/operating.md", "utf8"))?.[1] ?? "";

const NOTHING = { queues: [], stream: [], log: [] };

test.each([
  ["Sentinels", startWithSentinels],
  ["a cluster, all keys in one slot", startCluster],
])("%s: a primary killed under load loses nothing that a replica had confirmed", async (_, start) => {
  const redis = await start();
  const { missing, intake, said } = await loadThroughFailover(redis, redis.killPrimary);
  expect(missing, `intake: ${JSON.stringify(intake)}; ${said}`).toEqual(NOTHING);
});

// A primary that was paused takes what waits in its socket, answers OK, and drops it when it learns of its successor.
test.each([
  ["Sentinels", startWithSentinels],
  ["a cluster", startCluster],
])("%s: primaries paused through a failover under load lose no event", async (_, start) => {
  const redis = await start();
  const { missing, intake, said } = await loadThroughFailover(redis, () => redis.pausePrimary(PAUSE_MS));
  expect(missing, `intake: ${JSON.stringify(intake)}; ${said}`).toEqual(NOTHING);
});

test("after a failover of a cluster the new primary is asked, by a connection that only asks", async () => {
  const redis = await startCluster();
  const client = connectRedis(redis.url, "accept");
  await new Promise((resolve) => void client.once("ready", resolve));
  const isPrimary = async (): Promise<boolean> => {
    const [info] = await askServerOf(client, "{bounced}:intake:meta", [["INFO", "replication"]]);
    return String(info).includes("role:master");
  };
  expect(await isPrimary()).toBe(true);
  await redis.pausePrimary(PAUSE_MS);
  await expect.poll(() => isPrimary().catch(() => false), { timeout: 20_000 }).toBe(true);
  client.disconnect();
  await redis.stop();
});

test("TLS with an authority of one's own, a client certificate, and a user who may do only what bounced needs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-tls-"));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const paths = { cert: file("cert.pem", cert), key: file("key.pem", key) };
  const acl = file("users.acl", `user default off\nuser bounced on >secret ${RIGHTS}\n`);
  const redis = await startPlainServer((port) =>
    [
      `--port 0 --tls-port ${port} --tls-cert-file ${paths.cert} --tls-key-file ${paths.key}`,
      `--tls-ca-cert-file ${paths.cert} --tls-auth-clients yes --aclfile ${acl}`,
    ].flatMap((line) => line.split(" ")),
  );
  const url = `rediss://bounced:secret@127.0.0.1:${redis.port}?ca=${paths.cert}&cert=${paths.cert}&key=${paths.key}`;
  const service = await startTestService({ REDIS_URL: url });
  expect(service.output()).not.toContain("WARNING");
  expect(service.output()).toContain(`queues in rediss://127.0.0.1:${redis.port}\n`);
  expect(service.output()).not.toContain("secret");
  const injector = startInjector({
    port: () => service.smtpPort,
    prefix: "t",
    connections: 1,
    ledger: join(folder, "l"),
  });
  await expect.poll(() => injector.acked.size, { timeout: 30_000 }).toBeGreaterThan(3);
  await injector.finish();
  const queues = openQueues({ redisUrl: url, prefix: "bounced" });
  const recipients = [...injector.acked].flatMap(recipientsOf).length;
  await expect.poll(() => queues.get("bounce-unproven").getWaitingCount(), { timeout: 30_000 }).toBe(recipients);
  await queues.close();
  expect(await service.stop()).toBe(0);
  await redis.stop();
  rmSync(folder, { recursive: true });
});
