/** Who wrote a report, from marks that the program leaves: extension fields, header lines, fixed words. */
import { fieldOf, type FieldBlock } from "../fields/field-block.ts";
import { headerOf, type Mail } from "../mail.ts";

type Mark = readonly [software: string, is: (marks: Marks) => boolean];

interface Marks {
  readonly fields: FieldBlock;
  readonly received: string;
  readonly from: string;
  readonly subject: string;
  readonly messageId: string;
  readonly contentType: string;
  readonly mailer: string;
  readonly reportingMta: string;
  /** First 2,000 characters of the human part. */
  readonly text: string;
  has(header: string): boolean;
}

const field = (fields: FieldBlock, pattern: RegExp): boolean => fields.some(({ name }) => pattern.test(name));

const MARKS: readonly Mark[] = [
  // `mail_name` renames the prefix, so the suffixes tell: X-Postfix-Queue-ID, X-Example-Sender.
  ["postfix", ({ fields }) => field(fields, /^x-[\w-]+-queue-id$/) && field(fields, /^x-[\w-]+-sender$/)],
  ["postfix", ({ text }) => /This is the (?:Postfix program|mail system) at host/.test(text)],
  [
    "exim",
    (mark) => mark.contentType.includes("eximdsn") || /^<E[\w]{6,12}-[\w]{6,16}-[\w]{2,4}@/.test(mark.messageId),
  ],
  ["exim", ({ text }) => text.includes("This message was created automatically by mail delivery software")],
  ["sendmail", ({ text }) => /----- (?:Transcript of session follows|The following addresses had)/.test(text)],
  [
    "courier",
    (mark) => mark.messageId.startsWith("<courier.") || mark.text.includes("running the Courier mail server"),
  ],
  [
    "nullmailer",
    ({ received, text }) =>
      received.includes("(nullmailer ") || text.includes("This is the nullmailer delivery system"),
  ],
  ["dma", ({ received, text }) => /DragonFly Mail Agent/.test(received + text)],
  ["opensmtpd", ({ from, text }) => /OpenSMTPD/.test(text) && /mailer-daemon/i.test(from)],
  ["qmail", ({ text }) => /This is the qmail-send program|Hi\. This is the/.test(text)],
  [
    "exchange-online",
    (mark) => mark.has("x-ms-exchange-message-is-ndr") || /\.(?:outlook|office365)\.com$/i.test(mark.reportingMta),
  ],
  [
    "exchange",
    (mark) =>
      mark.has("x-ms-journal-report") ||
      field(mark.fields, /^x-display-name$/) ||
      mark.text.includes("Microsoft Exchange"),
  ],
  [
    "google",
    (mark) =>
      /googlemail\.com$/i.test(mark.reportingMta) ||
      /mailer-daemon@google/i.test(mark.from) ||
      mark.has("x-gm-message-state"),
  ],
  ["amazon-ses", (mark) => /amazonses\.com/i.test(mark.reportingMta + mark.from)],
  ["yahoo", ({ from }) => /mailer-daemon@yahoo/i.test(from)],
  ["powermta", (mark) => /PowerMTA/i.test(mark.received + mark.mailer) || field(mark.fields, /^x-powermta-/)],
  ["kumomta", (mark) => /KumoMTA/i.test(mark.received + mark.text)],
  ["haraka", ({ received }) => received.includes("(Haraka")],
  [
    "domino",
    (mark) => field(mark.fields, /^x-notes-/) || /Lotus Domino|IBM Domino|HCL Domino/.test(mark.received + mark.text),
  ],
  ["groupwise", ({ mailer }) => /groupwise/i.test(mailer)],
  ["mdaemon", (mark) => mark.has("x-mdaemon-deliver-to") || /MDaemon/i.test(mark.mailer + mark.received)],
  ["communigate", ({ received, mailer }) => /CommuniGate/i.test(received + mailer)],
  ["james", ({ received, text }) => /JAMES/.test(received) || text.includes("Apache James")],
  ["dovecot", ({ messageId }) => messageId.startsWith("<dovecot-")],
  ["zimbra", ({ mailer }) => /Zimbra/i.test(mailer)],
];

/** Lower-case name of the program, or null where nothing gives it away. */
export function softwareOf(mail: Mail, perMessage: FieldBlock): string | null {
  const of = (name: string): string => headerOf(mail, name) ?? "";
  const marks: Marks = {
    fields: perMessage,
    received: of("received"),
    from: of("from"),
    subject: of("subject"),
    messageId: of("message-id"),
    contentType: of("content-type"),
    mailer: of("x-mailer"),
    reportingMta: fieldOf(perMessage, "reporting-mta") ?? "",
    text: mail.text.slice(0, 2_000),
    has: (name) => mail.headers.some((header) => header.name === name),
  };
  return MARKS.find(([, is]) => is(marks))?.[0] ?? null;
}
