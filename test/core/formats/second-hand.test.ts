import { expect, test } from "vitest";
import { readReport, readReports } from "../../../src/core/formats/index.ts";
import { parseMail } from "../../../src/core/mime/mail.ts";
import { mailOf } from "../notice/support.ts";

const BOUNCE = `From: MAILER-DAEMON@mx.example.org
To: users-return-7-ann=example.org@lists.example.net
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.

<ann@example.org>:
Sorry, no mailbox here by that name. (#5.1.1)
`;

const carrying = (headers: string, words: string) =>
  parseMail(
    Buffer.from(
      `${headers}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n${words}\n--b\nContent-Type: message/rfc822\n\n${BOUNCE}\n--b--\n`,
    ),
  );

test.each([
  [
    "a list warns in words that we do not know",
    "Return-Path: <users-return-warn-1.abc-ann=example.org@lists.example.net>\nMailing-List: contact users-help@lists.example.net; run by ezmlm\nFrom: users-help@lists.example.net\nTo: ann@example.org\nSubject: ?",
    "Zzz zzz.",
  ],
  [
    "a person sends one on",
    "Return-Path: <ann@example.org>\nFrom: Ann <ann@example.org>\nTo: news@sender.test\nSubject: Fwd: failure notice",
    "Could you please have a look at this? It came back yesterday.",
  ],
])("%s: no bounce of ours", async (_, headers, words) => expect(readReport(await carrying(headers, words))).toBeNull());

test("a gateway that forwards one with no words of its own hands on a report", async () => {
  const headers =
    "Return-Path: <gate@sender.test>\nFrom: gate@sender.test\nTo: news@sender.test\nSubject: Fwd: failure notice";
  const [reading] = readReports(await carrying(headers, ""));
  expect(reading?.report.recipients[0]?.finalRecipient).toBe("ann@example.org");
});

test("the probe of a list that itself returns is a bounce", async () => {
  const body = `This is the mail system.\n\n<ann@example.org>: host mx.example.org said: 550 5.1.1 unknown\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <users-return-warn-1@lists.example.net>\nMailing-List: contact users-help@lists.example.net\nSubject: ezmlm probe`;
  expect(readReport(await mailOf(body))?.report.kind).toBe("delivery");
});

test("a gateway tells the recipient, not the sender", async () => {
  const body =
    "A message was blocked.\n\nFrom: shop@example.net\nTo: news-bounces@sender.test\nSubject: Sale\nReason: 550 virus found";
  expect(readReport(await mailOf(body, { headers: "Return-Path: <>", subject: "Message blocked" }))).toBeNull();
});

test.each([
  ["Auto-Submitted: auto-replied\nIn-Reply-To: <1@sender.test>", "Undelivered Mail Returned to Sender"],
  ["X-RT-Ticket: example.net #7\nPrecedence: bulk", "[example.net #7] Undelivered Mail Returned to Sender"],
  ["X-Zammad-Ticket-Id: 7\nAuto-Submitted: auto-generated", "[Ticket#7] Mail delivery failed"],
  ["X-Loop: ann@example.net\nPrecedence: junk\nIn-Reply-To: <1@sender.test>", "Re: Invoice"],
])("explicit marks go before words of failure: %s", async (headers, subject) => {
  const body = "We have got your mail.\n\n> <ann@example.org>: host mx.example.org said: 550 5.1.1 User unknown";
  const mail = await mailOf(body, { from: "help@example.net", headers, subject });
  expect(readReport(mail)?.report.kind).toBe("auto_reply");
});

test("what is built like a report is one whatever its marks", async () => {
  const headers = "Auto-Submitted: auto-replied\nIn-Reply-To: <1@sender.test>\nX-Failed-Recipients: ann@example.org";
  const mail = await mailOf("ann@example.org\n  550 5.1.1 unknown", { from: "help@example.net", headers });
  expect(readReport(mail)?.report.kind).toBe("delivery");
});
