import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { mailboxRole } from "../../workers/mailbox.ts";
import { startTestDovecot, type TestDovecot } from "../support/dovecot.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

let server: TestRedis;
let queues: Queues;
let dovecot: TestDovecot;
const folder = mkdtempSync(join(tmpdir(), "bounced-mailbox-role-"));

beforeAll(async () => {
  server = await startTestRedis();
  queues = openQueues({ redisUrl: server.url, prefix: "bounced" });
  dovecot = await startTestDovecot();
});
afterAll(async () => {
  await dovecot.stop();
  await queues.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (yaml: string) => {
  writeFileSync(join(folder, "bounced.yaml"), yaml);
  const config = loadConfig({ BOUNCED_DATA_DIR: folder, BOUNCED_CONFIG: join(folder, "bounced.yaml") });
  const processes = { states: async () => [], metrics: async () => [] };
  return mailboxRole({ config, logger: createLogger("silent"), redisUrl: server.url, queues, processes });
};

test("what comes to the mailbox waits on the intake queue, with the envelope of its header", async () => {
  dovecot.deliver("ann", "Return-Path: <>\nDelivered-To: b+x@b.example\nSubject: back\n\nno such user\n");
  const role = await start(`mailboxes:
  - host: localhost
    port: ${dovecot.tlsPort}
    caFile: ${dovecot.caFile}
    user: ann
    password: ${dovecot.password}
    after: delete
`);
  expect(role.notes).toEqual(["mailbox of ann on localhost, INBOX"]);
  await vi.waitFor(async () => expect(await queues.get("intake").getWaitingCount()).toBe(1), 20_000);
  await vi.waitFor(() => expect(dovecot.messages("ann")).toEqual([]), 20_000);
  await role.stop();
  const [job] = await queues.get("intake").getWaiting();
  expect(job?.data.messages).toMatchObject([{ reversePath: "", forwardPaths: ["b+x@b.example"], truncated: false }]);
});

test("without mailboxes there is nothing to do", async () => {
  const role = await start("mailboxes: []\n");
  expect(role.notes).toEqual([]);
  await role.stop();
});
