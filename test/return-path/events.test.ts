import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { readWhole } from "../../src/intake/message.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";

const NOW = "2026-11-23T10:00:00.000Z";
const settings = readSettingsOf(loadConfig({ BOUNCED_SECRET: "key", BOUNCED_DOMAINS: "bounces.example.com" }));
const eml = readFileSync("fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml");
const read = (forwardPath: string, message: Uint8Array = eml, others: readonly string[] = []) =>
  readMessage(
    {
      ...readWhole(message, 100_000),
      receivedAt: NOW,
      envelope: { reversePath: "", forwardPath, others },
      remoteAddress: null,
    },
    settings,
  );
const make = (recipient: string, tag?: string): string =>
  createReturnPath({ domain: "bounces.example.com", recipient, tag }, settings.returnPath, NOW);

test("an event says whom the mail was for, and what the caller's tag was", async () => {
  const [plain] = await read("bounces@bounces.example.com");
  expect(plain).toMatchObject({
    authenticity: "unproven",
    returnPath: { scheme: "plain", recipient: null, tag: null },
  });
  const address = make(plain?.recipient.address ?? "", "c42");
  const [event] = await read(address);
  expect(event).toMatchObject({
    id: plain?.id,
    authenticity: "proven",
    returnPath: {
      address,
      scheme: "signed",
      recipient: plain?.recipient.address,
      tag: "c42",
      issuedAt: "2026-11-23T00:00:00.000Z",
    },
  });
  expect(event?.warnings).toEqual(plain?.warnings);
});

test("a report about somebody else is marked", async () => {
  const [event] = await read(make("other@example.net"));
  expect(event).toMatchObject({ authenticity: "unproven", returnPath: { recipient: "other@example.net" } });
  expect(event?.warnings.map(({ code }) => code)).toContain("recipient-mismatch");
});

test("where the report names nobody the address does", async () => {
  const [event] = await read(make("user@example.org"), Buffer.from("Subject: hello\n\nsomething came back\n"));
  expect(event?.recipient).toEqual({
    mailed: "user@example.org",
    address: "user@example.org",
    original: null,
    domain: "example.org",
  });
});

test("a wrong signature is a forgery", async () => {
  const [event] = await read(make("user@example.org").replace(/.@/, (end) => (end === "a@" ? "b@" : "a@")));
  expect(event).toMatchObject({ authenticity: "forged", returnPath: { scheme: "signed", recipient: null } });
});

test("of several forward-paths of a transaction the one counts that is verified and names a recipient", async () => {
  const [plain] = await read("bounces@bounces.example.com");
  const mailed = make(plain?.recipient.address ?? "");
  const other = make("somebody.else@example.org");
  for (const [first = "", ...others] of [
    ["bounces@bounces.example.com", other, mailed],
    [mailed, other],
    [other, "bounces@bounces.example.com", mailed],
  ])
    expect(await read(first, eml, others)).toMatchObject([
      { id: plain?.id, authenticity: "proven", message: { envelope: { forwardPath: mailed } } },
    ]);
  expect((await read("bounces@bounces.example.com", eml, [other]))[0]?.message.envelope.forwardPath).toBe(other);
});
