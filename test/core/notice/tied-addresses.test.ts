import { expect, test } from "vitest";
import { readNotice } from "../../../src/core/notice/notice.ts";
import { readTied } from "../../../src/core/notice/tied-addresses.ts";
import { mailOf } from "./support.ts";

const tied = async (body: string, subject = "Undelivered mail") =>
  readTied(readNotice(await mailOf(body, { subject }))).map(({ address }) => address);

test.each([
  ["Your message to ann@example.org was rejected.", ["ann@example.org"]],
  ["User's mailbox is full: <ann@example.org>", ["ann@example.org"]],
  ["Delivery failed 10 attempts: ann@example.org", ["ann@example.org"]],
  ["Unknown user: ann@example.org\nUnknown user: bob@example.org", ["ann@example.org", "bob@example.org"]],
  ["Ihre Nachricht an ann@example.org konnte nicht zugestellt werden.", ["ann@example.org"]],
  ["Votre message à ann@example.org n'a pas pu être remis.", ["ann@example.org"]],
  ["Письмо для пользователя ann@example.org не доставлено.", ["ann@example.org"]],
  // Not the recipient: contacts, senders, ourselves, where the mailbox moved to, a Message-ID.
  ["Your message could not be delivered. Please contact helpdesk@example.org.", []],
  ["Your mail from me@example.org could not be delivered.", []],
  ["The mail to news-bounces@sender.test could not be delivered.", []],
  ["Mail to ann@example.org failed: moved, please try ann@new.example.org", ["ann@example.org"]],
  ["The mail with Message-ID: <1@example.org> could not be delivered.", []],
  ["Nothing went wrong with ann@example.org.", []],
])("%s", async (body, addresses) => expect(await tied(body)).toEqual(addresses));

test("the subject is asked when the text names nobody", async () => {
  expect(await tied("It bounced.", "Undeliverable: ann@example.org")).toEqual(["ann@example.org"]);
});
