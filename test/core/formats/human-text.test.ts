import { expect, test } from "vitest";
import { readHumanText, sayingOf } from "../../../src/core/formats/dsn/human-text.ts";

const saying = (text: string, address = "user@example.org", alone = true) => {
  const said = sayingOf(readHumanText(text), address, alone);
  return [said.reply(), said.smtpCommand(), said.remoteMta()];
};

test.each([
  [
    "Postfix, folded",
    "<user@example.org>: host mx.example.org[192.0.2.1] said: 550 5.1.1\n    <user@example.org>: unknown (in reply\n    to RCPT TO command)\n\n<b@example.org>: other",
    ["550 5.1.1 <user@example.org>: unknown", "RCPT", "mx.example.org"],
  ],
  [
    "Exim",
    "  user@example.org\n    host mx.example.org [192.0.2.1]\n    SMTP error from remote mail server after end of data:\n    554 spam\n  b@example.org\n    Unrouteable address",
    ["554 spam", "EOD", "mx.example.org"],
  ],
  [
    "Courier",
    "<user@example.org>:\n     mx.example.org [192.0.2.1]:\n >>> RCPT TO:<user@example.org>\n <<< 550 no\n",
    ["550 no", "RCPT", "mx.example.org"],
  ],
  [
    "Sendmail, answer to RCPT after a pipelined DATA",
    "... while talking to mx.example.org.:\n>>> DATA\n<<< 550 5.1.1 gone\n550 5.1.1 <user@example.org>... User unknown\n<<< 554 5.5.1 Error: no valid recipients\n",
    ["550 5.1.1 gone", "RCPT", "mx.example.org"],
  ],
  [
    "Sendmail's own remark",
    "550 5.1.2 <user@example.org>... Host unknown (Name server: example.org.: no data known)",
    ["550 5.1.2 <user@example.org>... Host unknown (Name server: example.org.: no data known)", null, null],
  ],
  [
    "Google's sentence",
    "Your message wasn't delivered to user@example.org because the address\ncouldn't be found.\n\nLearn more",
    ["Your message wasn't delivered to user@example.org because the address couldn't be found.", null, null],
  ],
  ["an address inside another", "<other-user@example.org>: 550 no\n", [null, null, null]],
  ["nothing", "", [null, null, null]],
])("%s", (_, text, expected) => expect(saying(text)).toEqual(expected));

test("an address that Exim printed in octal is found", () => {
  const text = "  m\\303\\274ller@example.org\n    Unrouteable address\n";
  expect(saying(text, "müller@example.org")[0]).toBe("Unrouteable address");
});

test("a transcript that names nobody says nothing of one of several recipients", () => {
  expect(saying(">>> DATA\n<<< 554 no\n", "user@example.org", false)).toEqual([null, null, null]);
});
