import { expect, test } from "vitest";
import { readNotice } from "../../../src/core/notice/notice.ts";
import { FORMATS } from "../../../src/core/formats/index.ts";
import { parseMail } from "../../../src/core/mime/mail.ts";
import { FIXTURES, octetsOf } from "../../support/fixtures.ts";

/** Formats that would also read another's mail, and why the order settles it: the owner is asked first. */
const OVERLAPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "auto-reply": {
    challenge: "a challenge is an automatic answer too",
    "feedback-loop": "Exim marks its DMARC reports auto-replied",
    "list-refusal": "Sympa calls its refusals automatic replies",
    unsubscribe: "mail programs mark the mail they send for their user",
  },
  "aggregate-report": { "x-arf": "X-ARF about a message, before X-ARF about an address" },
  exim: {
    rfc3464: "Exim writes the same words above its delivery status",
    rfc8098: "the same words",
    challenge: "TMDA opens with the words of Exim",
  },
  "postfix-text": {
    rfc3464: "Postfix writes the same words above its delivery status",
    "auto-reply": "a ticket quotes the bounce that it is about",
  },
  "x-failed-recipients": { exim: "Exim sets the header too", rfc3464: "so it does above its delivery status" },
  "exchange-text": { rfc3464: "Exchange writes the same words above its delivery status" },
  "sendmail-text": { rfc3464: "Sendmail writes the same words above its delivery status" },
  labelled: {
    "exchange-text": "Exchange labels what it says of the returned message",
    exim: "Zoho labels the error codes below Exim's words",
    qmail: "James puts its reason below a label",
    rfc3464: "delivery status that stands in the text is made of labels",
  },
  qmail: { rfc3464: "Courier and others begin a recipient's paragraph as qmail does" },
};
/** The last resort reads any words that speak of failed delivery; what is no bounce it must leave alone. */
const LAST = "prose";
const NO_BOUNCES: ReadonlySet<string> = new Set(["auto-reply", "challenge", "unsubscribe", "rfc5965", "feedback-loop"]);

const order = FORMATS.map(({ id }) => id);
const fixtures = FIXTURES.filter(({ folder }) => order.includes(folder));

test.each(fixtures)("$path", async (fixture) => {
  const outer = await parseMail(octetsOf(fixture));
  // What is inside a wrapper is what the format reads.
  const mail = outer.inner?.mails[0] ?? outer;
  const others = FORMATS.filter(
    (format) => format.id !== fixture.folder && format.read(mail, readNotice(mail)).kind === "report",
  );
  for (const { id } of others) {
    if (id === LAST) expect(NO_BOUNCES).not.toContain(fixture.folder);
    else expect(Object.keys(OVERLAPS[id] ?? {}), `${id} reads mail of ${fixture.folder}`).toContain(fixture.folder);
    expect(order.indexOf(fixture.folder)).toBeLessThan(order.indexOf(id));
  }
});

test("a format's id is its own, and prose is the last resort", () => {
  expect(new Set(order).size).toBe(order.length);
  expect(order.at(-1)).toBe(LAST);
});
