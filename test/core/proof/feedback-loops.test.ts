/** One report of each feedback loop: whom it is about, and how far that can be believed. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadConfig } from "../../../src/config/config.ts";
import { readMessage } from "../../../src/core/read-message.ts";
import { readWhole } from "../../../src/intake/message.ts";
import { readSettingsOf } from "../../../src/reading/read-settings.ts";

/** What the tokens, the path and the signature in the fixtures were made with. */
const SECRET = "fixtures-of-feedback-loops-0123456789";
const KEY = "v=DKIM1; k=ed25519; p=zKd/ntF+uOv47/5vc2pXTRsyaiQ7V5GyVjXuETgmg/Y=";
const LENA = "lena.vogt@example.org";
const plain = readSettingsOf(loadConfig({ BOUNCED_SECRET: SECRET, BOUNCED_DOMAINS: "bounces.example.com" }));
const settings = { ...plain, dkim: { ...plain.dkim!, keys: new Map([["s2026._domainkey.example.com", KEY]]) } };

const read = (name: string, change = (text: string): string => text) =>
  readMessage(
    {
      ...readWhole(Buffer.from(change(readFileSync(`fixtures/eml/${name}.eml`, "latin1")), "latin1"), 256 * 1024),
      receivedAt: "2026-11-21T10:00:00.000Z",
      envelope: { reversePath: "", forwardPath: "fbl@bounces.example.com" },
      remoteAddress: "192.0.2.1",
    },
    settings,
  );

test.each([
  ["rfc5965/10-yahoo-cfl", "proven", "dkim", "complaint"],
  ["rfc5965/11-junk-mail-reporting-token", "proven", "token", "complaint"],
  ["rfc5965/12-validity-universal", "likely", "quoted_path", "complaint"],
  ["rfc5965/13-cfbl", "proven", "token", "complaint"],
  ["x-arf/01-cfbl-xarf-3", "proven", "token", "complaint"],
  ["x-arf/02-xarf-4", "proven", "token", "complaint"],
  ["x-arf/03-xarf-0.2-spam", "proven", "dkim", "complaint"],
])("%s: %s by %s", async (name, authenticity, proof, reason) => {
  const events = await read(name);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    kind: "complaint",
    severity: "complaint",
    reason,
    advice: "suppress",
    authenticity,
    proof,
    recipient: { mailed: LENA },
    original: { messageId: "<20261120100000.4f2a@app.example.com>" },
  });
});

test("a DMARC failure report is about mail that was not ours, and nobody complains", async () => {
  expect(await read("rfc5965/14-dmarc-failure")).toMatchObject([
    { severity: "info", advice: "ignore", authenticity: "unproven", feedback: { authFailure: "dmarc" } },
  ]);
});

test("without what our mail carried, each of them suppresses nobody", async () => {
  const names = ["10-yahoo-cfl", "11-junk-mail-reporting-token", "12-validity-universal", "13-cfbl"];
  for (const name of names) {
    const events = await read(`rfc5965/${name}`, (text) =>
      text.replaceAll(/bt1[0-9a-z]{30,}|b\+1[0-9a-z]{21,}@/g, "x@").replaceAll("DKIM-Signature", "X-Signature"),
    );
    for (const event of events) expect([event.authenticity, event.advice]).toEqual(["unproven", "investigate"]);
  }
});
