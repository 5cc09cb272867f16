import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";

const settings = readSettingsOf(loadConfig({ BOUNCED_SECRET: "0123456789abcdef0123456789abcdef" }));
const NOW = "2026-01-02T03:04:05.000Z";
const signed = createReturnPath(
  { domain: "bounces.example.com", recipient: "ann@example.org" },
  settings.returnPath,
  NOW,
);

const read = async (headers: string, body: string, forwardPath = signed, reversePath = "") => {
  const head = `${headers}\nTo: ${forwardPath}\n\n${body}\n`;
  const [event] = await readMessage(
    {
      octets: Buffer.from(head),
      truncated: false,
      size: head.length,
      sha256: createHash("sha256").update(head).digest("hex"),
      receivedAt: NOW,
      envelope: { reversePath, forwardPath },
      remoteAddress: "192.0.2.1",
    },
    settings,
  );
  return event!;
};

const ANN = "From: Ann <ann@example.org>\nSubject: Zzz";

test("what answers a mail of ours without a word that we know is an automatic reply", async () => {
  expect(await read(ANN, "Zzz zzz.")).toMatchObject({ kind: "auto_reply", format: "by-envelope" });
});

test.each([
  ["a plain address", "b@bounces.example.com", ""],
  ["a reverse-path that takes answers", signed, "ann@example.org"],
  ["a path with a wrong signature", signed.replace(/.@/, (end) => (end === "a@" ? "b@" : "a@")), ""],
])("%s proves nothing", async (_, forwardPath, reversePath) => {
  expect((await read(ANN, "Zzz zzz.", forwardPath, reversePath)).kind).toBe("unrecognized");
});

test("words of failure make it a bounce of whom the address was made for", async () => {
  const event = await read(ANN, "Sorry, your message could not be delivered.");
  expect(event).toMatchObject({ kind: "bounce", recipient: { address: "ann@example.org" } });
  expect(event.warnings.map(({ code }) => code)).toContain("kind-from-envelope");
  expect(event.severity).not.toBe("hard");
  expect(event.advice).not.toBe("suppress");
});

test("a daemon that says nothing we know stays unrecognized", async () => {
  expect((await read("From: MAILER-DAEMON@example.org\nSubject: Zzz", "Zzz zzz.")).kind).toBe("unrecognized");
});

test("the reverse-path of the envelope goes before one in the header", async () => {
  const event = await read(
    "Return-Path: <>\nFrom: Shop <shop@example.net>\nSubject: Delivery failed",
    "Your parcel could not be delivered to ann@example.org",
    "b@bounces.example.com",
    "shop@example.net",
  );
  expect(event.kind).toBe("unrecognized");
});

test("a postmaster's copy is marked and suppresses nobody", async () => {
  const event = await read(
    "From: MAILER-DAEMON@example.org\nSubject: Postmaster Copy: Undelivered Mail",
    "This is the mail system at host mx.example.org.\n\n<ann@example.org>: host mx.example.org said: 550 5.1.1 User unknown",
  );
  expect(event).toMatchObject({ kind: "bounce", recipient: { address: "ann@example.org" } });
  expect(event.warnings.map(({ code }) => code)).toContain("postmaster-copy");
  expect(event.advice).not.toBe("suppress");
});
