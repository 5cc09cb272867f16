/** The mail of the demo, written out: reports of Postfix and Exim, complaints and auto-replies. */
import type { DemoRefusal } from "./refusals.ts";

/** The mail that came back. */
export interface DemoMail {
  readonly recipient: string;
  readonly returnPath: string;
  readonly subject: string;
  readonly sentAt: Date;
  /** Unique; in Message-IDs and queue ids. */
  readonly id: string;
}

type Answer = Pick<DemoRefusal, "host" | "status" | "text" | "stage">;

const MTA = "mta1.shop.test";

/** RFC 5322, section 3.3. */
const dateOf = (at: Date): string => at.toUTCString().replace("GMT", "+0000");

const messageIdOf = ({ id }: DemoMail): string => `<${id}@app.shop.test>`;

const textOf = ({ text }: Answer, { recipient, id }: DemoMail): string =>
  text.replaceAll("{to}", recipient).replaceAll("{id}", id);

const originalOf = (mail: DemoMail): readonly string[] => [
  `Return-Path: <${mail.returnPath}>`,
  `Received: from app.shop.test (app.shop.test [192.0.2.5]) by ${MTA} with ESMTP id ${mail.id}; ${dateOf(mail.sentAt)}`,
  'From: "The Shop" <hello@shop.test>',
  `To: <${mail.recipient}>`,
  `Subject: ${mail.subject}`,
  `Date: ${dateOf(mail.sentAt)}`,
  `Message-ID: ${messageIdOf(mail)}`,
  "MIME-Version: 1.0",
  "Content-Type: text/plain; charset=us-ascii",
  "",
  "Hello,",
  "",
  "this is a made-up message of the demo.",
];

interface Part {
  readonly type: string;
  readonly lines: readonly string[];
}

function multipart(header: readonly string[], reportType: string, id: string, parts: readonly Part[]): Buffer {
  const boundary = `demo-${id}`;
  return written([
    ...header,
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=${reportType}; boundary="${boundary}"`,
    "",
    ...parts.flatMap(({ type, lines }) => [`--${boundary}`, `Content-Type: ${type}`, "", ...lines, ""]),
    `--${boundary}--`,
  ]);
}

const written = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join("\r\n")}\r\n`);

/** A failure, or with `isDelay` the notice that delivery is still tried. */
export function postfixReport(mail: DemoMail, answer: Answer, at: Date, isDelay = false): Buffer {
  const text = textOf(answer, mail);
  return multipart(
    [
      `Date: ${dateOf(at)}`,
      `From: Mail Delivery System <MAILER-DAEMON@${MTA}>`,
      `Subject: ${isDelay ? "Delayed Mail (still being retried)" : "Undelivered Mail Returned to Sender"}`,
      `To: ${mail.returnPath}`,
      "Auto-Submitted: auto-replied",
      `Message-Id: <report-${mail.id}@${MTA}>`,
    ],
    "delivery-status",
    mail.id,
    [
      {
        type: "text/plain; charset=us-ascii",
        lines: [
          `This is the mail system at host ${MTA}.`,
          "",
          ...(isDelay
            ? [
                "####################################################################",
                "# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #",
                "####################################################################",
              ]
            : [
                "I'm sorry to have to inform you that your message could not",
                "be delivered to one or more recipients. It's attached below.",
              ]),
          "",
          "                   The mail system",
          "",
          `<${mail.recipient}>: host ${answer.host}[198.51.100.31] said: ${text} (in reply to ${answer.stage} command)`,
        ],
      },
      {
        type: "message/delivery-status",
        lines: [
          `Reporting-MTA: dns; ${MTA}`,
          `X-Postfix-Queue-ID: ${mail.id}`,
          `X-Postfix-Sender: rfc822; ${mail.returnPath}`,
          `Arrival-Date: ${dateOf(mail.sentAt)}`,
          "",
          `Final-Recipient: rfc822; ${mail.recipient}`,
          `Original-Recipient: rfc822;${mail.recipient}`,
          `Action: ${isDelay ? "delayed" : "failed"}`,
          `Status: ${answer.status}`,
          `Remote-MTA: dns; ${answer.host}`,
          `Diagnostic-Code: smtp; ${text}`,
        ],
      },
      { type: "message/rfc822", lines: originalOf(mail) },
    ],
  );
}

export function eximReport(mail: DemoMail, answer: Answer, at: Date): Buffer {
  const text = textOf(answer, mail);
  return multipart(
    [
      `X-Failed-Recipients: ${mail.recipient}`,
      "Auto-Submitted: auto-replied",
      "From: Mail Delivery System <Mailer-Daemon@mta2.shop.test>",
      `To: ${mail.returnPath}`,
      `References: ${messageIdOf(mail)}`,
      "Subject: Mail delivery failed: returning message to sender",
      `Message-Id: <E${mail.id}@mta2.shop.test>`,
      `Date: ${dateOf(at)}`,
    ],
    "delivery-status",
    mail.id,
    [
      {
        type: "text/plain; charset=us-ascii",
        lines: [
          "This message was created automatically by mail delivery software.",
          "",
          "A message that you sent could not be delivered to one or more of its",
          "recipients. This is a permanent error. The following address(es) failed:",
          "",
          `  ${mail.recipient}`,
          `    host ${answer.host} [198.51.100.31]`,
          `    SMTP error from remote mail server after ${answer.stage === "RCPT TO" ? `RCPT TO:<${mail.recipient}>` : "end of data"}:`,
          `    ${text}`,
        ],
      },
      {
        type: "message/delivery-status",
        lines: [
          "Reporting-MTA: dns; mta2.shop.test",
          "",
          "Action: failed",
          `Final-Recipient: rfc822;${mail.recipient}`,
          `Status: ${answer.status}`,
          `Remote-MTA: dns; ${answer.host}`,
          `Diagnostic-Code: smtp; ${text}`,
        ],
      },
      { type: "message/rfc822", lines: originalOf(mail) },
    ],
  );
}

/** RFC 5965. */
export const complaint = (mail: DemoMail, at: Date): Buffer =>
  multipart(
    [
      "From: Feedback Loop <fbl@purplemail.test>",
      `To: ${mail.returnPath}`,
      `Subject: FW: ${mail.subject}`,
      `Date: ${dateOf(at)}`,
      `Message-ID: <fbl-${mail.id}@purplemail.test>`,
    ],
    "feedback-report",
    mail.id,
    [
      {
        type: "text/plain; charset=us-ascii",
        lines: ["This is an abuse report for a message that one of our users marked as junk."],
      },
      {
        type: "message/feedback-report",
        lines: [
          "Feedback-Type: abuse",
          "User-Agent: DemoFBL/1.0",
          "Version: 1",
          `Original-Mail-From: <${mail.returnPath}>`,
          `Original-Rcpt-To: <${mail.recipient}>`,
          `Arrival-Date: ${dateOf(mail.sentAt)}`,
          "Reported-Domain: shop.test",
          "Source-IP: 192.0.2.10",
        ],
      },
      { type: "message/rfc822", lines: originalOf(mail) },
    ],
  );

interface Absence {
  readonly title: string;
  readonly text: string;
}

export const ABSENCES: readonly [Absence, ...Absence[]] = [
  { title: "Automatic reply", text: "I am out of the office until Monday and will answer when I am back." },
  { title: "Automatische Antwort", text: "Ich bin bis Montag nicht im Haus und antworte nach meiner Rueckkehr." },
  { title: "Reponse automatique", text: "Je suis absente jusqu'a lundi et vous repondrai a mon retour." },
];

/** RFC 3834. */
export const absenceReply = (mail: DemoMail, { title, text }: Absence, at: Date): Buffer =>
  written([
    "Return-Path: <>",
    `From: <${mail.recipient}>`,
    `To: ${mail.returnPath}`,
    `Subject: ${title}: ${mail.subject}`,
    `Date: ${dateOf(at)}`,
    `Message-ID: <absence-${mail.id}@${mail.recipient.split("@")[1] ?? ""}>`,
    `In-Reply-To: ${messageIdOf(mail)}`,
    `References: ${messageIdOf(mail)}`,
    "Auto-Submitted: auto-replied",
    "X-Auto-Response-Suppress: All",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    text,
  ]);
