import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { eventSchema } from "../../src/event/event.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";

const settings = readSettingsOf(loadConfig({}));

const read = (text: string, eol = "\r\n") =>
  readMessage(
    {
      octets: Buffer.from(text.replaceAll("\n", eol), "latin1"),
      truncated: false,
      size: text.length,
      sha256: createHash("sha256").update(text).digest("hex"),
      receivedAt: "2026-01-02T03:04:05.000Z",
      envelope: { reversePath: "", forwardPath: "b@bounces.example.com" },
      remoteAddress: "192.0.2.1",
    },
    settings,
  );

const dsn = (groups: string) => `From: MAILER-DAEMON@mx.example.net
To: b@bounces.example.com
Subject: =?utf-8?q?Undelivered=0D=0AInjected:_1?=
Message-ID: <dsn@mx.example.net>
Date: Fri, 2 Jan 2026 03:04:05 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B
Content-Type: text/plain

Your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

${groups}
--B--
`;

const group = (recipient: string, action = "failed", status = "5.1.1") => `Final-Recipient: rfc822; ${recipient}
Action: ${action}
Status: ${status}
Diagnostic-Code: smtp; 550 5.1.1 <${recipient}>: Recipient address rejected: User unknown
`;

test("one valid event per recipient, in the order of the report", async () => {
  const events = await read(dsn([group("a@example.org"), group("b@example.org", "delayed", "4.4.1")].join("\n")));
  expect(events.map(({ kind, recipient, status }) => [kind, recipient.address, status])).toEqual([
    ["bounce", "a@example.org", "5.1.1"],
    ["delay", "b@example.org", "4.4.1"],
  ]);
  for (const event of events) expect(eventSchema.parse(event)).toEqual(event);
});

test("control characters that an encoded word smuggles in never reach an event", async () => {
  const [event] = await read(dsn(group("a@example.org")));
  expect(event?.message.subject).toBe("Undelivered Injected: 1");
});

test("what cannot be parsed is an outcome, not an error", async () => {
  const depth = 1500;
  const open = Array.from(
    { length: depth },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`,
  ).join("");
  const events = await read(open);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ kind: "unrecognized", format: "none", recipient: { address: null } });
});

test("mail that is no report is one event of kind unrecognized", async () => {
  const events = await read("From: a@example.org\nTo: b@bounces.example.com\nSubject: lunch?\n\nAt noon.\n");
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ kind: "unrecognized", reason: "unknown", severity: "unknown" });
  for (const event of events) expect(eventSchema.parse(event)).toEqual(event);
});

test("line ends change nothing but the octets", async () => {
  expect(await read(dsn(group("a@example.org")), "\r\n")).toEqual(await read(dsn(group("a@example.org")), "\n"));
});

test("a report that is cut off inside is doubted; one cut off in the returned message is not", async () => {
  const whole = readFileSync("fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml", "latin1").replaceAll("\r", "");
  const cutAt = (text: string) => read(whole.slice(0, whole.indexOf(text)));
  expect(await cutAt("Remote-MTA")).toMatchObject([
    { severity: "hard", advice: "investigate", confidence: 0.5, warnings: [{ code: "truncated" }] },
  ]);
  const [event] = await cutAt("Your order");
  expect(event).toMatchObject({ severity: "hard", warnings: [{ code: "truncated" }] });
  expect(event?.confidence).toBeGreaterThan(0.8);
});
