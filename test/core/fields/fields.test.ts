import { describe, expect, test } from "vitest";
import { decodeText } from "../../../src/core/fields/charset.ts";
import { parseDate } from "../../../src/core/fields/date.ts";
import { parseDiagnosticCode } from "../../../src/core/fields/diagnostic-code.ts";
import { decodeHeader } from "../../../src/core/fields/encoded-word.ts";
import { findEnhancedStatus, parseEnhancedStatus } from "../../../src/core/fields/enhanced-status.ts";
import { readFieldBlocks } from "../../../src/core/fields/field-block.ts";
import { readHeaderBlock } from "../../../src/core/fields/header-block.ts";
import { htmlText } from "../../../src/core/fields/html-text.ts";
import { findRemoteMta, parseMta } from "../../../src/core/fields/remote-mta.ts";
import { findReplyCode } from "../../../src/core/fields/reply-code.ts";
import { findSmtpCommand, parseSmtpCommand } from "../../../src/core/fields/smtp-command.ts";
import { readTranscript } from "../../../src/core/fields/transcript.ts";

test.each([
  ["5.1.1", "5.1.1"],
  ["5.1.1 (user unknown)", "5.1.1"],
  ["5. 1. 1", "5.1.1"],
  ["4.4.7", "4.4.7"],
  ["5.1", null],
  ["3.0.0", null],
  ["5.1.1.4", null],
  ["Failed", null],
])("parseEnhancedStatus(%j)", (value, expected) => expect(parseEnhancedStatus(value)).toBe(expected));

test.each([
  ["550 5.1.1 no such user", "5.1.1"],
  ["550-5.1.1 The account\n550 5.1.1 is gone", "5.1.1"],
  ["delivery to 192.0.2.5.1.1 failed", null],
  ["client 5.6.7.8 refused", null],
  ["version 5.6.7b", null],
  ["(#5.7.1)", "5.7.1"],
  ["550-5.2.2-full@example.org", null],
])("findEnhancedStatus(%j)", (text, expected) => expect(findEnhancedStatus(text)).toBe(expected));

test.each([
  ["550 5.1.1 no such user", 550],
  ["550-first 550 last", 550],
  ["host mx.example.org[192.0.2.1] said: 452 4.2.2 full (in reply to RCPT TO command)", 452],
  ["room 550 is closed", null],
  ["X-Postfix; delivery temporarily suspended", null],
  // The last reply quoted is nearest to the server that refused.
  ["421 4.1.1 <a@example.org>: unverified address: host mx.example.com[192.0.2.25] said: 450 4.1.1 busy", 450],
  ["554 4.4.7 Message expired<421 4.4.2 Connection timed out>", 421],
  ["RELAYING NOT ALLOWED (550 Relay Disabled)", 550],
  ["delivery temporarily suspended: mx.example.net refused to talk to me: 421 Service not available", 421],
  ["5.1.0 - Unknown address error 550-'Error: Wrong recipients'", 550],
  ["550; 5.7.515 Access denied", 550],
  ["552 too big (limit: 500 kB)", 552],
  ["550-5.2.2-full@example.org", null],
  ["550 refused, the server said: 250 queued before", 550],
])("findReplyCode(%j)", (text, expected) => expect(findReplyCode(text)).toBe(expected));

test.each([
  ["smtp; 550 5.1.1 a\r\n   b", { type: "smtp", text: "550 5.1.1 a b" }],
  ['X-Postfix; unknown user: "x"', { type: "x-postfix", text: 'unknown user: "x"' }],
  ["550 no", { type: "smtp", text: "550 no" }],
  ["no route", { type: "unknown", text: "no route" }],
  ["smtp;", null],
])("parseDiagnosticCode(%j)", (value, expected) => expect(parseDiagnosticCode(value)).toEqual(expected));

test.each([
  ["Sun, 15 Nov 2026 15:20:56 +0000 (UTC)", "2026-11-15T15:20:56.000Z"],
  ["15 Nov 26 15:20 EST", "2026-11-15T20:20:00.000Z"],
  ["Sun Nov 15 15:20:56 2026", "2026-11-15T15:20:56.000Z"],
  ["2026-11-15T15:20:56+01:00", "2026-11-15T14:20:56.000Z"],
  ["Sun, 15 Nov 2026 15:20:56 -0800", "2026-11-15T23:20:56.000Z"],
  ["31 Feb 2026 10:00:00 +0000", null],
  ["15 Nov 2026 25:00:00 +0000", null],
  ["tomorrow", null],
])("parseDate(%j)", (value, expected) => expect(parseDate(value)).toBe(expected));

describe("decodeHeader", () => {
  test.each([
    ["=?utf-8?Q?Gr=C3=B6=C3=9Fe?=", "Größe"],
    ["=?utf-8?B?R3LDtg==?= =?utf-8?B?w59l?=", "Größe"],
    ["=?utf-8?Q?Gr=C3?= =?utf-8?Q?=B6=C3=9Fe?=", "Größe"],
    ["=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"],
    ["=?x-unknown?Q?abc?=", "abc"],
    ["=?utf-8?q?=0D=0AInjected:_1?=", "Injected: 1"],
    ["Gr\u00c3\u00b6\u00c3\u009fe", "Größe"],
    ["Gr\u00f6\u00dfe", "Größe"],
    ["plain =? text", "plain =? text"],
  ])("%j", (value, expected) => expect(decodeHeader(value)).toBe(expected));
});

test("UTF-7 is not decoded", () => {
  expect(decodeText(Buffer.from("+ADw-script+AD4-"), "utf-7")).toBe("+ADw-script+AD4-");
});

test("field blocks: folding, lines without a name, blank lines with blanks", () => {
  const text = "A : 1\r\n  2\r\nnot a field\r\n \t\r\nB: http\nhttps://x.example/\n\n\n\nC:\n";
  expect(readFieldBlocks(text)).toEqual([
    [{ name: "a", value: "1 2 not a field" }],
    [{ name: "b", value: "http https://x.example/" }],
    [{ name: "c", value: "" }],
  ]);
});

test.each([
  ["all of it", "  A: 1\n    2\n\n  B: 3\n"],
  ["the first line", " A: 1\n 2\n\n B: 3\n"],
])("field blocks: indented by a gateway, %s", (_, text) => {
  expect(readFieldBlocks(text)).toEqual([[{ name: "a", value: "1 2" }], [{ name: "b", value: "3" }]]);
});

test("a header block ends at the first blank line and may follow an mbox line", () => {
  const octets = Buffer.from("\r\nFrom a@b Mon Jan  1 00:00:00 2026\r\nSubject: a\r\n b\r\n\r\nTo: no\r\n");
  expect(readHeaderBlock(octets)).toEqual([{ name: "subject", value: "a b" }]);
});

test.each([
  ["dns; mx.example.org", "mx.example.org"],
  ["dns;[192.0.2.1]", "192.0.2.1"],
  ["DNS; mx.example.org (192.0.2.1)", "mx.example.org"],
  ["mx.example.org.", "mx.example.org"],
  ["dns; unknown", null],
  ["", null],
])("parseMta(%j)", (value, expected) => expect(parseMta(value)).toBe(expected));

test.each([
  ["host mx.example.org[192.0.2.1] said: 550 no", "mx.example.org"],
  ["host mx.example.org [192.0.2.1]", "mx.example.org"],
  ["connect to mx.example.org[192.0.2.1]:25: Connection refused", "mx.example.org"],
  ["mx.example.org [192.0.2.1] did not like our RCPT TO:", "mx.example.org"],
  ["the host is away", null],
])("findRemoteMta(%j)", (text, expected) => expect(findRemoteMta(text)).toBe(expected));

test.each([
  ["(in reply to RCPT TO command)", "RCPT"],
  ["(in reply to end of DATA command)", "EOD"],
  ["lost connection with mx.example.org[192.0.2.1] while sending end of data", "EOD"],
  ["while receiving the initial server greeting", "CONN"],
  ["SMTP error from remote mail server after pipelined MAIL FROM:<a@example.com> SIZE=1:", "MAIL"],
  ["mx.example.org [192.0.2.1] did not like our RCPT TO:", "RCPT"],
  ["connect to mx.example.org[192.0.2.1]:25: Connection refused", "CONN"],
  ["550 no such user", null],
])("findSmtpCommand(%j)", (text, expected) => expect(findSmtpCommand(text)).toBe(expected));

test("parseSmtpCommand knows no other words", () => expect(parseSmtpCommand("QUIT")).toBeNull());

test("a transcript gives each reply with its command and host", () => {
  const text = [
    "... while talking to mx.example.org.:",
    ">>> RCPT To:<user@example.org>",
    "<<< 550-5.1.1 first",
    "<<< 550 5.1.1 second",
    "550 5.1.1 <user@example.org>... User unknown",
    ">>> DATA",
    "<<< 554 5.5.1 no valid recipients",
  ].join("\n");
  expect(readTranscript(text)).toEqual([
    {
      host: "mx.example.org",
      command: "RCPT",
      sent: "RCPT To:<user@example.org>",
      reply: "550-5.1.1 first 550 5.1.1 second",
    },
    { host: "mx.example.org", command: "DATA", sent: "DATA", reply: "554 5.5.1 no valid recipients" },
  ]);
});

test("HTML becomes lines; an address in angle brackets is no tag", () => {
  expect(htmlText("<style>p{}</style><p>To&nbsp;&lt;a@b&gt;<br>or <c@d.example></p><a href='x'>y</a>")).toBe(
    "To <a@b>\nor <c@d.example>\ny",
  );
});
