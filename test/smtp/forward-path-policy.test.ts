import { afterEach, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { returnPathSettingsOf } from "../../src/return-path/settings.ts";
import { forwardPathPolicyOf } from "../../src/smtp/forward-path-policy.ts";
import { startTestListener, type TestListener } from "../support/listener.ts";
import { connectSmtp } from "../support/smtp-client.ts";

let listener: TestListener | null = null;
afterEach(() => listener?.stop());

const DOMAIN = "bounces.example.com";
const NO_SUCH = "550 5.1.1 No such bounce address";

/** The replies to RCPT, in order; a connection each, so that nobody is cut off for guessing. */
async function replies(environment: Record<string, string>, forwardPaths: readonly string[]): Promise<string[]> {
  const config = loadConfig({ BOUNCED_DOMAINS: DOMAIN, ...environment });
  listener = await startTestListener(
    {
      accept: () => Promise.resolve("m1"),
      write: () => Promise.reject(new Error("SMTP writes messages")),
      state: () => "ready",
      durability: () => ({ problems: [], fsync: "always", isSafe: true }),
      memory: () => null,
      close: () => Promise.resolve(),
    },
    { policy: forwardPathPolicyOf(config) },
  );
  const heard: string[] = [];
  for (const forwardPath of forwardPaths) {
    const client = await connectSmtp(listener.port);
    await client.reply();
    await client.command("EHLO sender.example");
    await client.command("MAIL FROM:<>");
    heard.push(await client.command(`RCPT TO:<${forwardPath}>`));
    client.close();
  }
  return heard;
}

const settings = returnPathSettingsOf(loadConfig({ BOUNCED_SECRET: "key" }));
const make = (at: Date, secrets = ["key"]): string =>
  createReturnPath({ domain: DOMAIN, recipient: "user@example.org" }, { ...settings, secrets }, at);
const now = new Date();
const valid = make(now);
const expired = make(new Date(now.getTime() - 100 * 86_400_000));
const unknownKey = make(now, ["another"]);
const bad = valid.replace(/.@/, (end) => (end === "a@" ? "b@" : "a@"));

test("unknown, expired and bad addresses hear the same before DATA", async () => {
  const given = [valid, valid.toUpperCase(), expired, unknownKey, bad, `bounces@${DOMAIN}`];
  const heard = await replies({ BOUNCED_SECRET: "key", BOUNCED_REQUIRE_SIGNED: "1" }, given);
  expect(heard.map((reply) => reply.slice(0, 3))).toEqual(["250", "250", "550", "550", "550", "550"]);
  expect(new Set(heard.slice(2))).toEqual(new Set([NO_SUCH]));
});

test("where signing is not required a plain address is taken, a wrong signature is not", async () => {
  const heard = await replies({ BOUNCED_SECRET: "key" }, [`bounces@${DOMAIN}`, `b+user=example.org@${DOMAIN}`, bad]);
  expect(heard.map((reply) => reply.slice(0, 3))).toEqual(["250", "250", "550"]);
});
