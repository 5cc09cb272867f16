/**
 * Complaints without a feedback-report part: Microsoft's Junk Mail Reporting Program (`X-HmXmrOriginalRecipient` in
 * the returned message, which may also be the whole mail), and DMARC failure reports that Exim writes as plain text.
 */
import { parseTypedAddress } from "../../fields/address.ts";
import { decodeHeader } from "../../fields/encoded-word.ts";
import { latin1 } from "../../fields/charset.ts";
import { headerOctets, readHeaderBlock, type HeaderField } from "../../fields/header-block.ts";
import { headerOf, type Mail } from "../../mime/mail.ts";
import { originalPart, quotedOriginal, readOriginal } from "../../report/original.ts";
import type { Feedback, OriginalMessage } from "../../report/report.ts";
import { blankFeedback, blankRecipient, blankReport } from "../../report/blank-recipient.ts";
import { feedbackKind } from "./feedback-kind.ts";
import { type Format } from "../format.ts";
import { notMine, type Reading } from "../../report/reading.ts";

export const feedbackLoop: Format = {
  id: "feedback-loop",
  read: (mail) => readJunkMailReport(mail) ?? readDmarcText(mail) ?? notMine,
};

const JMRP = "x-hmxmroriginalrecipient";
const JMRP_LINE = /^x-hmxmroriginalrecipient[ \t]*:/im;

function readJunkMailReport(mail: Mail): Reading | null {
  const fields = headerOf(mail, JMRP) === null ? returnedFields(mail) : mail.headers;
  const complainant = fields.find(({ name }) => name === JMRP)?.value;
  if (complainant === undefined) return null;
  const finalRecipient = parseTypedAddress(complainant);
  const sourceIp = /complaint about message from ([\d.:A-Fa-f]{7,45})/i.exec(headerOf(mail, "subject") ?? "")?.[1];
  return complaint(mail, finalRecipient, readOriginal(fields), {
    ...blankFeedback,
    type: "abuse",
    userAgent: "Microsoft-JMRP",
    sourceIp: sourceIp ?? null,
    originalRcptTo: finalRecipient === null ? [] : [finalRecipient],
  });
}

/** Read where the field stands in it alone. */
function returnedFields(mail: Mail): readonly HeaderField[] {
  const part = originalPart(mail);
  return part && JMRP_LINE.test(latin1(headerOctets(part.content))) ? readHeaderBlock(part.content) : [];
}

function readDmarcText(mail: Mail): Reading | null {
  const { text } = mail;
  if (!/failed the published DMARC policy/i.test(text) || !/^\s*Sender Domain:/im.test(text)) return null;
  const of = (name: string): string | null =>
    new RegExp(String.raw`^\s*${name}:[ \t]*(\S{1,200})`, "im").exec(text)?.[1] ?? null;
  const domain = of("Sender Domain");
  return complaint(mail, null, quotedOriginal(text), {
    ...blankFeedback,
    type: "auth-failure",
    sourceIp: of("Sender IP Address"),
    reportedDomain: domain === null ? [] : [domain],
    authFailure: "dmarc",
  });
}

const complaint = (
  mail: Mail,
  finalRecipient: string | null,
  original: OriginalMessage | null,
  feedback: Feedback,
): Reading => ({
  kind: "report",
  report: {
    ...blankReport,
    kind: feedbackKind(feedback.type),
    recipients: finalRecipient === null ? [] : [{ ...blankRecipient, finalRecipient }],
    software: /hotmail|outlook|microsoft/i.test(decodeHeader(headerOf(mail, "from") ?? "")) ? "microsoft-jmrp" : null,
    feedback,
    original,
  },
  warnings: [],
});
