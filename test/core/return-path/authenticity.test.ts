import { expect, test } from "vitest";
import { judgeAuthenticity, type AuthenticityQuestion } from "../../../src/core/return-path/authenticity.ts";
import { createReturnPath, type ReturnPathRequest } from "../../../src/core/return-path/create.ts";
import { readReturnPath } from "../../../src/core/return-path/read.ts";
import type { ReturnPathSettings } from "../../../src/core/return-path/settings.ts";
import type { OriginalMessage } from "../../../src/core/report.ts";

const NOW = "2026-11-23T10:00:00.000Z";
const on: ReturnPathSettings = { secrets: ["key"], prefix: "b", maxAgeDays: 30, verp: { separator: "+", at: "=" } };
const off: ReturnPathSettings = { ...on, secrets: [] };
const domain = "bounces.example.com";
const USER = "user@example.org";

const signed = (request: Partial<ReturnPathRequest>, at = NOW): string =>
  createReturnPath({ domain, ...request }, on, at);
const original = (fields: Partial<OriginalMessage>): OriginalMessage => ({
  messageId: null,
  from: null,
  to: [],
  subject: null,
  date: null,
  returnPath: null,
  listId: null,
  feedbackId: null,
  inReplyTo: null,
  references: [],
  headers: new Map(fields.returnPath ? [["return-path", `<${fields.returnPath}>`]] : []),
  ...fields,
});

function judge(
  forwardPath: string | null,
  recipient: string | null,
  settings: ReturnPathSettings,
  more: Partial<AuthenticityQuestion> = {},
): string {
  const { authenticity, warnings } = judgeAuthenticity({
    returnPath: readReturnPath(forwardPath, settings, NOW),
    finalRecipient: recipient,
    originalRecipient: null,
    original: null,
    receivedAt: NOW,
    settings,
    ...more,
  });
  return [authenticity, ...warnings.map(({ code, value }) => `${code} ${value}`)].join(" ");
}

const long = `${"long".repeat(15)}@example.org`;
const old = "2026-09-01T00:00:00Z";

test.each([
  ["made for whom the report names", signed({ recipient: USER }), USER, "proven"],
  ["case and dots of a domain aside", signed({ recipient: "U@GRÜN.example" }), "u@xn--grn-ioa.example", "proven"],
  ["bound by digest", signed({ recipient: long }), long, "proven"],
  ["the report names nobody", signed({ recipient: USER }), null, "proven"],
  ["the report blacks the name out", signed({ recipient: USER }), "redacted@example.org", "proven"],
  [
    "the report names another",
    signed({ recipient: USER }),
    "victim@example.org",
    "unproven recipient-mismatch victim@example.org",
  ],
  ["another than the digest", signed({ recipient: long }), USER, `unproven recipient-mismatch ${USER}`],
  ["made for no recipient", signed({ tag: "c42" }), USER, "likely"],
  ["flipped", signed({ recipient: USER }).replace("+1", "+1a").replace(/.@/, "@"), USER, "forged"],
  ["expired", signed({ recipient: USER }, old), USER, "unproven"],
  ["plain while signing is on", `bounces@${domain}`, USER, "unproven"],
  ["VERP while signing is on", `b+user=example.org@${domain}`, USER, "unproven"],
  ["no envelope", null, USER, "unproven"],
])("signing on: %s", (_, forwardPath, recipient, expected) => {
  expect(judge(forwardPath, recipient, on)).toBe(expected);
});

test("the original recipient counts too: mail may be forwarded after it reached whom it was for", () => {
  const path = signed({ recipient: USER });
  expect(judge(path, "elsewhere@example.net", on, { originalRecipient: USER })).toBe("proven");
});

test("a returned header with our signature is evidence, if it is for the recipient named", () => {
  const quoting = { original: original({ returnPath: signed({ recipient: USER }) }) };
  expect(judge(`postmaster@${domain}`, USER, on, quoting)).toBe("likely");
  expect(judge(null, USER, on, quoting)).toBe("likely");
  expect(judge(`postmaster@${domain}`, "victim@example.org", on, quoting)).toContain("recipient-mismatch");
  expect(judge(signed({ recipient: USER }, old), USER, on, quoting)).toBe("unproven");
});

test("who got our mail cannot name a victim beside himself", () => {
  const mine = { originalRecipient: "victim@example.org" };
  // The address carries its recipient, so the event says who is meant.
  expect(judge(signed({ recipient: USER }), USER, on, mine)).toBe("proven");
  expect(judge(signed({ recipient: long }), long, on, mine)).toContain("recipient-mismatch");
  const quoting = { ...mine, original: original({ returnPath: signed({ recipient: USER }) }) };
  expect(judge(`postmaster@${domain}`, USER, on, quoting)).toContain("recipient-mismatch");
  expect(judge(signed({ recipient: long }), "elsewhere@example.net", on, { originalRecipient: long })).toBe("proven");
});

test("a complaint names our return path in a field of its own; whom it is about is often blacked out", () => {
  const originalMailFrom = `<${signed({ recipient: USER })}>`;
  expect(judge(`fbl@${domain}`, null, on, { originalMailFrom })).toBe("likely");
  expect(judge(`fbl@${domain}`, "redacted@example.org", on, { originalMailFrom })).toBe("likely");
  expect(judge(`fbl@${domain}`, "victim@example.org", on, { originalMailFrom })).toContain("recipient-mismatch");
});

test.each([
  ["a VERP address that names the same recipient", `b+user=example.org@${domain}`, USER, {}, "likely"],
  [
    "a VERP address that names another",
    `b+user=example.org@${domain}`,
    "v@example.org",
    {},
    "unproven recipient-mismatch v@example.org",
  ],
  ["nothing returned", `bounces@${domain}`, USER, {}, "unproven"],
  ["our return path", `bounces@${domain}`, USER, { returnPath: `bounces@${domain}` }, "likely"],
  ["our domain in From", `bounces@${domain}`, USER, { from: "news@example.com" }, "likely"],
  ["our domain in Message-ID", `bounces@${domain}`, USER, { messageId: "<1@mail.bounces.example.com>" }, "likely"],
  ["another's", `bounces@${domain}`, USER, { from: "a@notexample.com", messageId: "<1@com>" }, "unproven"],
])("signing off, %s", (_, forwardPath, recipient, fields, expected) => {
  expect(judge(forwardPath, recipient, off, { original: original(fields) })).toBe(expected);
});
