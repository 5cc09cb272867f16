/**
 * Reports about mail as a whole: DMARC aggregates (RFC 7489 section 7.2.1), SMTP TLS reports (RFC 8460) and X-ARF. They
 * name no recipient and no message, and none is returned mail, whatever its subject says.
 */
import { headerOf, type Mail, type MailPart } from "../mime/mail.ts";
import type { Feedback } from "../report/report.ts";
import { looksLikeReport, subjectOf } from "./answers/answer.ts";
import { blankFeedback, blankReport } from "../report/blank-recipient.ts";
import { isXArf } from "./complaints/x-arf.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";

export const aggregateReport: Format = {
  id: "aggregate-report",
  read(mail) {
    if (looksLikeReport(mail)) return notMine;
    const feedback = tlsReport(mail) ?? xArf(mail) ?? dmarcAggregate(mail);
    return feedback
      ? { kind: "report", report: { ...blankReport, kind: "aggregate", recipients: [], feedback }, warnings: [] }
      : notMine;
  },
};

const about = (type: string, domain: string | null | undefined): Feedback => ({
  ...blankFeedback,
  type,
  reportedDomain: domain ? [domain.toLowerCase()] : [],
});

/** `receiver!policy-domain!begin!end[!unique-id].xml`, also `.xml.gz` and `.zip`. */
const AGGREGATE_FILE = /^[\w.-]{1,255}!([\w.-]{1,255})!\d{1,12}!\d{1,12}(?:![\w.-]{1,100})?\.(?:xml(?:\.gz)?|zip|gz)$/i;
const AGGREGATE_SUBJECT = /^\s*Report Domain:\s*([\w.-]{1,255})\s+Submitter:/i;

function dmarcAggregate(mail: Mail): Feedback | null {
  const bySubject = AGGREGATE_SUBJECT.exec(subjectOf(mail))?.[1];
  const files = mail.parts.map((part) => AGGREGATE_FILE.exec(nameOf(part))?.[1]);
  const byFile = files.find((domain) => domain !== undefined);
  return byFile === undefined && bySubject === undefined ? null : about("dmarc-aggregate", byFile ?? bySubject);
}

function tlsReport(mail: Mail): Feedback | null {
  const domain = headerOf(mail, "tls-report-domain")?.trim();
  const isTls =
    /report-type="?tlsrpt/i.test(headerOf(mail, "content-type") ?? "") ||
    mail.parts.some(({ contentType }) => /^application\/tlsrpt\+(?:gzip|json)$/.test(contentType));
  return isTls ? about("tls-rpt", domain !== undefined && /^[\w.-]{1,255}$/.test(domain) ? domain : null) : null;
}

/** About an address: what is about a message is read before (x-arf.ts). */
const xArf = (mail: Mail): Feedback | null => (isXArf(mail) ? about("x-arf", null) : null);

const nameOf = (part: MailPart): string => part.fileName ?? "";
