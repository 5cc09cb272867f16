/** Labelled texts, JSON lines of `{text, reply_code?, enhanced?, reason, also?}` with Sisimai's words as labels. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Observed } from "../../src/core/classify/fallback-model.ts";
import { findStatuses } from "../../src/core/fields/enhanced-status.ts";
import { findReplyCode } from "../../src/core/fields/reply-code.ts";
import { wordsOf } from "../../src/core/classify/words.ts";
import type { Reason } from "../../src/event/event.ts";

/** Our reasons that say what a label says; the first is the usual one. */
const REASONS_OF: Readonly<Record<string, readonly Reason[]>> = {
  authfailure: ["auth_failed"],
  badreputation: ["domain_reputation", "ip_reputation"],
  blocked: ["ip_reputation", "domain_reputation"],
  contenterror: ["content_invalid", "attachment_blocked", "i18n_unsupported", "spam_content"],
  exceedlimit: ["message_too_large", "too_many_recipients", "account_limited", "rate_limited"],
  expired: ["expired"],
  failedstarttls: ["security_required"],
  filtered: ["recipient_other", "recipient_restricted", "mailbox_unknown"],
  greylisted: ["greylisted"],
  hasmoved: ["address_moved", "owner_changed"],
  hostunknown: ["domain_unknown"],
  mailboxfull: ["mailbox_full"],
  mailererror: ["system_error"],
  mesgtoobig: ["message_too_large"],
  networkerror: ["connection_failed", "dns_failure", "routing_error", "routing_loop"],
  norelaying: ["relay_denied"],
  notaccept: ["domain_no_mail"],
  notcompliantrfc: ["content_invalid", "protocol_error"],
  policyviolation: ["policy", "attachment_blocked", "recipient_restricted"],
  ratelimited: ["rate_limited", "account_limited", "too_many_recipients"],
  rejected: ["sender_rejected", "recipient_restricted", "policy"],
  requireptr: ["dns_misconfigured"],
  securityerror: ["policy", "credentials", "security_required", "relay_denied"],
  spamdetected: ["spam_content"],
  suppressed: ["not_attempted", "unsubscribe"],
  suspend: ["mailbox_disabled"],
  syntaxerror: ["protocol_error", "address_syntax"],
  systemerror: ["system_error", "system_unavailable", "routing_error"],
  systemfull: ["system_full"],
  toomanyconn: ["rate_limited", "too_many_recipients"],
  userunknown: ["mailbox_unknown"],
  virusdetected: ["virus", "attachment_blocked"],
};

const lineSchema = z.object({
  text: z.string(),
  reply_code: z.number().optional(),
  enhanced: z.string().optional(),
  reason: z.string(),
  also: z.array(z.string()).optional(),
});

export interface LabelledText {
  readonly text: string;
  readonly replyCode: number | null;
  readonly status: string | null;
  /** The usual one first. */
  readonly right: readonly Reason[];
  /** With the labels that are right as well. */
  readonly accepted: readonly Reason[];
  readonly observed: Observed;
}

/** Texts whose label we have no reason for (`onhold`) are left out. */
export function readLabels(path: string): readonly LabelledText[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter(Boolean)
    .flatMap((line) => {
      const {
        text,
        reply_code: replyCode = null,
        enhanced = null,
        reason,
        also = [],
      } = lineSchema.parse(JSON.parse(line));
      const right = REASONS_OF[reason];
      if (!right) return [];
      const accepted = [reason, ...also].flatMap((label) => REASONS_OF[label] ?? []);
      return [{ text, replyCode, status: enhanced, right, accepted, observed: observe(text, replyCode, enhanced) }];
    });
}

/** What classification sees of a text. */
export function observe(text: string, replyCode: number | null, status: string | null): Observed {
  return {
    words: wordsOf(text),
    statuses: [...new Set([...findStatuses(text), ...(status ? [status] : [])])],
    replyCode: replyCode ?? findReplyCode(text),
  };
}
