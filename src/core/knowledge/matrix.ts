/**
 * The one matrix: what is said (rows) of whom (cells) -> the reason, with an example for each cell.
 *
 * `hard`: the words may delete an address. `firm`: they decide, and never delete one. `vague`: they say so little that
 * a status which means what it says comes first. `any` is every subject without a cell of its own, and none at all;
 * `none` only the latter.
 *
 * Of several facts in a sentence the row further up decides: what the sender or the message did explains why a mailbox
 * is refused, never the other way round, and a mailbox explains more than the network around it.
 */
import type { Reason } from "../../event/event.ts";
import type { Predicate, Subject } from "./facts.ts";

export interface Cell {
  readonly reason: Reason;
  readonly weight: "hard" | "firm" | "vague";
  readonly example: string;
}

const hard = (reason: Reason, example: string): Cell => ({ reason, weight: "hard", example });
const firm = (reason: Reason, example: string): Cell => ({ reason, weight: "firm", example });
const vague = (reason: Reason, example: string): Cell => ({ reason, weight: "vague", example });

type Row = Readonly<Partial<Record<Subject | "none" | "any", Cell>>>;

/** `sender` and `callout` say the same in most rows. */
const ours = (example: string): Row => ({
  sender: firm("sender_rejected", `sender ${example}`),
  sender_domain: firm("sender_rejected", `sender domain: ${example}`),
  callout: firm("sender_rejected", `callout: ${example}`),
});

export const MATRIX: Readonly<Record<Predicate, Row>> = {
  challenged: { any: firm("challenge_response", "confirm that you are a person") },
  infected: { any: firm("virus", "virus found") },
  unauthenticated: { any: firm("auth_failed", "SPF check failed") },
  greylisted: { any: firm("greylisted", "greylisted") },
  no_reverse_dns: { any: firm("dns_misconfigured", "no reverse DNS") },
  too_many_recipients: { any: firm("too_many_recipients", "too many recipients") },
  login_failed: { any: firm("credentials", "bad password") },
  login_needed: { any: firm("credentials", "authentication required") },
  forbidden_type: { any: firm("attachment_blocked", "file type not allowed") },
  spam: {
    client: firm("ip_reputation", "your server sends spam"),
    host: firm("ip_reputation", "host sends spam"),
    any: firm("spam_content", "message is spam"),
  },
  too_many: {
    own_account: firm("account_limited", "your account exceeded its daily limit"),
    login: firm("account_limited", "login sent too many messages"),
    any: firm("rate_limited", "too many messages"),
  },
  too_fast: { any: firm("rate_limited", "slow down") },
  suppressed: { any: firm("not_attempted", "address is on the suppression list") },
  full: {
    sender: firm("account_limited", "sender over quota"),
    own_account: firm("account_limited", "your account is over quota"),
    login: firm("account_limited", "login over quota"),
    client: firm("rate_limited", "client over quota"),
    server: firm("system_full", "disk full"),
    connection: firm("rate_limited", "session exceeded its quota"),
    callout: firm("sender_rejected", "sender verify: mailbox full"),
    recipient: firm("mailbox_full", "recipient over quota"),
    address: firm("mailbox_full", "mailbox full"),
    any: firm("mailbox_full", "quota exceeded"),
  },
  program_failed: { any: firm("system_error", "command died with status 75") },
  too_large: {
    header: firm("content_invalid", "headers too large"),
    any: firm("message_too_large", "message too large"),
  },
  listed: {
    sender: firm("sender_rejected", "your sender is in my badmailfrom list"),
    sender_domain: firm("domain_reputation", "sender domain is listed"),
    domain: firm("domain_reputation", "domain has a poor reputation"),
    link: firm("domain_reputation", "the message has a listed link"),
    any: firm("ip_reputation", "client is listed in a block list"),
  },
  blocked: {
    recipient: vague("recipient_other", "recipient blocked"),
    address: vague("recipient_other", "address blocked"),
    ...ours("blocked"),
    sender_domain: firm("domain_reputation", "sender domain blocked"),
    domain: firm("domain_reputation", "domain blocked"),
    message: firm("policy", "message blocked"),
    attachment: firm("attachment_blocked", "the attached document is blocked"),
    link: firm("domain_reputation", "link blocked"),
    own_account: firm("account_limited", "your subscription is blocked"),
    login: firm("credentials", "login blocked"),
    group: firm("recipient_restricted", "list blocked"),
    client: firm("ip_reputation", "client blocked"),
    host: firm("ip_reputation", "host blocked"),
    connection: firm("ip_reputation", "connection blocked"),
    server: vague("ip_reputation", "server blocked"),
    any: vague("ip_reputation", "blocked"),
  },
  members_only: { any: firm("recipient_restricted", "members only") },
  restricted: { any: firm("recipient_restricted", "accepts mail from known senders only") },
  not_owner: { any: firm("sender_rejected", "sender not owned by user") },
  unverified: {
    ...ours("not verified"),
    recipient: vague("mailbox_unknown", "recipient not verified"),
    address: vague("recipient_other", "address not verified"),
    any: vague("sender_rejected", "not verified"),
  },
  non_ascii: { any: firm("i18n_unsupported", "SMTPUTF8 needed") },
  not_relayed: { any: firm("relay_denied", "relay access denied") },
  moved: {
    ...ours("has changed"),
    server: vague("system_unavailable", "the server has moved"),
    any: hard("address_moved", "the user has moved, new address"),
  },
  disabled: {
    recipient: hard("mailbox_disabled", "recipient deactivated"),
    address: hard("mailbox_disabled", "mailbox disabled"),
    domain: hard("mailbox_disabled", "domain suspended"),
    group: firm("mailbox_disabled", "list closed"),
    attachment: firm("attachment_blocked", "attachment removed"),
    ...ours("disabled"),
    own_account: firm("account_limited", "your account is suspended"),
    login: firm("credentials", "login disabled"),
    client: firm("ip_reputation", "your server is suspended"),
    server: vague("system_unavailable", "service suspended"),
    connection: vague("connection_failed", "network suspended"),
    command: firm("protocol_error", "the verb VRFY was deactivated"),
    any: vague("mailbox_disabled", "deactivated"),
  },
  null_mx: {
    ...ours("has a null MX"),
    any: hard("domain_no_mail", "null MX"),
  },
  takes_no_mail: {
    address: firm("recipient_other", "the address does not receive mail"),
    recipient: firm("recipient_other", "the recipient does not receive mail"),
    ...ours("does not accept mail"),
    domain: hard("domain_no_mail", "domain does not accept mail"),
    any: hard("domain_no_mail", "no mail accepted here"),
  },
  unresolvable: {
    ...ours("does not resolve"),
    client: firm("dns_misconfigured", "client name does not resolve"),
    header: firm("content_invalid", "no such domain in the header"),
    link: firm("spam_content", "the domain in the link does not resolve"),
    domain: hard("domain_unknown", "domain not found"),
    any: hard("domain_unknown", "domain does not exist"),
  },
  not_hosted: {
    recipient: hard("mailbox_unknown", "recipient not hosted here"),
    address: hard("mailbox_unknown", "address not hosted here"),
    any: firm("relay_denied", "domain not hosted here"),
  },
  unknown: {
    recipient: hard("mailbox_unknown", "recipient unknown"),
    address: hard("mailbox_unknown", "user unknown"),
    none: hard("mailbox_unknown", "does not exist here"),
    domain: hard("domain_unknown", "misspelled domain"),
    host: hard("domain_unknown", "example.com does not exist"),
    ...ours("unknown"),
    client: firm("dns_misconfigured", "client never existed"),
    login: firm("credentials", "login unknown"),
    own_account: firm("credentials", "your account does not exist"),
    group: firm("mailbox_unknown", "no such list here"),
    server: vague("system_error", "unknown system"),
    command: firm("protocol_error", "verb nonexistent"),
    attachment: vague("system_error", "attachment unknown"),
    header: vague("content_invalid", "unknown header"),
    link: vague("spam_content", "unknown link"),
    connection: vague("connection_failed", "no connection"),
    route: firm("routing_error", "unknown route"),
  },
  malformed: {
    recipient: hard("address_syntax", "malformed recipient"),
    address: hard("address_syntax", "bad address syntax"),
    domain: hard("address_syntax", "malformed domain"),
    ...ours("malformed"),
    client: firm("dns_misconfigured", "HELO not fully qualified"),
    command: firm("protocol_error", "malformed verb"),
    header: firm("content_invalid", "malformed header"),
    message: firm("content_invalid", "malformed message"),
    any: firm("content_invalid", "bare LF"),
  },
  invalid: {
    recipient: hard("mailbox_unknown", "invalid recipient"),
    address: hard("mailbox_unknown", "invalid mailbox"),
    domain: firm("domain_unknown", "invalid domain"),
    host: firm("domain_unknown", "invalid host"),
    ...ours("invalid"),
    client: firm("dns_misconfigured", "invalid client"),
    login: firm("credentials", "invalid sasl"),
    own_account: firm("credentials", "your account is not valid"),
    header: firm("content_invalid", "invalid header"),
    message: firm("content_invalid", "invalid message"),
    command: firm("protocol_error", "the verb is not acceptable and wrong"),
    attachment: firm("attachment_blocked", "illegal zip"),
    link: firm("spam_content", "bad link"),
    connection: vague("connection_failed", "bad session"),
    any: vague("protocol_error", "invalid"),
  },
  looping: { any: firm("routing_loop", "too many hops") },
  over_limit: {
    recipient: firm("mailbox_full", "recipient is over the limit"),
    address: firm("mailbox_full", "mailbox exceeds the limit"),
    message: firm("message_too_large", "message exceeds the limit"),
    own_account: firm("account_limited", "your account is over its limit"),
    login: firm("account_limited", "login over its limit"),
    any: firm("rate_limited", "limit exceeded"),
  },
  insecure: { any: firm("security_required", "TLS required") },
  out_of_order: { any: firm("protocol_error", "bad sequence of commands") },
  unsupported: { any: firm("content_invalid", "media type not supported") },
  lookup_failed: {
    ...ours("lookup failed"),
    client: firm("dns_misconfigured", "client name lookup failed"),
    any: firm("dns_failure", "DNS lookup failed"),
  },
  no_route: { any: firm("routing_error", "no route to the domain") },
  against_policy: { any: firm("policy", "refused by local policy") },
  unreachable: { any: firm("connection_failed", "connection timed out") },
  busy: { any: firm("system_unavailable", "server too busy") },
  expired: { any: firm("expired", "delivery time expired") },
  unavailable: {
    recipient: vague("mailbox_unknown", "recipient not available"),
    address: vague("mailbox_unknown", "mailbox unavailable"),
    ...ours("unavailable"),
    domain: vague("dns_failure", "domain not available"),
    server: firm("system_unavailable", "the backend is unavailable"),
    any: vague("system_unavailable", "unavailable"),
  },
  suspicious: { any: firm("policy", "suspicious") },
  broken: { any: vague("system_error", "internal error") },
  later: { client: vague("rate_limited", "client deferred"), any: vague("greylisted", "try again later") },
  refused: {
    recipient: vague("recipient_other", "recipient rejected"),
    address: vague("recipient_other", "address rejected"),
    group: firm("recipient_restricted", "list refused"),
    domain: vague("relay_denied", "domain refused"),
    ...ours("rejected"),
    client: firm("ip_reputation", "client host rejected"),
    host: vague("ip_reputation", "host rejected"),
    connection: firm("ip_reputation", "connection forbidden"),
    login: firm("credentials", "login forbidden"),
    own_account: firm("account_limited", "your account is not allowed"),
    attachment: firm("attachment_blocked", "attachment refused"),
    header: firm("content_invalid", "header refused"),
    link: firm("spam_content", "link refused"),
    command: firm("protocol_error", "verb refused"),
    any: vague("policy", "message rejected"),
  },
};

const PRECEDENCE: ReadonlyMap<string, number> = new Map(Object.keys(MATRIX).map((predicate, at) => [predicate, at]));

/** Lower comes first. */
export const precedenceOf = (predicate: Predicate): number => PRECEDENCE.get(predicate) ?? -1;

/** Null: nothing can be said of it so. */
export function cellOf(predicate: Predicate, subject: Subject | null): Cell | null {
  const row = MATRIX[predicate];
  return (subject === null ? row.none : row[subject]) ?? row.any ?? null;
}

/** Whether the subject has a cell of its own. */
export const isSaidOf = (predicate: Predicate, subject: Subject): boolean => MATRIX[predicate][subject] !== undefined;
