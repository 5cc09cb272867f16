/** Whose words decide, and what they are said of: kinds of refusals that look like an unknown user, and are none. */
import { describe, expect, test } from "vitest";
import { classify, emptyRefusal } from "../../../src/core/classify/classify.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const rules = loadRules();
const verdictOf = (text: string, rest: Partial<typeof emptyRefusal> = {}) =>
  classify({ ...emptyRefusal, text, action: "failed", ...rest }, { rules });

describe("the innermost reply that says something decides", () => {
  test.each([
    ["SMTP error, all recipients failed: 550 No such mailbox", "mailbox_unknown"],
    ["Delivery failed, connection closed (jo@shop.example:552 5.2.2 mailbox full)", "mailbox_full"],
    ["550 Nobody by that name (others tried: 192.0.2.7 said 550 for RCPT TO response)", "mailbox_unknown"],
    [
      '{"type": "Bounce", "spam": null, "response": {"code": 552, "content": "Mailbox full", "command": null}}',
      "mailbox_full",
    ],
    ["5.1.0 - Unknown address error 550-'5.7.1 <bounces@sender.example>... Access denied'", "recipient_other"],
    ["Callout verification failed: 550 there is no such user", "mailbox_unknown"],
  ])("%s", (text, reason) => expect(verdictOf(text).reason).toBe(reason));

  test("what is written around a quoted reply does not speak louder than the reply", () =>
    expect(
      verdictOf("451 Please try later", { prose: "Too many failures. Network congestion. I have given up." }).reason,
    ).toBe("greylisted"));
});

describe("an address is ours where only the sender is named", () => {
  test.each([
    "550 The mailbox you are writing from does not exist",
    "550 We tried to verify your address: 550 no such user",
    "550 Reply address is not valid",
    "550 Bad address in the Cc: header",
    "550 unknown user (that is the sender)",
    "550 can't resolve the MX for return path",
    "517 That domain does not exist",
  ])("%s", (text) => expect(verdictOf(text).severity).not.toBe("hard"));
});

describe("unknown things that are no mailbox delete nobody", () => {
  test.each([
    "550 rejected for unknown reasons",
    "554 unknown certificate authority",
    "550 Unknown message format",
    "554 no such content type",
    "550 domain not found in our whitelist",
    "550 not in the recipient's address book",
    "550 The user has blocked unknown addresses",
    "550 5.7.25 hostname unknown",
    "550 other.example does not exist",
    "550 Directory server is unreachable, unknown whether that user exists",
  ])("%s", (text) => expect(verdictOf(text).severity).not.toBe("hard"));
});

describe("a server that takes some mail, or says whom to ask, takes mail", () => {
  test.each([
    "550 We do not accept mail without TLS",
    "550 We don't accept email from free providers",
    "554 Rejected. Please use our form or send to helpdesk@shop.example",
    "550 Message refused. If this is wrong, write to postmaster@shop.example",
    "550 delivery disabled by user preference",
    "550 The mailbox is locked",
    "550 mailbox is closed for maintenance",
  ])("%s", (text) => expect(verdictOf(text).severity).not.toBe("hard"));

  test.each([
    ["550 Please write to jo@new.example instead, jo@shop.example has moved", "address_moved"],
    ["550 Jo has left our company. Ask office@shop.example", "mailbox_disabled"],
    ["521 this host is not accepting network messages", "domain_no_mail"],
    ["550 Recipient address rejected.", "mailbox_unknown"],
    ["550 5.1.1 rejected by our spam protection: no such user", "mailbox_unknown"],
  ])("but %s", (text, reason) => expect(verdictOf(text)).toMatchObject({ reason, severity: "hard" }));
});

describe("a refusal that gives no reason is none of the recipient's where it speaks of permission", () => {
  test.each(["550 recipient denied", "550 Mail is rejected by the recipient", "554 5.7.1 recipient rejected"])(
    "%s",
    (text) => expect(verdictOf(text).severity).not.toBe("hard"),
  );
});

describe("who sends has no network fault where a program of theirs failed", () => {
  test.each([
    ["451 4.3.0 Error: queue file write error", "system_error"],
    ["451 Aborted: local error in processing", "system_error"],
    ["452 Insufficient disk space", "system_full"],
    ["550 5.1.2 Tried all MXs", "connection_failed"],
    ["lookup shop.example on 192.0.2.53:53: no such host", "domain_unknown"],
    ["501 Invalid domain name", "protocol_error"],
    ["503 STARTTLS may not be repeated", "protocol_error"],
    ["552 5.6.0 Headers too large", "content_invalid"],
  ])("%s", (text, reason) => expect(verdictOf(text).reason).toBe(reason));
});

test("Exim's own `Unrouteable address` is about the domain, a quoted one about the user", () => {
  expect(verdictOf("Unrouteable address", { software: "exim" }).reason).toBe("domain_unknown");
  expect(verdictOf("550 Unrouteable address", { software: "exim" }).reason).toBe("mailbox_unknown");
});
