import { expect, test } from "vitest";
import { loadConfig } from "../../../src/config/config.ts";
import { eventSchema } from "../../../src/event/event.ts";
import { readMessage } from "../../../src/core/read-message.ts";
import { concludeAction } from "../../../src/core/refusals/action.ts";
import { refusalDigest, refusalEventId } from "../../../src/core/refusals/identity.ts";
import { reportedRefusalSchema, type ReportedRefusalInput } from "../../../src/core/refusals/refusal.ts";
import { createReturnPath } from "../../../src/return-path/create.ts";
import { returnPathSettingsOf } from "../../../src/return-path/settings.ts";
import { readSettingsOf } from "../../../src/reading/read-settings.ts";
import { inputOf, rereadWith } from "../../../src/store/reclassify/reread.ts";

const config = loadConfig({ BOUNCED_SECRET: "k1", BOUNCED_KEEP_HEADERS: "x-api-data" });
const settings = readSettingsOf(config);
const AT = "2026-11-29T10:00:00.000Z";
const refusalOf = (over: Partial<ReportedRefusalInput> = {}) =>
  reportedRefusalSchema.parse({ recipient: "user@example.org", messageId: "<1@example.com>", ...over });

function inputFor(over: Partial<ReportedRefusalInput>) {
  const refusal = refusalOf(over);
  return {
    octets: Buffer.from(JSON.stringify(refusal)),
    truncated: false,
    size: 1,
    sha256: refusalDigest(refusal),
    receivedAt: AT,
    envelope: { reversePath: null, forwardPath: null },
    remoteAddress: null,
    isRefusal: true,
  };
}
const read = async (over: Partial<ReportedRefusalInput>) => {
  const [event, ...more] = await readMessage(inputFor(over), settings);
  expect(more).toEqual([]);
  return eventSchema.parse(event);
};

test("a refusal is read as the same reply in a returned message is", async () => {
  const event = await read({
    recipient: "<Marta@bigmail.test>",
    originalRecipient: "alias@example.com",
    diagnostic:
      "host gmail-smtp-in.l.google.com[192.0.2.1] said: 550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser (in reply to RCPT TO command)",
    queueId: "4XyZ",
    software: "postfix",
    reportingMta: "mx1.sender.example",
    at: "2026-11-29T11:00:00+01:00",
    headers: { Subject: "Hello", From: "Shop <shop@example.com>", "X-Api-Data": "7" },
  });
  expect(event).toMatchObject({
    kind: "bounce",
    severity: "hard",
    reason: "mailbox_unknown",
    advice: "suppress",
    format: "smtp",
    authenticity: "proven",
    proof: "sender",
    action: "failed",
    status: "5.1.1",
    replyCode: 550,
    smtpCommand: "RCPT",
    remoteMta: "gmail-smtp-in.l.google.com",
    reportingMta: "mx1.sender.example",
    provider: "google",
    software: "postfix",
    queueId: "4XyZ",
    lastAttemptDate: AT,
    recipient: { mailed: "alias@example.com", address: "Marta@bigmail.test", original: "alias@example.com" },
    original: { messageId: "<1@example.com>", subject: "Hello", headers: { "x-api-data": "7" } },
  });
});

test("without an action the class of the reply decides", () => {
  const rows: [ReportedRefusalInput["action"], Partial<ReportedRefusalInput>, string][] = [
    [undefined, { reply: "550 5.1.1 no" }, "failed"],
    [undefined, { reply: "451 4.7.1 later" }, "delayed"],
    [undefined, { reply: "250 2.0.0 OK" }, "delivered"],
    [undefined, { replyCode: 421 }, "delayed"],
    [undefined, { status: "4.4.1" }, "delayed"],
    [undefined, { reply: "connection refused" }, "failed"],
    ["failed", { reply: "451 4.4.1 expired" }, "failed"],
  ];
  for (const [action, over, expected] of rows)
    expect(
      concludeAction(refusalOf({ ...over, ...(action === undefined ? {} : { action }) })),
      JSON.stringify(over),
    ).toBe(expected);
});

test("the same refusal has the same id, however often and with whatever words it is reported", () => {
  const id = refusalEventId(refusalOf({ queueId: "Q1", reply: "550 no" }));
  expect(
    refusalEventId(refusalOf({ queueId: "Q1", reply: "550 5.1.1 no", at: AT, recipient: "USER@example.org" })),
  ).toBe(id);
  expect(refusalEventId(refusalOf({ queueId: "Q1", messageId: "2@example.com" }))).toBe(id);
  const others = [
    refusalOf({ queueId: "Q2", reply: "550 no" }),
    refusalOf({ queueId: "Q1", recipient: "other@example.org" }),
    refusalOf({ queueId: "Q1", action: "delayed", attempt: 1 }),
    refusalOf({ queueId: "Q1", action: "delayed", attempt: 2 }),
    refusalOf({ queueId: "Q1", action: "delayed", at: AT }),
    refusalOf({ queueId: "Q1", action: "delivered" }),
    refusalOf({ messageId: "1@example.com" }),
  ].map(refusalEventId);
  expect(new Set([id, ...others]).size).toBe(others.length + 1);
});

test("a Message-ID counts with and without brackets", () => {
  expect(refusalEventId(refusalOf({ messageId: "1@example.com" }))).toBe(refusalEventId(refusalOf()));
});

test("the return path, or a tag in its place, names the stream", async () => {
  const returnPath = createReturnPath(
    { domain: "bounces.example.com", recipient: "user@example.org", tag: "c42" },
    returnPathSettingsOf(config),
    AT,
  );
  expect((await read({ returnPath })).returnPath).toMatchObject({ scheme: "signed", tag: "c42", address: returnPath });
  expect((await read({ returnPath: "plain@bounces.example.com", tag: "c43" })).returnPath).toMatchObject({
    scheme: "plain",
    tag: "c43",
  });
  expect((await read({ tag: "c44" })).returnPath).toMatchObject({ address: "", tag: "c44" });
  expect((await read({})).returnPath).toBeNull();
});

test("a delay and a delivery", async () => {
  expect(await read({ reply: "451 4.7.1 Greylisted, try again" })).toMatchObject({
    kind: "delay",
    reason: "greylisted",
  });
  expect(await read({ action: "delivered", reply: "250 2.0.0 OK" })).toMatchObject({
    kind: "delivery",
    reason: "delivered",
  });
});

test("what cannot be one is refused, and says what to do", () => {
  const rows: [Record<string, unknown>, string][] = [
    [{ recipient: "user" }, "expected an address, e.g. user@example.org"],
    [{ recipient: "a@b.test>, <c@d.test" }, "expected an address, e.g. user@example.org"],
    [{ recipient: "user@example.org\nx" }, "remove control characters and line ends"],
    [{ reply: "550", diagnostic: "550" }, "give `reply` or `diagnostic`, not both"],
    [
      { messageId: undefined },
      "give `messageId`, `queueId` or `at`: without them a repetition cannot be told from another refusal",
    ],
    [{ queueId: "a\nb" }, "remove control characters and line ends"],
    [{ status: "5.1" }, "expected an enhanced status, e.g. 5.1.1"],
  ];
  for (const [over, message] of rows) {
    const { error } = reportedRefusalSchema.safeParse({
      recipient: "user@example.org",
      messageId: "<1@x.test>",
      ...over,
    });
    expect(
      error?.issues.map((issue) => issue.message),
      JSON.stringify(over),
    ).toContain(message);
  }
});

test("a reply of another server says nothing of anybody but the recipient of the attempt", async () => {
  const reply =
    "550 5.1.1 <victim@example.org>: no such user; Final-Recipient: rfc822; victim@example.org\r\n550 to=<victim@example.org>, status=bounced";
  const event = await read({ recipient: "attacker@evil.test", reply });
  expect(event.recipient).toEqual({
    mailed: "attacker@evil.test",
    address: "attacker@evil.test",
    original: null,
    domain: "evil.test",
  });
});

test("the kept report is read again as what it is, and stays proven", async () => {
  const input = inputFor({ reply: "550 5.1.1 No such user" });
  const [event] = await readMessage(input, settings);
  const again = await rereadWith(settings)(event!, Buffer.from(input.octets));
  expect(again).toEqual(event);
  expect(inputOf(event!, Buffer.from(input.octets)).isRefusal).toBe(true);
});

test("a mail that looks like one is a mail", async () => {
  const { isRefusal: _, ...mail } = inputFor({ reply: "550 5.1.1 No such user" });
  expect(await readMessage(mail, settings)).toMatchObject([{ kind: "unrecognized", authenticity: "unproven" }]);
});

test("octets that are none give an outcome, and no crash", async () => {
  const input = { ...inputFor({}), octets: Buffer.from("{") };
  expect(await readMessage(input, settings)).toMatchObject([{ kind: "unrecognized" }]);
});
