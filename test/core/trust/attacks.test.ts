/**
 * What the holder of one signed path can make of it: reports in every format that name others, in every way that a
 * reader might take for two names. Only he may come out of them as credible.
 */
import { beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../../src/config/config.ts";
import { createReturnPath } from "../../../src/client/return-path.ts";
import type { BouncedEvent } from "../../../src/event/event.ts";
import { readMessage } from "../../../src/core/read-message.ts";
import { isCredible } from "../../../src/event/credible.ts";
import { mailgunEventOf } from "../../../src/vendors/mailgun.ts";
import { postmarkRecordOf } from "../../../src/vendors/postmark.ts";
import { sendgridEventOf } from "../../../src/vendors/sendgrid.ts";
import { sesNotificationOf } from "../../../src/vendors/ses.ts";
import { sparkpostEventOf } from "../../../src/vendors/sparkpost.ts";
import { readWhole } from "../../../src/intake/message.ts";
import { readSettingsOf } from "../../../src/reading/read-settings.ts";

const DOMAIN = "bounces.example.com";
const SECRET = "0123456789abcdef0123456789abcdef";
const ME = "attacker@evil.test";
const V1 = "victim1@victims.test";
const V2 = "victim2@victims.test";
const settings = readSettingsOf(loadConfig({ BOUNCED_SECRET: SECRET, BOUNCED_DOMAINS: DOMAIN }));
const path = createReturnPath({ domain: DOMAIN, recipient: ME, secrets: [SECRET] });
const tagged = createReturnPath({ domain: DOMAIN, recipient: ME, tag: "x", secrets: [SECRET] });

async function read(forwardPath: string, message: string): Promise<readonly BouncedEvent[]> {
  const octets = Buffer.from(message.replaceAll(/\r?\n/g, "\r\n"));
  return readMessage(
    {
      ...readWhole(octets, 256 * 1024),
      receivedAt: new Date().toISOString(),
      envelope: { reversePath: "", forwardPath },
      remoteAddress: "192.0.2.1",
    },
    settings,
  );
}

const HEAD = `From: MAILER-DAEMON@mx.evil.test
To: b@${DOMAIN}
Subject: Undelivered Mail Returned to Sender
Message-ID: <1@mx.evil.test>
MIME-Version: 1.0
`;
const dsn = (
  fields: string,
  returned = "Subject: news",
): string => `${HEAD}Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It failed.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.evil.test

${fields}

--b
Content-Type: text/rfc822-headers

${returned}
--b--
`;
const failed = "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user here";
const arf = (
  fields: string,
): string => `${HEAD}Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

A complaint.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: x/1
Version: 1
${fields}

--b
Content-Type: message/rfc822

From: news@example.com
To: ${V1}
Subject: news

hello
--b--
`;
const text = (body: string, headers = ""): string => `${HEAD}${headers}Content-Type: text/plain\n\n${body}\n`;

const FINALS: readonly string[] = [
  V1,
  `${V1}, ${ME}`,
  `${ME}, ${V1}`,
  `${ME} ${V1}`,
  `<${V1}> <${ME}>`,
  `"${ME}" <${V1}>`,
  `${ME} (${V1})`,
  `${V1} (${ME})`,
  `<@evil.test,@${DOMAIN}:${V1}>`,
  `${ME}\n ${V1}`,
  `attacker%evil.test@victims.test`,
  `${ME}@victims.test`,
  `${ME}.victims.test`,
  `${ME}\u0000${V1}`,
  `=?utf-8?q?attacker=40evil.test?= <${V1}>`,
  `"${ME}"@victims.test`,
  `victim1@victims.test#${ME}`,
];
const both = (final: string, original: string): string =>
  `Original-Recipient: rfc822; ${original}\nFinal-Recipient: rfc822; ${final}\n${failed}`;

const MESSAGES: readonly (readonly [name: string, message: string])[] = [
  ...FINALS.map(
    (final) => [`final ${JSON.stringify(final)}`, dsn(`Final-Recipient: rfc822; ${final}\n${failed}`)] as const,
  ),
  ...FINALS.map((final) => [`original ${JSON.stringify(final)}`, dsn(both(V1, final))] as const),
  ["two finals in one group", dsn(`Final-Recipient: rfc822; ${V1}\nFinal-Recipient: rfc822; ${ME}\n${failed}`)],
  ["two finals, ours first", dsn(`Final-Recipient: rfc822; ${ME}\nFinal-Recipient: rfc822; ${V1}\n${failed}`)],
  ["two originals in one group", dsn(`Original-Recipient: rfc822; ${ME}\n${both(V1, V2)}`)],
  ["two strangers, two groups", dsn([V1, V2].map((final) => both(final, ME)).join("\n\n"))],
  ["strangers behind one of ours", dsn([both(ME, ME), both(V1, ME), both(V2, ME)].join("\n\n"))],
  ["strangers before one of ours", dsn([both(V1, V2), both(V2, V1), both(ME, V1)].join("\n\n"))],
  ["a group without a name, then strangers", dsn([failed, `Final-Recipient: rfc822; ${V1}\n${failed}`].join("\n\n"))],
  ["returned header to a victim", dsn(both(V1, V1), `To: ${ME}, ${V1}\nReturn-Path: <${path}>\nFrom: news@${DOMAIN}`)],
  ["an envelope of the victim", dsn(`X-Actual-Recipient: rfc822; ${ME}\nFinal-Recipient: rfc822; ${V1}\n${failed}`)],
  ["a complaint", arf(`Original-Rcpt-To: ${V1}`)],
  ["a complaint of several", arf(`Original-Rcpt-To: ${ME}\nOriginal-Rcpt-To: ${V1}\nOriginal-Rcpt-To: ${V2}`)],
  ["a complaint of several, ours last", arf(`Original-Rcpt-To: ${V1}, ${V2}\nOriginal-Rcpt-To: ${ME}`)],
  ["a complaint with the path quoted", arf(`Original-Mail-From: <${path}>\nOriginal-Rcpt-To: ${V1}`)],
  ["a complaint, removed for a victim", arf(`Removal-Recipient: ${V1}\nOriginal-Rcpt-To: redacted@evil.test`)],
  ["x-failed-recipients", text(`550 5.1.1 ${V1}: user unknown`, `X-Failed-Recipients: ${V1}, ${ME}\n`)],
  ["x-failed-recipients twice", text("550 5.1.1 unknown", `X-Failed-Recipients: ${ME}\nX-Failed-Recipients: ${V1}\n`)],
  [
    "qmail",
    text(
      `Hi. This is the qmail-send program at mx.evil.test.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<${V1}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n<${ME}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <${path}>\nTo: ${V1}\nSubject: x\n`,
    ),
  ],
  [
    "exim",
    text(
      `This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its recipients.\n\n  ${V1}\n    host mx: 550 5.1.1 no such user\n  ${ME}\n    host mx: 550 5.1.1 no such user\n`,
    ),
  ],
  [
    "sendmail",
    text(
      `   ----- The following addresses had permanent fatal errors -----\n<${V1}>\n    (expanded from: ${ME})\n\n   ----- Transcript of session follows -----\n550 5.1.1 <${V1}>... User unknown\n`,
    ),
  ],
  ["prose", text(`Your message to ${V1} could not be delivered: 550 5.1.1 user unknown. It was sent to ${ME}.`)],
  [
    "an unsubscribe by a victim",
    `From: ${V1}\nTo: b@${DOMAIN}\nSubject: unsubscribe\nMessage-ID: <2@x>\n\nunsubscribe\n`,
  ],
  [
    "an answer by a victim",
    `From: ${V1}\nTo: b@${DOMAIN}\nSubject: Out of office\nAuto-Submitted: auto-replied\nMessage-ID: <3@x>\n\nI am away.\n`,
  ],
  [
    "SES",
    text(
      JSON.stringify({
        notificationType: "Bounce",
        bounce: {
          bounceType: "Permanent",
          bounceSubType: "General",
          bouncedRecipients: [
            { emailAddress: V1, action: "failed", status: "5.1.1", diagnosticCode: "smtp; 550 5.1.1 unknown" },
          ],
          timestamp: "2026-01-01T00:00:00.000Z",
        },
        mail: { source: path, destination: [V1, ME], messageId: "1", commonHeaders: { returnPath: path, to: [V1] } },
      }),
    ),
  ],
  [
    "a receipt of a victim",
    `${HEAD}Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ${V1}\nOriginal-Recipient: rfc822; ${ME}\nDisposition: automatic-action/MDN-sent-automatically; deleted\n\n--b--\n`,
  ],
];

const SHAPES = [sendgridEventOf, sesNotificationOf, postmarkRecordOf, mailgunEventOf, sparkpostEventOf] as const;

let events: readonly (readonly [name: string, event: BouncedEvent])[] = [];
beforeAll(async () => {
  const read1 = async ([name, message]: readonly [string, string]) =>
    Promise.all(
      [path, tagged, `postmaster@${DOMAIN}`].map(async (to) =>
        (await read(to, message)).map((event) => [`${name}, to ${to.split("@")[0]?.slice(0, 12)}`, event] as const),
      ),
    );
  events = (await Promise.all(MESSAGES.map(read1))).flat(2);
}, 60_000);

test("nobody but the holder of the path is credible, whatever his report says", () => {
  expect(events.length).toBeGreaterThan(100);
  const wrong = events
    .filter(([, event]) => isCredible(event) && event.recipient.mailed?.toLowerCase() !== ME)
    .map(([name, { recipient }]) => `${name}: ${recipient.mailed}`);
  expect(wrong).toEqual([]);
  const advised = events.filter(([, event]) => event.advice === "suppress" && !isCredible(event));
  expect(advised).toEqual([]);
});

test("one report counts for one recipient, and says whom else it names", () => {
  const credible = Map.groupBy(
    events.filter(([, event]) => isCredible(event)),
    ([name]) => name,
  );
  for (const [name, some] of credible) expect(some, name).toHaveLength(1);
  for (const [name, { recipient, warnings, authenticity }] of events)
    if (isCredible({ authenticity }) && recipient.address !== null && recipient.address.toLowerCase() !== ME)
      expect(
        warnings.map(({ code }) => code),
        name,
      ).toContain("recipient-redirected");
});

test("no shape of a webhook says a failure of anybody else", () => {
  for (const [name, event] of events)
    for (const shape of SHAPES) {
      const said = JSON.stringify(shape(event) ?? {});
      const isFailure =
        /"event":"(?:bounce|dropped|spamreport|unsubscribe|failed|complained|unsubscribed)"|"Permanent"|HardBounce|SpamComplaint|"type":"(?:bounce|out_of_band|spam_complaint|list_unsubscribe)"|"notificationType":"(?:Bounce|Complaint)"/.test(
          said,
        );
      const about = /"(?:email|emailAddress|Email|recipient|rcpt_to)":"(victim[^"]*)"/.exec(said)?.[1];
      if (about && isFailure && !/"severity":"temporary"/.test(said)) expect.fail(`${name}: ${said.slice(0, 400)}`);
    }
});
