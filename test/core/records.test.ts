import { expect, test } from "vitest";
import { cleanText } from "../../src/core/fields/clean-text.ts";
import { asciiDomainOf } from "../../src/addresses/domain.ts";
import { eventId } from "../../src/event/event-id.ts";
import { MAX_RECIPIENTS, mergeRecipients } from "../../src/core/report/merge-recipients.ts";
import type { RecipientReport } from "../../src/core/report/report.ts";

const recipient = (finalRecipient: string, action: RecipientReport["action"]): RecipientReport => ({
  finalRecipient,
  originalRecipient: null,
  action,
  status: null,
  replyCode: null,
  diagnostic: null,
  smtpCommand: null,
  remoteMta: null,
  lastAttemptDate: null,
  willRetryUntil: null,
});

test("an event id depends on message and recipient, not on the case of the address", () => {
  expect(eventId("ab", "User@Example.org")).toBe(eventId("ab", "user@example.org"));
  expect(eventId("ab", "user@example.org")).not.toBe(eventId("ac", "user@example.org"));
  expect(eventId("ab", null)).toMatch(/^e[0-9a-f]{31}$/);
});

test.each([
  [null, null],
  ["", null],
  ["  \r\n ", null],
  ["a\r\nInjected: 1", "a Injected: 1"],
  ["nul\u0000 and c1\u0085", "nul and c1"],
  ["half \ud83d", "half \ufffd"],
])("cleanText(%j) is %j", (dirty, clean) => expect(cleanText(dirty)).toBe(clean));

test("cleanText never cuts a character in two", () => {
  expect(cleanText("ab\u{1f600}", 3)?.isWellFormed()).toBe(true);
});

test.each([
  [null, null],
  ["no-at-sign", null],
  ["user@", null],
  ["User@EXAMPLE.org", "example.org"],
  ["a@b@example.org", "example.org"],
  ["dömi@dömi.example", "xn--dmi-sna.example"],
])("asciiDomainOf(%j) is %j", (address, domain) => expect(asciiDomainOf(address)).toBe(domain));

test("the same recipient twice becomes one, the failure stays", () => {
  const merged = mergeRecipients(
    [
      recipient("a@example.org", "delivered"),
      recipient("b@example.org", "delayed"),
      recipient("A@example.org", "failed"),
    ],
    null,
  );
  expect(merged.recipients.map((r) => r.action)).toEqual(["failed", "delayed"]);
  expect(merged.warnings).toEqual([]);
});

test("a report with ten thousand recipients is cut, and says so", () => {
  const merged = mergeRecipients(
    Array.from({ length: 10_000 }, (_, n) => recipient(`u${n}@example.org`, "failed")),
    null,
  );
  expect(merged.recipients).toHaveLength(MAX_RECIPIENTS);
  expect(merged.warnings).toMatchObject([{ code: "too-many-recipients" }]);
});

test("the bounce address itself is never the failed recipient", () => {
  const merged = mergeRecipients(
    [recipient("B+1@bounces.example.com", "failed"), recipient("a@example.org", "failed")],
    "b+1@bounces.example.com",
  );
  expect(merged.recipients.map((r) => r.finalRecipient)).toEqual(["a@example.org"]);
  expect(merged.warnings).toMatchObject([{ code: "own-address" }]);
});
