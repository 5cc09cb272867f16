/** How evidence is weighed: docs/rules.md, "Order of evidence". Wordings of single rules are in rules.test.ts. */
import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { classify, emptyRefusal } from "../../../src/core/classify/classify.ts";
import { classifyAndExplain } from "../../../src/core/classify/explained-verdict.ts";
import { REASON_TABLE } from "../../../src/event/reasons.ts";
import type { Refusal } from "../../../src/core/classify/verdict.ts";
import { codesSchema, evidenceSchema } from "../../../src/event/event.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const rules = loadRules();
const verdictOf = (refusal: Partial<Refusal> | string) =>
  classify({ ...emptyRefusal, ...(typeof refusal === "string" ? { text: refusal } : refusal) }, { rules });

describe("the text beats a status that says something else", () => {
  test.each([
    ["550 5.7.1 User unknown", "mailbox_unknown"],
    ["552 5.1.1 mailbox is full", "mailbox_full"],
    ["452 4.1.1 <jo@shop.example> over quota", "mailbox_full"],
    ["550 5.1.1 Too many messages from your network, slow down", "rate_limited"],
    ["550 5.1.1 Message refused as spam", "spam_content"],
    ["550 5.1.1 Refused for policy reasons", "policy"],
    ["550 5.1.1 <news@sender.example>: Sender address rejected: Domain not found", "sender_rejected"],
    ["550 5.1.1 Client host [203.0.113.9] blocked using bl.spamcop.net", "ip_reputation"],
    ["550 5.4.1 Relay access denied", "relay_denied"],
  ])("%s", (text, reason) => expect(verdictOf(text).reason).toBe(reason));
});

describe("the status decides where no word is known", () => {
  test.each([
    ["5.1.1", "mailbox_unknown", "hard"],
    ["5.1.2", "domain_unknown", "hard"],
    ["4.1.2", "dns_failure", "soft"],
    ["5.2.2", "mailbox_full", "soft"],
    ["5.7.1", "policy", "block"],
    ["5.7.26", "auth_failed", "block"],
    ["5.3.2", "domain_no_mail", "soft"],
    ["5.0.0", "unknown", "unknown"],
  ])("%s", (status, reason, severity) =>
    expect(verdictOf({ text: "frobnicated", status })).toMatchObject({ reason, severity }),
  );
});

describe("a provider's own meaning beats the registry's", () => {
  test.each([
    ["shop-example.mail.protection.outlook.com", "550 5.1.10 frobnicated", "mailbox_unknown"],
    ["gmail-smtp-in.l.google.com", "550 5.7.27 frobnicated", "auth_failed"],
    ["mx.other.example", "550 5.7.27 frobnicated", "sender_rejected"],
    ["gmail-smtp-in.l.google.com", "421 4.7.29 frobnicated", "security_required"],
    ["mta5.am0.yahoodns.net", "554 5.7.9 frobnicated", "auth_failed"],
  ])("%s: %s", (remoteMta, text, reason) => expect(verdictOf({ remoteMta, text }).reason).toBe(reason));
});

test("a reply code alone never deletes an address", () => {
  for (const replyCode of [510, 511, 512, 521, 551, 553, 556])
    expect(verdictOf({ text: "frobnicated", replyCode }).severity).not.toBe("hard");
});

describe("what is said of us never deletes the recipient", () => {
  test.each([
    "550 The sender's mailbox does not exist",
    "550 5.1.1 Your address news@sender.example does not exist",
    "550 5.7.1 Your address news@sender.example is blocked here",
    "550 Your email has been blocked",
    "550 Host unknown to us is blocked by our list",
    "521 5.2.1 We will no longer accept mail from your network",
    "550 Outgoing mail from this account is disabled",
    "535 Unknown user name or bad password",
    "450 Client host rejected: cannot find your hostname, host not found",
    "550 5.2.1 The user is receiving mail at a rate that prevents delivery",
    "550 5.5.0 Requested action not taken: mailbox unavailable, reject due to policy restrictions",
  ])("%s", (text) => expect(verdictOf({ text, action: "failed" }).severity).not.toBe("hard"));
});

describe("temporary replies", () => {
  const text = "450 4.1.1 <jo@shop.example>: User unknown";
  test("words about the recipient, still in the queue: soft", () => {
    expect(verdictOf({ text, action: "delayed" })).toMatchObject({ reason: "mailbox_unknown", severity: "soft" });
  });
  test("the same words once delivery failed: hard, with less confidence", () => {
    const failed = verdictOf({ text, action: "failed" });
    expect(failed).toMatchObject({ reason: "mailbox_unknown", severity: "hard" });
    expect(failed.confidence).toBeLessThan(
      verdictOf({ text: text.replace("450 4", "550 5"), action: "failed" }).confidence,
    );
  });
  test("a disabled mailbox: soft under 4xx, hard under 5xx", () => {
    expect(verdictOf("450 4.2.1 mailbox disabled").severity).toBe("soft");
    expect(verdictOf("550 5.2.1 mailbox disabled").severity).toBe("hard");
  });

  test.each(["550 mailbox temporarily disabled", "550 5.2.1 Postfach vorübergehend gesperrt: Mailbox disabled"])(
    "whoever says that it passes is believed: %s",
    (text) => expect(verdictOf(text)).toMatchObject({ reason: "mailbox_disabled", severity: "soft", advice: "retry" }),
  );
  test("the reply code outweighs the class digit of a status", () => {
    expect(verdictOf("551 4.7.17 mailbox owner has changed").severity).toBe("hard");
  });
});

describe("an expired message has the cause that the queue kept meeting", () => {
  test.each([
    ["4.4.7 Message expired; last reply: 452 4.2.2 mailbox full", "mailbox_full", "expired"],
    ["retry timeout exceeded: 450 4.7.1 Greylisted, come back later", "greylisted", "expired"],
    ["Message expired", "expired", null],
    ["I'm not going to try again; this message has been in the queue too long.", "expired", null],
  ])("%s", (text, reason, secondaryReason) => expect(verdictOf(text)).toMatchObject({ reason, secondaryReason }));
});

describe("kind and action come first", () => {
  test.each([
    [{ kind: "complaint" as const }, "complaint", "complaint"],
    [{ kind: "auto_reply" as const }, "auto_reply", "info"],
    [{ action: "delivered" as const }, "delivered", "info"],
    [{ action: "relayed" as const }, "other_info", "info"],
  ])("%o", (refusal, reason, severity) =>
    expect(verdictOf({ text: "550 5.1.1 User unknown", ...refusal })).toMatchObject({ reason, severity }),
  );
});

test("prose is weaker than the diagnostic, and used where there is none", () => {
  const prose = "We are sorry. The mailbox is full.";
  expect(verdictOf({ text: "550 5.1.1 User unknown", prose }).reason).toBe("mailbox_unknown");
  expect(verdictOf({ prose })).toMatchObject({ reason: "mailbox_full" });
  expect(verdictOf({ prose }).confidence).toBeLessThan(verdictOf("mailbox is full").confidence);
});

test("no phrase goes over the end of a sentence", () => {
  expect(verdictOf({ prose: "It was for <jo@shop.example>.\n\nunknown bounce reason" }).reason).toBe("unknown");
});

test("a delay without any reply is a failed connection, said with little confidence", () => {
  expect(verdictOf({ action: "delayed" })).toMatchObject({ reason: "connection_failed", confidence: 0.3 });
});

test("nothing known is unknown, with evidence that says so", () => {
  expect(verdictOf("frobnicated").evidence).toEqual([{ source: "none", rule: null, text: null, status: null }]);
});

test("the evidence quotes the words as they stand, across the codes of a reply in several lines", () => {
  const { evidence } = verdictOf("550-5.1.1 The Mailbox\n550 5.1.1 Does Not EXIST here");
  expect(evidence[0]?.text).toBe("Mailbox\n550 5.1.1 Does Not EXIST");
});

test("digits in an address are no status, its words no wording", () => {
  expect(verdictOf("550 5.1.1 <full-5.2.2-spam@shop.example> frobnicated").reason).toBe("mailbox_unknown");
});

describe("derived status", () => {
  test.each([
    [{ status: "5.7.1", text: "550 User unknown" }, "5.7.1"],
    [{ status: "5.0.0", text: "550 5.2.2 full" }, "5.2.2"],
    [{ text: "550 mailbox is full" }, "5.2.2"],
    [{ text: "450 mailbox is full" }, "4.2.2"],
  ])("%o", (refusal, status) => expect(verdictOf(refusal).derivedStatus).toBe(status));
});

test("any text gives a whole verdict, the same one twice", () => {
  assert(
    property(string({ unit: "binary", maxLength: 400 }), constantFrom("failed", "delayed", null), (text, action) => {
      const verdict = verdictOf({ text, action });
      expect(verdictOf({ text, action })).toEqual(verdict);
      for (const evidence of verdict.evidence) evidenceSchema.parse(evidence);
      codesSchema.parse(classifyAndExplain({ ...emptyRefusal, text, action }, { rules, language: "en" }).codes);
      expect(verdict.fault).toBe(REASON_TABLE[verdict.reason].fault);
      expect(verdict.confidence).toBeGreaterThanOrEqual(0);
      expect(verdict.confidence).toBeLessThanOrEqual(1);
    }),
    { numRuns: 200 },
  );
});
