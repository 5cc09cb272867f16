/** The pipes of docs/ways-in.md in the real servers, configured with the very text of that page. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { openQueues } from "../../src/queues/queues.ts";
import { blockOf } from "../support/docs.ts";
import { waitingMessages } from "../support/intake.ts";
import { startExim } from "../support/mail-servers/exim.ts";
import { provideProgram, provideRoot } from "../support/mail-servers/provide.ts";
import type { MailServer } from "../support/mail-servers/server.ts";
import { startPostfix } from "../support/postfix.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { runBounced } from "../support/run-bounced.ts";
import { connectSmtp } from "../support/smtp-client.ts";

const PAGE = "ways-in.md";
const TO = "b+user=example.org@bounces.example.com";
const NO_SERVICE = 75;
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let redis: TestRedis;
let dataDir: string;
let runner: Server;
let prefix = "";
let isRedisKnown = true;
/** Exit codes that the server was given, in turn. */
let codes: (number | null)[] = [];
let server: MailServer;

/** The servers start a command as a user without rights, Exim in a root of its own: it asks this one to do the work. */
beforeAll(async () => {
  redis = await startTestRedis();
  dataDir = mkdtempSync(join(tmpdir(), "bounced-pipes-"));
  runner = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const words = String(request.headers["x-words"]).split(" ");
      const known = { REDIS_URL: isRedisKnown ? redis.url : "redis://127.0.0.1:1", BOUNCED_PREFIX: prefix };
      void runBounced(words, { env: { ...known, BOUNCED_DATA_DIR: dataDir }, stdin: Buffer.concat(parts) }).then(
        ({ code }) => {
          codes.push(code);
          response.end(String(code));
        },
      );
    });
  }).listen(0, "127.0.0.1");
  await once(runner, "listening");
});
afterEach(() => server.stop());
afterAll(async () => {
  runner.close();
  await redis.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function writeCommand(path: string): void {
  const { port } = runner.address() as AddressInfo;
  const ask = `curl -s --data-binary @- -H "content-type: message/rfc822" -H "x-words: $*" http://127.0.0.1:${port}/`;
  writeFileSync(path, `#!/bin/sh\nexit "$(${ask})"\n`);
  chmodSync(path, 0o755);
}

async function bounceTo({ port }: MailServer): Promise<void> {
  const client = await connectSmtp(port);
  await client.reply();
  for (const line of ["EHLO mx.example", "MAIL FROM:<>", `RCPT TO:<${TO}>`])
    expect(await client.command(line)).toMatch(/^250/);
  await client.command("DATA");
  expect(await client.data("From: MAILER-DAEMON@mx.example\r\nSubject: Returned mail\r\n\r\nno such user\r\n")).toMatch(
    /^250/,
  );
  client.close();
}

const ran = (count: number): Promise<void> =>
  vi.waitFor(() => expect(codes.length).toBeGreaterThanOrEqual(count), { timeout: 100_000, interval: 200 });

/** What waits on the queue after one message, and that a message for which there is no Redis is kept by the server. */
async function provePipe(name: string, isKept: () => void): Promise<void> {
  prefix = name;
  codes = [];
  isRedisKnown = true;
  await bounceTo(server);
  await ran(1);
  expect(codes).toEqual([0]);
  const queues = openQueues({ redisUrl: redis.url, prefix });
  const waiting = await waitingMessages(queues);
  await queues.close();
  expect(waiting).toMatchObject([{ reversePath: "", forwardPaths: [TO] }]);
  isRedisKnown = false;
  await bounceTo(server);
  await ran(2);
  expect(codes).toEqual([0, NO_SERVICE]);
  await vi.waitFor(isKept, { timeout: 30_000, interval: 200 });
}

test("Postfix", async () => {
  const command = join(dataDir, "bounced");
  chmodSync(dataDir, 0o755);
  writeCommand(command);
  const service = blockOf(PAGE, "Pipes", "master.cf").replace("/usr/local/bin/bounced", command);
  const postfix = await startPostfix({
    relayPort: 1,
    mainCf: blockOf(PAGE, "Pipes", "postfix"),
    masterCf: service.replace("user=bounced", "user=nobody"),
  });
  server = postfix;
  await provePipe("postfix", () => expect(postfix.log()).toMatch(/relay=bounced.*status=deferred/));
});

test("Exim", async () => {
  const root = provideRoot("exim");
  for (const program of ["/bin/sh", "/usr/bin/curl"]) provideProgram(program, root);
  mkdirSync(join(root, "usr/local/bin"), { recursive: true });
  writeCommand(join(root, "usr/local/bin/bounced"));
  const log = (): string => readFileSync(join(root, "log/mainlog"), "utf8");
  server = await startExim({
    remotePort: 1,
    routers: blockOf(PAGE, "Pipes", "exim-routers"),
    transports: blockOf(PAGE, "Pipes", "exim-transports").replace("user = bounced", "user = nobody"),
  });
  await provePipe("exim", () => expect(log()).toMatch(/== b\+user=example\.org@bounces\.example\.com .* defer/));
});
