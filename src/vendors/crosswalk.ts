/**
 * One reason in the words of the other products that name bounces. A cell by class splits what is permanent from what is not;
 * `null` means that the product has no word for it and sends no event.
 */
import type { Reason } from "../event/event.ts";

/** The permanent word and the temporary one. */
export interface ByClass<T> {
  readonly permanent: T;
  readonly temporary: T;
}
type Label = string | null | ByClass<string>;

export interface CrosswalkRow {
  readonly sisimai: string | null;
  readonly powermta: string | null;
  readonly kumomta: string | null;
  readonly sparkpost: number | null | ByClass<number>;
  /** `type / classification` of a bounce event, or the name of another event. */
  readonly sendgrid: string | null;
  /** `bounceType/bounceSubType`, or the name of another notification. */
  readonly ses: Label;
  readonly postmark: Label;
  /** `severity/reason` of a failed event, or the name of another event. */
  readonly mailgun: Label;
  readonly failureCode: number;
}

const byClass = <T>(permanent: T, temporary: T): ByClass<T> => ({ permanent, temporary });
const BOUNCE = byClass("permanent/bounce", "temporary/bounce");
const GENERIC = byClass("permanent/generic", "temporary/generic");
const INVALID = "bounce / Invalid Address";
const HARD = "Permanent/General";
const SOFT = "Transient/General";
const TECHNICAL = "blocked / Technical Failure";
const VOLUME = "blocked / Frequency or Volume Too High";

type Cells = readonly [
  sisimai: string | null,
  powermta: string | null,
  kumomta: string | null,
  sparkpost: CrosswalkRow["sparkpost"],
  sendgrid: string | null,
  ses: Label,
  postmark: Label,
  mailgun: Label,
  failureCode: number,
];

// prettier-ignore
const CELLS: Readonly<Record<Reason, Cells>> = {
  mailbox_unknown: ["userunknown", "bad-mailbox", "InvalidRecipient", 10, INVALID, HARD, "HardBounce", "permanent/bounce", 2001],
  domain_unknown: ["hostunknown", "bad-domain", "BadDomain", 10, INVALID, HARD, "HardBounce", "permanent/bounce", 2002],
  domain_no_mail: ["notaccept", "bad-domain", "BadDomain", 10, INVALID, HARD, "HardBounce", "permanent/bounce", 4006],
  address_syntax: ["userunknown", "bad-mailbox", "InvalidRecipient", 10, INVALID, HARD, "BadEmailAddress", "permanent/bounce", 2003],
  address_moved: ["hasmoved", "inactive-mailbox", "InactiveMailbox", 10, INVALID, HARD, "HardBounce", "permanent/bounce", 2004],
  owner_changed: ["hasmoved", "bad-mailbox", "InvalidRecipient", 10, INVALID, HARD, "HardBounce", "permanent/bounce", 2004],
  mailbox_disabled: ["suspend", "inactive-mailbox", "InactiveMailbox", byClass(10, 20), "bounce / Mailbox Unavailable", byClass(HARD, SOFT), byClass("HardBounce", "SoftBounce"), BOUNCE, 3002],
  mailbox_full: ["mailboxfull", "quota-issues", "QuotaIssues", 22, "blocked / Mailbox Unavailable", "Transient/MailboxFull", "SoftBounce", "temporary/generic", 3001],
  recipient_other: ["filtered", "other", "Uncategorized", 40, "blocked / Mailbox Unavailable", SOFT, "SoftBounce", GENERIC, 2999],
  recipient_restricted: ["rejected", "policy-related", "PolicyRelated", 50, "blocked / Unclassified", SOFT, "Blocked", "permanent/generic", 1999],
  sender_rejected: ["rejected", "invalid-sender", "InvalidSender", 50, TECHNICAL, SOFT, "Blocked", "permanent/generic", 1999],
  auth_failed: ["authfailure", "policy-related", "AuthenticationFailed", 50, "blocked / Reputation", SOFT, "Blocked", "permanent/espblock", 1999],
  dns_misconfigured: ["requireptr", "policy-related", "BadConfiguration", 50, TECHNICAL, SOFT, "Blocked", "permanent/espblock", 1999],
  relay_denied: ["norelaying", "relaying-issues", "RelayDenied", 54, TECHNICAL, SOFT, "Blocked", "permanent/generic", 4006],
  credentials: ["securityerror", "bad-configuration", "AuthenticationFailed", 25, TECHNICAL, SOFT, "Blocked", "permanent/generic", 4002],
  account_limited: ["ratelimited", "policy-related", "PolicyRelated", 25, VOLUME, SOFT, "Blocked", "permanent/generic", 1006],
  not_attempted: ["suppressed", "other", "Uncategorized", 25, "dropped", "Permanent/OnAccountSuppressionList", "ManuallyDeactivated", "permanent/suppress-bounce", 9999],
  ip_reputation: ["blocked", "spam-related", "SpamBlock", 51, "blocked / Reputation", SOFT, "Blocked", "permanent/espblock", 1002],
  domain_reputation: ["badreputation", "spam-related", "SpamBlock", 51, "blocked / Reputation", SOFT, "Blocked", "permanent/espblock", 1003],
  spam_content: ["spamdetected", "spam-related", "SpamContent", 52, "blocked / Content", "Transient/ContentRejected", "SpamNotification", "permanent/espblock", 1004],
  virus: ["virusdetected", "virus-related", "VirusRelated", 52, "blocked / Content", "Transient/ContentRejected", "VirusNotification", "permanent/generic", 1007],
  attachment_blocked: ["policyviolation", "content-related", "ProhibitedAttachment", 53, "blocked / Content", "Transient/AttachmentRejected", "Blocked", "permanent/generic", 1004],
  policy: ["policyviolation", "policy-related", "PolicyRelated", 50, "blocked / Unclassified", SOFT, "Blocked", "permanent/generic", 1999],
  rate_limited: ["ratelimited", "policy-related", "TransientFailure", 20, VOLUME, SOFT, "SoftBounce", "temporary/generic", 1006],
  greylisted: ["expired", "other", "TransientFailure", 20, "deferred", SOFT, "Transient", "temporary/greylisted", 3003],
  challenge_response: ["undefined", "other", "ChallengeResponse", 100, null, null, "ChallengeVerification", null, 1011],
  message_too_large: ["emailtoolarge", "content-related", "QuotaIssues", 23, "blocked / Content", "Transient/MessageTooLarge", "SoftBounce", "permanent/generic", 1004],
  content_invalid: ["contenterror", "content-related", "ContentRelated", 40, "blocked / Content", "Transient/ContentRejected", "SoftBounce", "permanent/generic", 1004],
  i18n_unsupported: ["contenterror", "content-related", "ContentRelated", 40, TECHNICAL, SOFT, "SoftBounce", "permanent/generic", 4002],
  protocol_error: ["syntaxerror", "protocol-errors", "ProtocolErrors", 40, TECHNICAL, SOFT, "SoftBounce", "permanent/generic", 4002],
  too_many_recipients: ["ratelimited", "protocol-errors", "TooManyRecipients", 20, VOLUME, SOFT, "SoftBounce", "temporary/generic", 1006],
  security_required: ["failedstarttls", "protocol-errors", "ProtocolErrors", 40, TECHNICAL, SOFT, "SoftBounce", "permanent/generic", 4002],
  connection_failed: ["networkerror", "no-answer-from-host", "NoAnswerFromHost", 24, TECHNICAL, SOFT, "SoftBounce", "temporary/generic", 4003],
  dns_failure: ["networkerror", "routing-errors", "DNSFailure", 21, TECHNICAL, SOFT, "DnsError", "temporary/generic", 4999],
  routing_error: ["networkerror", "routing-errors", "RoutingErrors", 21, TECHNICAL, SOFT, "DnsError", "permanent/generic", 4999],
  routing_loop: ["networkerror", "routing-errors", "RoutingErrors", 40, TECHNICAL, SOFT, "SoftBounce", "permanent/generic", 4999],
  expired: ["expired", "message-expired", "MessageExpired", 24, "expired / Technical Failure", SOFT, "SoftBounce", "permanent/old", 4004],
  system_full: ["systemfull", "quota-issues", "QuotaIssues", 20, TECHNICAL, SOFT, "SoftBounce", "temporary/generic", 4001],
  system_unavailable: ["systemerror", "bad-connection", "TransientFailure", 70, TECHNICAL, SOFT, "SoftBounce", "temporary/generic", 4001],
  system_error: ["systemerror", "bad-configuration", "TransientFailure", 70, TECHNICAL, SOFT, "SoftBounce", "temporary/generic", 4999],
  complaint: ["feedback", null, "Feedback", null, "spamreport", "Complaint", "SpamComplaint", "complained", 5999],
  unsubscribe: ["undefined", "other", "Unsubscribe", 90, "unsubscribe", null, "Unsubscribe", "unsubscribed", 5999],
  auto_reply: ["vacation", "other", "AutoReply", 60, null, SOFT, "AutoResponder", null, 5001],
  other_info: [null, "other", null, 80, null, null, null, null, 5999],
  delivered: ["delivered", null, "Delivery", null, "delivered", "Delivery", null, "delivered", 5999],
  unknown: ["undefined", "other", "Uncategorized", 1, "blocked / Unclassified", "Undetermined/Undetermined", "Unknown", GENERIC, 9999],
};

export function crosswalkOf(reason: Reason): CrosswalkRow {
  const [sisimai, powermta, kumomta, sparkpost, sendgrid, ses, postmark, mailgun, failureCode] = CELLS[reason];
  return { sisimai, powermta, kumomta, sparkpost, sendgrid, ses, postmark, mailgun, failureCode };
}
