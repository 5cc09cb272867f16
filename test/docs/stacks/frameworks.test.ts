/** docs/stacks: the code of each page sends through its framework, and receives what bounced signs. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createBreaker } from "../../../src/outputs/breaker.ts";
import { deliver } from "../../../src/outputs/deliver.ts";
import { webhookRequestOf } from "../../../src/outputs/webhook-request.ts";
import { webhooksSchema, type WebhookEndpoint } from "../../../src/outputs/webhook-settings.ts";
import { blockOf, blocksOf } from "../../support/docs.ts";
import { withInstalled } from "../../support/docs-code.ts";
import { sampleEvent } from "../../support/event.ts";
import { freePort } from "../../support/free-port.ts";
import { startTestRedis, type TestRedis } from "../../support/redis.ts";
import { startRemoteSmtp, type RemoteSmtp } from "../../support/remote-smtp.ts";
import { startTestService, type TestService } from "../../support/service.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const [FINE, GONE] = ["fine@example.org", "gone@example.org"];
let folder: string;
let redis: TestRedis;
let service: TestService;
let smtp: RemoteSmtp;
let environment: Record<string, string>;
interface Transaction {
  readonly from: string;
  readonly to: readonly string[];
}
let transactions: Transaction[] = [];

const call = async (path: string, body?: object): Promise<unknown> => {
  const init = body && { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(`${service.httpUrl}${path}`, init);
  expect(response.ok, path).toBe(true);
  return await response.json();
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-stacks-"));
  redis = await startTestRedis();
  const own = { REDIS_URL: redis.url, BOUNCED_SECRET: "a-key-for-tests-only", BOUNCED_DATA_DIR: join(folder, "data") };
  service = await startTestService(own, "worker,record,http");
  const words = [resolve("src/cli/main.ts"), "token", "create", "--name", "test", "--role", "operator"];
  const env = { PATH: process.env["PATH"], ...own };
  const { stdout: created } = await promisify(execFile)(process.execPath, words, { env });
  await call("/v1/suppressions/bulk", { add: [{ value: GONE }] });
  smtp = await startRemoteSmtp({
    onData(stream, { envelope }, callback) {
      const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
      transactions.push({ from, to: envelope.rcptTo.map(({ address }) => address) });
      stream.on("end", () => callback()).resume();
    },
  });
  environment = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    GOCACHE: process.env["GOCACHE"] ?? join(process.env["HOME"] ?? folder, ".cache/go-build"),
    BOUNCED_URL: service.httpUrl,
    BOUNCED_TOKEN: created.split("\n")[0] ?? "",
    BOUNCED_WEBHOOK_SECRET: SECRET,
    SMTP_PORT: String(smtp.port),
    SMTP_ADDRESS: `127.0.0.1:${smtp.port}`,
    SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
    FINE,
    GONE,
  };
});
afterAll(async () => {
  await smtp?.stop();
  await service?.stop();
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => void (transactions = []));

/** A folder with the code of a page: file name -> the heading above it, and the language where there are two. */
function layOut(page: string, files: Readonly<Record<string, string>>): string {
  const place = join(folder, page);
  for (const [name, code] of Object.entries(files)) {
    mkdirSync(join(place, name, ".."), { recursive: true });
    writeFileSync(join(place, name), code);
  }
  return place;
}
const run = async (cwd: string, program: string, ...words: string[]): Promise<string> =>
  (await promisify(execFile)(program, words, { cwd, env: { ...environment, FOLDER: cwd } })).stdout;

/** Mail to one recipient was signed for that recipient; nothing went to a suppressed one. */
async function expectSigned(count: number): Promise<void> {
  expect(transactions.map(({ to }) => to)).toEqual(Array.from({ length: count }, () => [FINE]));
  for (const { from } of transactions)
    expect(await call(`/v1/return-paths/${encodeURIComponent(from)}`)).toMatchObject({
      scheme: "signed",
      recipient: FINE,
      tag: "spring",
      check: "valid",
    });
}

/** A program that receives webhooks takes what bounced signed, and nothing else. */
async function expectReceives(cwd: string, command: (port: number) => readonly string[], path: string): Promise<void> {
  const port = await freePort();
  const [program = "", ...words] = command(port);
  const env = { ...environment, FOLDER: cwd, PORT: String(port) };
  const child: ChildProcess = spawn(program, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  let printed = "";
  child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  let complaints = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  try {
    await expect.poll(() => isListening(port), { timeout: 60_000, interval: 100, message: complaints }).toBe(true);
    const url = `http://127.0.0.1:${port}${path}`;
    const [endpoint] = webhooksSchema.parse([{ id: "test", url, secret: SECRET, allowPrivate: true }]);
    const event = sampleEvent({ id: "event-1", explanation: "Größe überschritten: 容量" });
    await deliver(endpoint as WebhookEndpoint, [event], { breaker: createBreaker(), log: async () => undefined });
    await expect.poll(() => printed).toContain(`${event.recipient.mailed} Größe überschritten: 容量`);
    const post = async (now: Date, change: (body: string) => string = (body) => body): Promise<number> => {
      const { body = "", headers = {} } = webhookRequestOf(endpoint as WebhookEndpoint, [event], now) ?? {};
      return (await fetch(url, { method: "POST", headers, body: change(body) })).status;
    };
    expect(await post(new Date(), (body) => body.replace("hard", "soft"))).toBe(401);
    expect(await post(new Date(Date.now() - 10 * 60_000))).toBe(401);
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(401);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}
const isListening = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => done(socket.destroy() !== undefined));
    socket.on("error", () => done(false));
  });

test("Django", async () => {
  const cwd = layOut("django", {
    "mail/__init__.py": "",
    "mail/bounced.py": blockOf("stacks/django.md", "The client", "python"),
    "mail/backend.py": blockOf("stacks/django.md", "The backend", "python"),
    "mail/views.py": blockOf("stacks/django.md", "The view", "python"),
  });
  const main = resolve("test/docs/stacks/run_django.py");
  await run(cwd, "/usr/bin/python3", main, "send");
  await expectSigned(2);
  await expectReceives(cwd, () => ["/usr/bin/python3", main, "serve"], "/bounced");
});

test("Rails", async () => {
  const cwd = layOut("rails", {
    "bounced.rb": blockOf("stacks/rails.md", "The client", "ruby"),
    "bounced_interceptor.rb": blockOf("stacks/rails.md", "The interceptor", "ruby"),
    "bounced_events_controller.rb": blockOf("stacks/rails.md", "The controller", "ruby"),
  });
  const main = resolve("test/docs/stacks/rails.rb");
  await run(cwd, "ruby", main, "send");
  await expectSigned(2);
  await expectReceives(cwd, () => ["ruby", main, "serve"], "/bounced");
});

test("Laravel: client and listener", async () => {
  const cwd = layOut("laravel", {
    "Bounced.php": blockOf("stacks/laravel.md", "The client", "php"),
    "UseBounced.php": blockOf("stacks/laravel.md", "The listener", "php"),
  });
  const main = resolve("test/docs/stacks/laravel.php");
  await run(cwd, "php", main, "send");
  await expectSigned(2);
  await expectReceives(cwd, (port) => ["php", "-S", `127.0.0.1:${port}`, main], "/");
});

test("Go", async () => {
  const cwd = layOut("go", {
    "bounced.go": blockOf("stacks/go.md", "The client", "go"),
    "send.go": blockOf("stacks/go.md", "Sending", "go"),
    "main.go": readFileSync("test/docs/stacks/send.go.txt", "utf8"),
  });
  await run(cwd, "go", "run", "bounced.go", "send.go", "main.go");
  await expectSigned(1);
});

test("Nodemailer, over HTTP and with the package", async () => {
  const [plugin = "", transport = ""] = blocksOf("stacks/nodemailer.md")
    .filter(({ heading }) => heading === "Anywhere else")
    .map(({ text }) => withInstalled(text, "nodemailer"));
  const direct = withInstalled(blockOf("stacks/nodemailer.md", "On the machine of bounced", "js"), "nodemailer");
  const cwd = layOut("nodemailer", {
    "bounced.mjs": plugin,
    "transport.mjs": transport,
    "main.mjs": readFileSync("test/docs/stacks/nodemailer.mjs", "utf8"),
    "direct.mjs": `${direct}\nawait send(process.env.FINE, "spring", { from: "news@shop.example", text: "Hello." });\n`,
  });
  expect(await run(cwd, process.execPath, "main.mjs")).toBe(`${GONE}: suppressed\n`);
  await expectSigned(2);
  environment = { ...environment, BOUNCED_SECRET: "a-key-for-tests-only", BOUNCED_DOMAINS: "bounces.example.com" };
  await run(cwd, process.execPath, "direct.mjs");
  await expectSigned(3);
});
