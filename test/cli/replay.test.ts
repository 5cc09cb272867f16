import { afterAll, beforeAll, expect, test } from "vitest";
import { runHere } from "../support/run-here.ts";
import { startTestService, type TestService } from "../support/service.ts";

const NO_SUCH_USER = "fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml";
let service: TestService;
let env: Record<string, string>;
beforeAll(async () => {
  const BOUNCED_SECRET = "0123456789abcdef0123456789abcdef";
  service = await startTestService({ BOUNCED_SECRET }, "smtp,worker,record");
  env = {
    BOUNCED_DATA_DIR: service.dataDir,
    BOUNCED_SMTP_PORT: String(service.smtpPort),
    BOUNCED_DOMAINS: "bounces.example.com",
    BOUNCED_SECRET,
  };
});
afterAll(async () => {
  await service.stop();
});

test("replay sends over SMTP and says what became of each message", async () => {
  const { code, stdout, stderr } = await runHere(["replay", NO_SUCH_USER, "fixtures/eml/auto-reply"], env);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/01-postfix.*\s+done\s+marta\.keller84@bigmail\.test\s+bounce\.mailbox_unknown\s+bounce-hard/);
  expect(stdout).toMatch(/auto_reply\.auto_reply\s+auto-reply/);
  expect(stdout).toMatch(/\d+ sent, 0 refused, 0 not yet read/);
  expect(code).toBe(0);
});

test("what was replayed is in the log once, however often it is sent", async () => {
  await runHere(["replay", "--queue", NO_SUCH_USER], env);
  for (let tries = 0; tries < 50; tries++) {
    const { stdout } = await runHere(["log", "--count", "--recipient", "marta.keller84"], env);
    if (stdout.trim() === "1") return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { stdout } = await runHere(["log", "--recipient", "marta.keller84"], env);
  expect(stdout).toBe("one row");
});

test("each row of a report with many recipients names its own", async () => {
  const { stdout } = await runHere(["replay", "--json", "fixtures/eml/rfc3464/02-postfix-mixed-many-domains.eml"], env);
  const [{ events }] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { events: { recipient: string }[] }) as [{ events: { recipient: string }[] }];
  expect(events.length).toBeGreaterThan(2);
  expect(new Set(events.map(({ recipient }) => recipient)).size).toBe(events.length);
});

test("a refused recipient is shown with the reply, and with the setting that refuses it", async () => {
  const { code, stdout, stderr } = await runHere(["replay", "--rcpt", "x@not-ours.example", NO_SUCH_USER], env);
  expect(code).toBe(1);
  expect(stdout).toMatch(/refused .*550 5\.7\.1/);
  expect(stderr).toContain(
    "accepts mail for BOUNCED_DOMAINS=bounces.example.com, and not-ours.example is none of them",
  );
});

test("no listener: the command that starts one", async () => {
  const { code, stderr } = await runHere(["replay", "--to", "smtp://127.0.0.1:1", NO_SUCH_USER], env);
  expect(code).toBe(1);
  expect(stderr).toContain("bounced serve");
});
