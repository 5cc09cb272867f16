/** Records with every key, to be spread into. */
import type { Feedback, RecipientReport, Report } from "./report.ts";

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

export const blankFeedback: Feedback = {
  type: null,
  userAgent: null,
  version: null,
  sourceIp: null,
  arrivalDate: null,
  reportingMta: null,
  reportedDomain: [],
  reportedUri: [],
  incidents: null,
  originalEnvelopeId: null,
  originalMailFrom: null,
  originalRcptTo: [],
  authenticationResults: [],
  authFailure: null,
  deliveryResult: null,
  extensions: {},
};
