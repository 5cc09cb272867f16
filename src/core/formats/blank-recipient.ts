/** Records with every key, to be spread into. */
import type { RecipientReport, Report } from "../report.ts";

export const blankRecipient: RecipientReport = {
  finalRecipient: null,
  originalRecipient: null,
  action: null,
  status: null,
  replyCode: null,
  diagnostic: null,
  smtpCommand: null,
  remoteMta: null,
  lastAttemptDate: null,
  willRetryUntil: null,
};

export const blankReport: Omit<Report, "kind" | "recipients"> = {
  reportingMta: null,
  receivedFromMta: null,
  envelopeId: null,
  arrivalDate: null,
  software: null,
  feedback: null,
  original: null,
};
