import { expect, test } from "vitest";
import { readNotice } from "../../../src/core/notice/notice.ts";
import { FORMATS } from "../../../src/core/formats/index.ts";
import type { Reading } from "../../../src/core/report/reading.ts";
import { prose } from "../../../src/core/formats/prose.ts";
import type { Mail } from "../../../src/core/mime/mail.ts";
import { mailOf, type Letter } from "../notice/support.ts";

const QUOTED = `Hi,

what does this mean? The mail could not be delivered.

> <ann@example.org>: host mx.example.org[192.0.2.1] said: 550 5.1.1 No such user
`;
const PERSON = "Bob <bob@example.com>";

const letters: readonly (readonly [string, string, Letter])[] = [
  ["a person asks about a bounce", QUOTED, { from: PERSON, subject: "Re: Undelivered Mail Returned to Sender" }],
  [
    "a person forwards one",
    "See below, it could not be delivered:\n\n<ann@example.org>:\n550 no such user",
    { from: PERSON, subject: "Fwd: failure notice" },
  ],
  [
    "a list talks about one",
    "My log says:\n<ann@example.org>: host mx.example.org said: 550 5.1.1 unknown\nWhy could it not be delivered?",
    { from: PERSON, subject: "[mta-users] delivery failed", headers: "List-Id: <mta-users.example.org>" },
  ],
  [
    "a postmaster writes to customers",
    "Dear customer,\nmail may be delayed on Sunday. Mail to info@isp.example.com is unavailable.",
    { from: "postmaster@isp.example.com", subject: "Planned maintenance" },
  ],
  [
    "a parcel",
    "Your parcel could not be delivered.",
    { from: "Shop <news@shop.example.com>", subject: "Delivery failed" },
  ],
  [
    "spam that plays a bounce",
    "Dear news-bounces@sender.test,\n\n5 messages could not be delivered to your mailbox:\n\nnews-bounces@sender.test\n\nRelease them here.",
    { from: "Mail Delivery System <promo@spam.example.com>", subject: "Undelivered mail: 5 pending messages" },
  ],
  [
    "a cron job",
    "backup of bob@example.com failed: not found",
    { from: "root@host.example.com", subject: "backup failed" },
  ],
  ["an empty mail", "", { from: PERSON, subject: "failure" }],
];

const readProse = (mail: Mail): Reading => prose.read(mail, readNotice(mail));

test.each(letters)("%s: no format takes it for a delivery report", async (_, body, letter) => {
  const mail = await mailOf(body, letter);
  const readings = FORMATS.map((format) => format.read(mail, readNotice(mail))).filter(
    (reading) => reading.kind === "report",
  );
  expect(readings.filter(({ report }) => report.kind === "delivery")).toEqual([]);
});

test("a daemon's report that names nobody is a report all the same if it returns the mail", async () => {
  const body = "Your message could not be delivered.\nNo reason is known.";
  // A full mailbox warns its owner like this.
  expect(readProse(await mailOf(body)).kind).toBe("not-mine");
  const reading = readProse(await mailOf(`${body}\n\nOriginal message:\nFrom: me@sender.test\nSubject: News\n`));
  expect(reading).toMatchObject({
    kind: "report",
    report: { recipients: [{ finalRecipient: null, originalRecipient: null, action: "failed" }] },
    warnings: [{ code: "no-recipient" }],
  });
});

test("the only recipient of the returned message is the original recipient where the words name nobody", async () => {
  const reading = readProse(
    await mailOf(
      "Message could not be delivered to mobile.\n\nOriginal Message:\nFrom: me@sender.test\nTo: 5550100@mms.test",
    ),
  );
  expect(reading).toMatchObject({
    kind: "report",
    report: { recipients: [{ finalRecipient: null, originalRecipient: "5550100@mms.test" }] },
    warnings: [{ code: "recipient-from-original", value: "5550100@mms.test" }],
  });
});

test("text of hostile size and shape is read in bounds", async () => {
  const bodies = [
    "a@b ".repeat(60_000),
    "<".repeat(200_000),
    "x@".repeat(100_000),
    "said: ".repeat(50_000),
    " \n".repeat(100_000),
  ];
  for (const body of bodies) {
    const mail = await mailOf(`Your message could not be delivered.\n\n${body}`);
    for (const format of FORMATS) expect(["report", "not-mine"]).toContain(format.read(mail, readNotice(mail)).kind);
  }
});
