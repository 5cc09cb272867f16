/** The service's own log over a full run with every kind of trouble: a line for each message, and nothing about persons. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { EVERY_EVENT } from "../support/every-event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openTransaction } from "../support/smtp-client.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** In every place where a mail or a caller can say something. */
const MARK = "xq7marta";
const MESSAGES = 20;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

const bounce = (i: number): string =>
  readFileSync("fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml", "latin1")
    .trimEnd()
    .replaceAll(/[\w.-]+@bigmail\.test/g, `${MARK}${i}@bigmail.test`)
    .replaceAll(/^(Subject: ).*$/gm, `$1${MARK} ${i}`)
    .replaceAll("no-such", MARK)
    .replaceAll(/\r?\n/g, "\r\n");

async function run(level: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-log-"));
  writeFileSync(
    join(folder, "bounced.yaml"),
    `webhooks: [{ id: down, url: "http://127.0.0.1:1/${MARK}", allowPrivate: true, secret: ${MARK}-a-secret-for-tests, ${EVERY_EVENT} }]
forward: { to: ["${MARK}@example.com"], from: "${MARK}@example.com", relay: "smtp://127.0.0.1:1", filter: { kind: bounce, authenticity: [unproven] } }
`,
  );
  const service: TestService = await startTestService(
    {
      REDIS_URL: redis.url,
      BOUNCED_DATA_DIR: folder,
      BOUNCED_CONFIG: join(folder, "bounced.yaml"),
      BOUNCED_PREFIX: level,
      BOUNCED_LOG_LEVEL: level,
      BOUNCED_SECRET: `${MARK}-a-key-for-tests-of-the-log-only`,
    },
    "smtp,worker,record,webhook,forward,http",
  );
  const url = /pages on (http:\/\/\S+)/.exec(service.output())?.[1] ?? "";
  for (let i = 0; i < MESSAGES; i++) {
    const client = await openTransaction(service.smtpPort, `${MARK}@bounces.example.com`);
    await client.command(`RCPT TO:<${MARK}@elsewhere.example>`);
    await client.command("DATA");
    expect(await client.data(bounce(i))).toMatch(/^250/);
    await client.command(`${MARK} nonsense`);
    client.close();
  }
  for (const path of [`/v1/suppressions/${MARK}@example.org`, `/v1/events?recipient=${MARK}&limit=x`, `/${MARK}`])
    await fetch(url + path, { headers: { referer: `http://${MARK}.example/` } });
  // Long enough for a webhook and a forward to fail, and not for lines to be written one by one.
  await expect
    .poll(async () => (await (await fetch(`${url}/metrics`)).text()).includes(`outcome="failed"} `), {
      timeout: 60_000,
    })
    .toBe(true);
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
  return service.output();
}

/** What is JSON; the banner is not. */
const linesOf = (output: string) =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("info: one line for each message, every one whole and written before the end, none of them about a person", async () => {
  const output = await run("info");
  const messages = linesOf(output).filter(({ msg }) => msg === "message");
  expect(messages).toHaveLength(MESSAGES);
  expect(messages[0]).toMatchObject({
    id: expect.stringMatching(/^m[0-9a-f]{31}$/),
    format: "rfc3464",
    events: 1,
    verdicts: ["bounce hard mailbox_unknown google"],
  });
  // The banner, indented, names what the operator himself has set.
  expect(output.split("\n").filter((line) => line.includes(MARK) && !line.startsWith("  "))).toEqual([]);
});

test("debug tells addresses", async () => {
  const messages = linesOf(await run("debug")).filter(({ msg }) => msg === "message");
  expect(messages).toHaveLength(MESSAGES);
  expect(JSON.stringify(messages)).toContain(`${MARK}1@bigmail.test`);
});
