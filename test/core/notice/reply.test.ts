import { expect, test } from "vitest";
import { readReason, weightOf } from "../../../src/core/notice/reply.ts";

const reason = (text: string, address = "ann@example.org") => readReason(text.split("\n"), address, "qmail");

test.each([
  [
    "192.0.2.25 does not like recipient.\nRemote host said: 550 5.1.1 No such user\nGiving up on 192.0.2.25.",
    { text: "550 5.1.1 No such user", status: "5.1.1", code: 550, command: "RCPT", host: "192.0.2.25" },
  ],
  [
    "SMTP error from remote mail server after end of data:\nhost mx.example.org [192.0.2.1]: 554-5.7.1 no\n554 5.7.1 way",
    { text: "554-5.7.1 no 554 5.7.1 way", status: "5.7.1", code: 554, command: "EOD", host: "mx.example.org" },
  ],
  [
    "The error that the other server returned was: 550 550 5.2.1 Disabled (state 14).",
    { text: "550 5.2.1 Disabled (state 14).", status: "5.2.1", code: 550, command: null, host: null },
  ],
  [
    "Remote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'",
    { text: "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", status: "5.1.1", code: 550, command: null, host: null },
  ],
  [
    "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##",
    { text: "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", status: "5.1.1", code: 550, command: null, host: null },
  ],
  [
    "(reason: 552 5.2.2 full,\ncome back)",
    { text: "552 5.2.2 full, come back", status: "5.2.2", code: 552, command: null, host: null },
  ],
  [
    "mx.example.org [192.0.2.1]:\n>>> RCPT TO:<ann@example.org>\n<<< 550 5.1.1 unknown",
    { text: "550 5.1.1 unknown", status: "5.1.1", code: 550, command: "RCPT", host: "mx.example.org" },
  ],
  [
    "host: mx.example.org\n5.2.2 <ann@example.org>... Mailbox Full",
    {
      text: "5.2.2 <ann@example.org>... Mailbox Full",
      status: "5.2.2",
      code: null,
      command: null,
      host: "mx.example.org",
    },
  ],
  [
    "192.0.2.1_does_not_like_recipient./Remote_host_said:_550_no_such_user/Giving_up_on_192.0.2.1./",
    { text: "550 no such user", status: null, code: 550, command: "RCPT", host: "192.0.2.1" },
  ],
])("%s", (text, { text: said, status, code, command, host }) => {
  expect(reason(text)).toEqual({
    diagnostic: { type: "smtp", text: said },
    status,
    replyCode: code,
    smtpCommand: command,
    remoteMta: host,
  });
});

test("words without a reply are the program's own", () => {
  expect(reason("Sorry, no mailbox here by that name. (#5.1.1)")).toMatchObject({
    diagnostic: { type: "x-qmail", text: "Sorry, no mailbox here by that name. (#5.1.1)" },
    status: "5.1.1",
    replyCode: null,
  });
});

test("no words, no reason", () => {
  expect(readReason([], null, null)).toEqual({
    diagnostic: null,
    status: null,
    replyCode: null,
    smtpCommand: null,
    remoteMta: null,
  });
});

test.each([
  ["Port 25 on 192.0.2.1, 450 seconds", 0],
  ["Your 550 messages were read", 0],
  ["see DSN code 5.1.1 for tips", 1],
  ["no mailbox (#5.1.1)", 2],
  ["said: 550 no", 3],
  ["<<< 550 no", 3],
  ["your mail to <550-5.2.2-full.452@example.org>.", 0],
] as const)("%s weighs %i", (line, weight) => expect(weightOf([line])).toBe(weight));
