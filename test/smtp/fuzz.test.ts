/**
 * Random dialogues with a live listener. Whatever is said, every reply is well formed, and a good client is served
 * afterwards. What once went wrong stays in
 * fixtures/fuzz/smtp.json.
 */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Intake } from "../../src/intake/accept.ts";
import { startTestListener, type TestListener } from "../support/listener.ts";
import { connectSmtp, openTransaction } from "../support/smtp-client.ts";

const WELL_FORMED = /^(?:\d{3}-[\x20-\x7e]*\r\n)*\d{3}(?: [\x20-\x7e]*)?\r\n/;
const SEEDS = JSON.parse(readFileSync("fixtures/fuzz/smtp.json", "utf8")) as readonly string[];

let listener: TestListener;
const intake: Intake = {
  accept: () => Promise.resolve("m1"),
  write: () => Promise.reject(new Error("SMTP writes messages")),
  state: () => "ready",
  durability: () => null,
  memory: () => null,
  close: () => Promise.resolve(),
};
beforeAll(async () => {
  listener = await startTestListener(intake, { maxClients: 1000, limits: { commands: 100 } });
});
afterAll(() => listener.stop());

/** Says it all at once behind the greeting; resolves with everything that was answered. */
async function say(octets: Buffer): Promise<string> {
  const client = await connectSmtp(listener.port);
  await client.reply();
  let heard = "";
  client.socket.on("data", (chunk: Buffer) => (heard += chunk.toString("latin1")));
  client.write(octets);
  client.socket.end();
  await Promise.race([client.closed(), new Promise((resolve) => setTimeout(resolve, 300))]);
  client.close();
  return heard;
}

/** Nothing is left once all whole replies are taken away. A TLS handshake, if one was begun, is not ours to judge. */
function malformedPartOf(heard: string): string {
  let rest = heard.split("220 Ready to start TLS\r\n", 1)[0] ?? "";
  for (let match = WELL_FORMED.exec(rest); match; match = WELL_FORMED.exec(rest)) rest = rest.slice(match[0].length);
  return rest;
}

const verb = fc.constantFrom(
  "EHLO",
  "HELO",
  "MAIL FROM:",
  "RCPT TO:",
  "DATA",
  "RSET",
  "NOOP",
  "VRFY",
  "STARTTLS",
  "QUIT",
  ".",
  "",
);
const argument = fc.oneof(
  fc.constantFrom("<>", "<b@bounces.example.com>", "<a@elsewhere.example>", "<> SIZE=9", "<> BODY=8BITMIME", "x", ".."),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.emailAddress().map((address) => `<${address}>`),
);
const lineEnd = fc.constantFrom("\r\n", "\r\n", "\r\n", "\n", "\r");
const line = fc.tuple(verb, argument, lineEnd).map(([word, rest, end]) => `${word} ${rest}${end}`);
const dialogue = fc.array(line, { maxLength: 12 }).map((lines) => Buffer.from(lines.join(""), "utf8"));
const noise = fc.uint8Array({ maxLength: 400 }).map((octets) => Buffer.from(octets));

test("every reply is well formed, whatever is said", { timeout: 120_000 }, async () => {
  let replies = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 3, arbitrary: dialogue }, noise), async (octets) => {
      const heard = await say(octets);
      replies += heard.split("\r\n").length - 1;
      expect(malformedPartOf(heard)).toBe("");
    }),
    { numRuns: Number(process.env["FUZZ_RUNS"] ?? 60), examples: SEEDS.map((seed) => [Buffer.from(seed, "utf8")]) },
  );
  expect(replies).toBeGreaterThan(50);
  const client = await openTransaction(listener.port);
  await client.command("DATA");
  expect(await client.data("Subject: fine")).toBe("250 2.6.0 Queued as m1");
  client.close();
});
