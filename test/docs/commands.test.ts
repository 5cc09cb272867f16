/** Every shell command in the docs is run beside a real service, but for those below, which say why not. */
import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { MODULE_CACHE } from "../support/module-cache.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { shellCommands } from "../support/shell-blocks.ts";
import type { FakeDesk } from "../outputs/help-desks/fakes/fake-desk.ts";
import { startFakeZammad } from "../outputs/help-desks/fakes/zammad.ts";
import { startFakeSendgrid } from "../sync/fakes/amazon-and-sendgrid.ts";
import type { FakeProvider } from "../sync/fakes/fake-api.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npm ci && npm (start|test)$/, "installs everything anew; the very command that runs this test"],
  [/npm start$/, "takes port 25 and runs until it is stopped; test/service.test.ts starts the service"],
  [/npm run tarball|my-app/, "test/package makes the package and installs it"],
  [/^npm install |OTEL_EXPORTER/, "another package and a collector; test/telemetry/traces.test.ts loads an SDK so"],
  [/\bbounced follow\b/, "runs until it is stopped; test/follow reads logs through every rotation"],
  [/\/v1\/refusals/, "suppresses addresses of other examples; test/docs/refusals.test.ts runs it"],
  [/examples\/webhook\.py/, "runs until it is stopped; test/examples runs it and its siblings"],
  [/examples\/stream\.py/, "runs until it is stopped; test/examples runs it"],
  [/^docker |^echo BOUNCED_SECRET_FILE/, "Docker is not on every machine; test/deploy reads the compose file"],
  [/^helm |^kubectl |^gh /, "a cluster and a published image; test/deploy renders the chart with Helm"],
  [/\bsudo |^systemctl /, "changes the machine; test/deploy installs the package and reads the unit"],
  [/\bsocat\b/, "a balancer in front; bench/faults restarts listeners behind one"],
  [/\bbackup\b|appendonly|^bounced serve$/, "one command after the other on a stopped service; test/deploy runs them"],
  [/\bjq\b/, "jq is not on every machine; test/http puts rules"],
];
/** Others end with 0. `doctor` finds that the domain is not in the DNS; a name server that does not answer is a warning. */
const ENDS_WITH: readonly (readonly [RegExp, number])[] = [
  [/bounced doctor --dns/, 0],
  [/bounced doctor/, 1],
  // Nobody has signed in there.
  [/bounced people re(?:voke|store)/, 1],
];

const commands = shellCommands();
const reasonOf = (text: string): string | undefined => NOT_RUN.find(([pattern]) => pattern.test(text))?.[1];
const toRun = commands.filter(({ text }) => reasonOf(text) === undefined);

let redis: TestRedis;
let service: TestService;
let hook: Server;
let sendgrid: FakeProvider;
let desk: FakeDesk;
let folder: string;
let environment: Record<string, string>;
/** What a reader puts in by hand -> what stands for it here. */
let stands: Record<string, string> = {};

beforeAll(async () => {
  redis = await startTestRedis();
  hook = createServer((request, response) => request.resume().on("end", () => response.end())).listen(0, "127.0.0.1");
  await once(hook, "listening");
  folder = mkdtempSync(join(tmpdir(), "bounced-docs-"));
  sendgrid = await startFakeSendgrid();
  desk = await startFakeZammad({ elasticsearch: true });
  layOut(folder, (hook.address() as AddressInfo).port, { sendgrid, desk });
  const settings = {
    REDIS_URL: redis.url,
    BOUNCED_DATA_DIR: join(folder, "data"),
    BOUNCED_CONFIG: join(folder, "bounced.yaml"),
    BOUNCED_SECRET: "0123456789abcdef0123456789abcdef",
    BOUNCED_DOMAINS: "bounces.example.com,localhost",
  };
  service = await startTestService(settings, "smtp,worker,record,webhook,http");
  const url = /pages on (http:\/\/\S+)/.exec(service.output())?.[1] ?? "";
  environment = {
    ...settings,
    PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
    HOME: folder,
    NO_COLOR: "1",
    NODE_COMPILE_CACHE: MODULE_CACHE,
    BOUNCED_PROVISION: "0",
    BOUNCED_SMTP_PORT: String(service.smtpPort),
    BOUNCED_HTTP_PORT: new URL(url).port,
  };
  const token =
    (await run("bounced token create --name docs --role admin --export")).stdout.trim().split("\n")[0] ?? "";
  environment = { ...environment, TOKEN: token, BOUNCED_TOKEN: token };
  const changes = await fetch(`${url}/v1/suppressions/changes`, { headers: { authorization: `Bearer ${token}` } });
  environment = { ...environment, CURSOR: ((await changes.json()) as { next: string }).next };
  await run("bounced replay fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml");
  await run("bounced suppressions add someone@example.org");
  await run("bounced token create --name old --role viewer");
  const { stdout } = await run("bounced log --jsonl");
  const { stdout: tokens } = await run("bounced token list --json");
  const [event] = stdout.trim().split("\n");
  const old = tokens
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; name: string })
    .find(({ name }) => name === "old");
  const { stdout: history } = await run("bounced suppressions history someone@example.org");
  stands = {
    "http://127.0.0.1:8025": url,
    w5bjo2os: old?.id ?? "",
    " ID": ` ${(JSON.parse(event ?? "{}") as { id?: string }).id ?? ""}`,
    "4711": /^(\d+)/m.exec(history)?.[1] ?? "",
    "/var/backups/bounces.mbox": join(folder, "bounces.mbox"),
  };
});
afterAll(async () => {
  await service.stop();
  await redis.stop();
  hook.close();
  await Promise.all([sendgrid.api.close(), desk.api.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** A folder such as readers have: a checkout's examples, their own mail and lists. */
function layOut(
  place: string,
  hookPort: number,
  others: { readonly sendgrid: FakeProvider; readonly desk: FakeDesk },
): void {
  mkdirSync(join(place, "bin"));
  const main = `exec ${process.execPath} ${resolve("src/cli/main.ts")}`;
  writeFileSync(join(place, "bin/bounced"), `#!/bin/sh\n${main} "$@"\n`);
  writeFileSync(join(place, "bin/npx"), `#!/bin/sh\ntest "$1" = bounced && shift && ${main} "$@"\n`);
  for (const name of ["bounced", "npx"]) chmodSync(join(place, "bin", name), 0o755);
  symlinkSync(resolve("fixtures"), join(place, "fixtures"));
  symlinkSync(resolve("fixtures/lists"), join(place, "lists"));
  const mail = resolve("fixtures/eml/rfc3464/02-postfix-mixed-many-domains.eml");
  cpSync(mail, join(place, "returned.eml"));
  for (const [name, file] of [
    ["old-bounces", "1.eml"],
    ["Maildir/new", "1.host"],
    ["Maildir/cur", "2.host:2,S"],
  ] as const) {
    mkdirSync(join(place, name), { recursive: true });
    cpSync(mail, join(place, name, file));
  }
  mkdirSync(join(place, "Maildir/tmp"));
  writeFileSync(join(place, "bounces.mbox"), `From x Thu Jan  1 00:00:00 2026\n${readFileSync(mail, "latin1")}\n`);
  writeFileSync(join(place, "new.yaml"), "soft: { failures: 3 }\n");
  writeFileSync(
    join(place, "bounces.csv"),
    "email,reason,status,created\nold@example.org,550 unknown,5.1.1,1767225600\n",
  );
  writeFileSync(
    join(place, "bounced.yaml"),
    `webhooks: [{ id: crm, url: "http://127.0.0.1:${hookPort}/", allowPrivate: true, secret: a-secret-for-tests }]\n` +
      `helpDesks: [${JSON.stringify({ id: "support", ...others.desk.settings, url: others.desk.api.url, allowPrivate: true })}]\n` +
      `sync: [${JSON.stringify({ ...others.sendgrid.settings, url: others.sendgrid.api.url, allowPrivate: true })}]\n`,
  );
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
function run(text: string): Promise<Ran> {
  const line = Object.entries(stands).reduce((so, [from, to]) => so.replaceAll(from, to), text);
  const child = spawn("bash", ["-euo", "pipefail", "-c", line], { cwd: folder, env: environment });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  // What asks for a password reads it from here.
  child.stdin.on("error", () => undefined);
  child.stdin.end("correct horse battery staple\n");
  return new Promise((done) => child.once("close", (code) => done({ code, stdout, stderr })));
}

test("the docs show commands, and each reason for not running one is still needed", () => {
  expect(toRun.length).toBeGreaterThan(40);
  for (const [pattern, reason] of NOT_RUN)
    expect(
      commands.some(({ text }) => pattern.test(text)),
      reason,
    ).toBe(true);
});

test.each(toRun)("$page: $text", async ({ text }) => {
  const { code, stdout, stderr } = await run(text);
  const wanted = ENDS_WITH.find(([pattern]) => pattern.test(text))?.[1] ?? 0;
  expect({ code, said: `${stdout.slice(-1500)}${stderr.slice(-1500)}` }).toMatchObject({ code: wanted });
  // curl says nothing of an HTTP error unless it is asked to.
  if (text.startsWith("curl")) expect(stdout).not.toMatch(/"status":[45]\d\d\b/);
  expect(stderr).not.toMatch(/^\s+at /m);
});
