import { expect, test } from "vitest";
import { readNotice } from "../../../src/core/notice/notice.ts";
import { identityOf, receivedAtIn } from "../../../src/core/notice/quoted-identity.ts";
import { mailOf } from "./support.ts";

const identity = async (body: string) => {
  const mail = await mailOf(body);
  return identityOf(mail, readNotice(mail));
};

test.each([
  ["Your message\n\n  Subject: März\n\nwas not delivered", "März", null],
  [
    "The subject of the message is: March\nThe date of the message is:    Tue, 3 Mar 2026 09:00:00 +0000",
    "March",
    "2026-03-03T09:00:00.000Z",
  ],
  ["Your document: March\nwas not delivered to: ann@example.org", "March", null],
  ["With subject March sent on the Tue, 3 Mar 2026 09:00:00 +0000", "March", "2026-03-03T09:00:00.000Z"],
  ["      Betreff:  Kontoauszug\n", "Kontoauszug", null],
])("%s", async (body, subject, date) => expect(await identity(body)).toMatchObject({ subject, date }));

test("a quoted header goes before the words", async () => {
  const body =
    "Subject: wrong\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <1@a>\nFrom: a@b\nSubject: right\n";
  expect(await identity(body)).toMatchObject({ subject: "right", messageId: "<1@a>" });
});

test("nothing said, nothing known", async () => expect(await identity("It failed.")).toBeNull());

test("when the reporting server got it", async () => {
  const notice = readNotice(await mailOf("The original message was received at Tue, 3 Mar 2026 09:00:00 GMT\nfrom a"));
  expect(receivedAtIn(notice)).toBe("Tue, 3 Mar 2026 09:00:00 GMT");
});
