import { expect, test } from "vitest";
import { classify, emptyRefusal } from "../../../src/core/classify/classify.ts";
import { serverWords } from "../../../src/core/classify/facts/server-words.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const WRITTEN: readonly (readonly [string, (reply: string) => string])[] = [
  ["Postfix", (reply) => `host mx1.example.org[192.0.2.1] said: ${reply} (in reply to RCPT TO command)`],
  ["Postfix, its log", (reply) => `<jo@example.org>: host mx1.example.org[2001:db8::1] said: ${reply}`],
  [
    "Exim",
    (reply) =>
      `SMTP error from remote mail server after RCPT TO:<jo@example.org> SIZE=2048: host mx1.example.org [192.0.2.1]: ${reply}`,
  ],
  ["Exim 3", (reply) => `SMTP error from remote mailer after end of data: host mx1.example.org [192.0.2.1]: ${reply}`],
  ["Sendmail", (reply) => `... while talking to mx1.example.org.: >>> RCPT To:<jo@example.org> <<< ${reply}`],
  ["Google", (reply) => `The response from the remote server was: ${reply}`],
];

test.each(WRITTEN)("what %s writes around a reply is left out", (_, write) => {
  expect(serverWords(write("550 No such user here"))).toBe("550 No such user here");
});

test.each([
  "550 host unknown",
  "host mx1.example.org[192.0.2.1] refused to talk to me: 421 busy",
  "SMTP error from remote mail server after RCPT TO:<jo@example.org>: ",
  "The response was late",
])("anything else stays: %s", (text) => expect(serverWords(text)).toBe(text));

const rules = loadRules();
const severityOf = (text: string): string => classify({ ...emptyRefusal, text }, { rules }).severity;
const replies = [
  ...new Set(
    rules.rules
      .flatMap(({ rule }) => rule.examples.flatMap(({ text }) => text ?? []))
      .filter((text) => /^\d{3}[ -]/.test(text)),
  ),
];

test.each(WRITTEN)("the same words mean the same, whoever reports them: %s", (_, write) => {
  expect(replies.length).toBeGreaterThan(100);
  expect(replies.filter((reply) => severityOf(write(reply)) !== severityOf(reply))).toEqual([]);
});
