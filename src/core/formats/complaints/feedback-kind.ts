/** What a feedback report is, by its type. RFC 5965 section 7.3, RFC 6430, RFC 6591. */
import type { ReportKind } from "../../report/report.ts";

/** Only what a recipient said about a message is a complaint. */
export function feedbackKind(type: string | null): ReportKind {
  if (type === null || /^(?:abuse|fraud|complaint|spam|junk|phish)/i.test(type)) return "complaint";
  if (/^(?:opt-?out|unsubscribe)/i.test(type)) return "unsubscribe";
  return /^not-?spam/i.test(type) ? "not_spam" : "feedback";
}
