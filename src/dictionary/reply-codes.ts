/**
 * Basic reply codes (RFC 5321 section 4.2 and its extensions), with what each means when nothing better is known.
 * `wild` codes stand in no RFC but in real mail. A reply code alone is the weakest evidence: 550 and 554 say nothing.
 */
import type { Reason } from "../event/event.ts";

export interface ReplyCodeRow {
  readonly replyCode: number;
  readonly origin: string;
  readonly title: string;
  readonly reason: Reason;
}

const ROWS: readonly (readonly [replyCodes: string, origin: string, title: string, reason: Reason])[] = [
  ["101 111", "wild", "the sending host could not open a connection", "connection_failed"],
  ["211 214", "RFC 5321", "status or help text", "other_info"],
  ["220 221", "RFC 5321", "ready, or closing", "other_info"],
  ["235", "RFC 4954", "authentication succeeded", "other_info"],
  ["250 251", "RFC 5321", "accepted", "delivered"],
  ["252", "RFC 5321", "cannot verify the user, will try", "other_info"],
  ["253", "RFC 1985", "messages pending", "other_info"],
  ["334 354", "RFC 5321", "go on", "other_info"],
  ["420", "wild", "timeout while connecting", "connection_failed"],
  ["421", "RFC 5321", "service not available, closing the connection", "system_unavailable"],
  ["422", "wild", "mailbox over its limit (RFC 4954: password transition needed)", "mailbox_full"],
  ["430", "RFC 5248", "invalid command", "protocol_error"],
  ["431", "wild", "the server is out of memory or disk", "system_full"],
  ["432", "wild", "the incoming queue is stopped (RFC 4954: password transition needed)", "system_unavailable"],
  ["441 442", "wild", "the server does not respond, or dropped the connection", "connection_failed"],
  ["446", "wild", "too many hops", "routing_loop"],
  ["447", "wild", "timed out at the receiving server", "expired"],
  ["450", "RFC 5321", "mailbox unavailable for now", "greylisted"],
  ["451", "RFC 5321", "local error in processing", "system_error"],
  ["452", "RFC 5321", "insufficient storage, or too many recipients", "system_full"],
  ["453", "RFC 2645", "not accepting mail now", "system_unavailable"],
  ["454", "RFC 3207", "TLS or authentication not available for now", "security_required"],
  ["455", "RFC 5321", "cannot accommodate the parameters", "protocol_error"],
  ["456", "wild", "retry over the other address family", "connection_failed"],
  ["458 459", "RFC 1985", "queue run not possible", "protocol_error"],
  ["471", "wild", "fault in a local anti-spam filter", "policy"],
  ["498 499", "wild", "no mail exchanger, or none answers", "connection_failed"],
  ["500 501 502 503 504", "RFC 5321", "command or parameter not understood", "protocol_error"],
  ["505", "wild", "authentication required, or domain not allowed", "credentials"],
  ["510 511", "wild", "bad recipient address", "mailbox_unknown"],
  ["512", "wild", "recipient's host unknown in DNS", "domain_unknown"],
  ["513", "wild", "address of the wrong type", "address_syntax"],
  ["520", "wild", "expired draft, not in use", "protocol_error"],
  ["521", "RFC 7504", "the host never accepts mail", "domain_no_mail"],
  ["523 524 538", "RFC 4954", "encryption required", "security_required"],
  ["525", "RFC 5248", "the submitting account is disabled", "credentials"],
  ["530", "RFC 4954", "authentication required", "credentials"],
  ["533", "RFC 5248", "not authorised", "policy"],
  ["534 535", "RFC 4954", "authentication failed", "credentials"],
  ["540 571", "wild", "refused by policy", "policy"],
  ["541", "wild", "refused as spam", "spam_content"],
  ["550", "RFC 5321", "mailbox unavailable; in practice any refusal", "unknown"],
  ["551", "RFC 5321", "user not local", "address_moved"],
  ["552", "RFC 5321", "storage exceeded", "mailbox_full"],
  ["553", "RFC 5321", "mailbox name not allowed", "address_syntax"],
  ["554", "RFC 5321", "transaction failed; in practice any refusal", "unknown"],
  ["555", "RFC 5321", "parameters not recognised", "protocol_error"],
  ["556", "RFC 7504", "the domain does not accept mail", "domain_no_mail"],
  ["557 585", "wild", "no known meaning", "unknown"],
  ["602", "wild", "the retry time is over", "expired"],
  ["605 606 607", "wild", "suppressed by the sending platform", "not_attempted"],
];

export const REPLY_CODES: readonly ReplyCodeRow[] = ROWS.flatMap(([replyCodes, origin, title, reason]) =>
  replyCodes.split(" ").map((code) => ({ replyCode: Number(code), origin, title, reason })),
);
const BY_CODE: ReadonlyMap<number, ReplyCodeRow> = new Map(REPLY_CODES.map((row) => [row.replyCode, row]));

export const replyCodeRowOf = (replyCode: number): ReplyCodeRow | null => BY_CODE.get(replyCode) ?? null;
