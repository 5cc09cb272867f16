/** The one table of reasons: what each means for the address, whose fault it is, and what to do. */
import type { Advice, Fault, Reason, Severity } from "./event.ts";

export interface ReasonRow {
  readonly severity: Severity;
  readonly fault: Fault;
  readonly advice: Advice;
  /**
   * Whether repeated failures of this reason add up to suppression. A block never does: it is about the sender, and
   * counting it per address deletes customers for our own reputation. `domain`: counted for the recipient's domain.
   */
  readonly counts: "address" | "domain" | "none";
  /** Shown as `derivedStatus` where the report carried no status; `x` is the class of the failure. */
  readonly status: string | null;
  /** One line: what the reason stands for. */
  readonly meaning: string;
}

function row(
  severity: Severity,
  fault: Fault,
  advice: Advice,
  counts: ReasonRow["counts"],
  status: string | null,
  meaning: string,
): ReasonRow {
  return { severity, fault, advice, counts, status, meaning };
}

export const REASON_TABLE: Readonly<Record<Reason, ReasonRow>> = {
  mailbox_unknown: row("hard", "recipient", "suppress", "none", "5.1.1", "the mailbox does not exist"),
  domain_unknown: row("hard", "recipient", "suppress", "none", "5.1.2", "the recipient's domain does not exist"),
  domain_no_mail: row("hard", "recipient", "suppress", "none", "5.1.10", "the domain exists but takes no mail"),
  address_syntax: row("hard", "recipient", "suppress", "none", "5.1.3", "the recipient address is malformed"),
  address_moved: row("hard", "recipient", "suppress", "none", "5.1.6", "the mailbox moved away or was closed"),
  owner_changed: row("hard", "recipient", "suppress", "none", "5.7.17", "the mailbox belongs to somebody else now"),
  mailbox_disabled: row("hard", "recipient", "suppress", "address", "x.2.1", "the mailbox is suspended or dormant"),
  mailbox_full: row("soft", "recipient", "wait", "address", "x.2.2", "the mailbox is over its quota"),
  recipient_other: row("soft", "recipient", "investigate", "address", "x.1.0", "something about the recipient"),
  recipient_restricted: row("block", "recipient_policy", "investigate", "none", "5.7.2", "takes mail from some only"),
  sender_rejected: row("block", "sender", "fix_auth", "none", "x.1.8", "our sender address was refused"),
  auth_failed: row("block", "sender", "fix_auth", "none", "x.7.26", "SPF, DKIM, DMARC or ARC did not pass"),
  dns_misconfigured: row("block", "sender", "fix_auth", "none", "x.7.25", "our reverse DNS or HELO name is wrong"),
  relay_denied: row("block", "sender", "investigate", "none", "5.7.1", "the host does not relay for that domain"),
  credentials: row("block", "sender", "fix_auth", "none", "5.7.8", "our own login or submission failed"),
  account_limited: row("block", "sender", "wait", "none", "x.7.0", "our account at our provider is limited"),
  not_attempted: row("info", "sender", "ignore", "none", "5.0.0", "the sending platform did not try"),
  ip_reputation: row("block", "sender", "investigate", "none", "x.7.1", "our sending address is listed or distrusted"),
  domain_reputation: row("block", "sender", "investigate", "none", "x.7.1", "our domain or a linked one is listed"),
  spam_content: row("block", "content", "fix_content", "none", "x.7.1", "the message was judged to be spam"),
  virus: row("block", "content", "fix_content", "none", "5.7.0", "malware was found in the message"),
  attachment_blocked: row("block", "content", "fix_content", "none", "5.7.0", "an attachment type is not allowed"),
  policy: row("block", "unknown", "investigate", "none", "x.7.1", "a local policy refused the message"),
  rate_limited: row("soft", "sender", "wait", "none", "4.7.28", "too much mail in too little time"),
  greylisted: row("soft", "none", "retry", "none", "4.7.1", "asked to come back in a while"),
  challenge_response: row("info", "recipient_policy", "investigate", "none", "5.7.1", "a person must confirm first"),
  message_too_large: row("soft", "content", "fix_content", "none", "x.3.4", "the message is over a size limit"),
  content_invalid: row("soft", "content", "fix_content", "none", "5.6.0", "the message is malformed"),
  i18n_unsupported: row("soft", "content", "fix_content", "none", "5.6.7", "no support for non-ASCII addresses"),
  protocol_error: row("soft", "sender", "investigate", "none", "x.5.0", "the SMTP dialogue went wrong"),
  too_many_recipients: row("soft", "sender", "retry", "none", "x.5.3", "too many recipients in one transaction"),
  security_required: row("soft", "sender", "fix_auth", "none", "5.7.10", "a TLS or encryption condition was not met"),
  connection_failed: row("soft", "remote", "retry", "domain", "4.4.1", "no answer, refused, dropped or timed out"),
  dns_failure: row("soft", "remote", "retry", "domain", "4.4.3", "a DNS or directory lookup failed for now"),
  routing_error: row("soft", "remote", "investigate", "domain", "x.4.4", "there is no route to the next hop"),
  routing_loop: row("soft", "remote", "investigate", "none", "x.4.6", "the message went round in a loop"),
  expired: row("soft", "remote", "wait", "address", "x.4.7", "the queue gave up after trying for long"),
  system_full: row("soft", "remote", "wait", "none", "4.3.1", "the destination system is out of storage"),
  system_unavailable: row("soft", "remote", "retry", "none", "4.3.2", "the destination is busy or in maintenance"),
  system_error: row("soft", "remote", "retry", "none", "x.3.0", "the destination has a fault of its own"),
  complaint: row("complaint", "recipient", "suppress", "none", null, "the recipient reported the mail as spam"),
  unsubscribe: row("complaint", "recipient", "suppress", "none", null, "the recipient wants no more mail"),
  auto_reply: row("info", "none", "ignore", "none", null, "an automatic answer, e.g. out of office"),
  other_info: row("info", "none", "ignore", "none", null, "a notice that asks for nothing"),
  delivered: row("info", "none", "ignore", "none", "2.0.0", "the message was delivered"),
  unknown: row("unknown", "unknown", "investigate", "none", "x.0.0", "nothing known matched"),
};

/** `x.2.1` and a class of 4 or 5 give `4.2.1`; a reason whose status has its own class keeps it. */
export function derivedStatusOf(reason: Reason, temporary: boolean): string | null {
  return REASON_TABLE[reason].status?.replace("x", temporary ? "4" : "5") ?? null;
}
