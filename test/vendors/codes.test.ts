import { expect, test } from "vitest";
import { REASONS, codesSchema } from "../../src/event/event.ts";
import { codesFor } from "../../src/vendors/codes.ts";

test.each(REASONS)("%s has a complete, valid set of codes", (reason) => {
  const codes = codesFor(reason, { severity: "unknown" });
  expect(codesSchema.strict().parse(codes)).toEqual(codes);
  expect(codes.failureCode).toBeGreaterThanOrEqual(1002);
  expect(codes.failureCode).toBeLessThanOrEqual(9999);
});

test("a user unknown in every vocabulary", () => {
  expect(codesFor("mailbox_unknown", { severity: "hard", replyCode: 550, status: "5.1.1" })).toEqual({
    failureCode: 2001,
    sendgrid: "bounce / Invalid Address",
    ses: "Permanent/General",
    postmark: "HardBounce",
    mailgun: "permanent/bounce",
    sparkpost: 10,
    powermta: "bad-mailbox",
    kumomta: "InvalidRecipient",
    sisimai: "userunknown",
  });
});

test("a disabled mailbox is permanent on 5xx and temporary on 4xx", () => {
  expect(codesFor("mailbox_disabled", { severity: "hard", replyCode: 550 })).toMatchObject({
    sparkpost: 10,
    ses: "Permanent/General",
    postmark: "HardBounce",
    mailgun: "permanent/bounce",
  });
  expect(codesFor("mailbox_disabled", { severity: "soft", replyCode: 450, action: "failed" })).toMatchObject({
    sparkpost: 20,
    ses: "Transient/General",
    postmark: "SoftBounce",
    mailgun: "temporary/bounce",
  });
});

test.each([
  [{ status: "5.0.0" }, "permanent/generic"],
  [{ status: "4.0.0" }, "temporary/generic"],
  [{ replyCode: 554 }, "permanent/generic"],
  [{ replyCode: 421, action: "failed" }, "temporary/generic"],
  [{ action: "failed" }, "permanent/generic"],
  [{ action: "delayed" }, "temporary/generic"],
  [{}, "temporary/generic"],
] as const)("an unknown failure with %j is %s at Mailgun", (context, mailgun) => {
  expect(codesFor("unknown", { severity: "unknown", ...context }).mailgun).toBe(mailgun);
});

test("a closed group, a failed sender check, a challenge and a platform's own list are no bad address", () => {
  for (const reason of ["recipient_restricted", "sender_rejected", "challenge_response", "not_attempted"] as const) {
    const codes = codesFor(reason, { severity: "block", replyCode: 550, action: "failed" });
    expect(codes.sendgrid ?? "").not.toMatch(/^bounce/);
    expect(codes.powermta).not.toBe("bad-mailbox");
    expect(codes.kumomta).not.toBe("InvalidRecipient");
    expect(["rejected", "suppressed", "undefined"]).toContain(codes.sisimai);
    expect(codes.sparkpost).not.toBe(10);
  }
});

test("a block is never a bad address in any vocabulary", () => {
  for (const reason of ["ip_reputation", "policy", "spam_content", "auth_failed", "rate_limited"] as const) {
    const codes = codesFor(reason, { severity: "block", replyCode: 550, action: "failed" });
    expect(codes.sendgrid).toMatch(/^blocked/);
    expect(codes.ses).toMatch(/^Transient/);
    expect(codes.postmark).not.toBe("HardBounce");
    expect(codes.sparkpost).not.toBe(10);
  }
});

test("details choose between two words for one reason", () => {
  expect(codesFor("auth_failed", { severity: "block", text: "Unauthenticated email … DMARC policy" }).postmark).toBe(
    "DMARCPolicy",
  );
  expect(codesFor("auth_failed", { severity: "block", text: "SPF check failed" }).postmark).toBe("Blocked");
  expect(codesFor("dns_failure", { severity: "soft", status: "4.1.2" }).powermta).toBe("bad-domain");
  expect(codesFor("dns_failure", { severity: "soft", status: "4.4.3" }).powermta).toBe("routing-errors");
  expect(codesFor("greylisted", { severity: "soft", replyCode: 451 }).sisimai).toBe("expired");
  expect(codesFor("greylisted", { severity: "soft", replyCode: 550 }).sisimai).toBe("blocked");
  expect(codesFor("other_info", { severity: "info", action: "relayed" }).sisimai).toBe("delivered");
});
