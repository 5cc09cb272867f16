/** Where a provider gives a code another meaning than the registry, or has codes of its own. */
import type { Reason } from "../event/event.ts";

export interface Deviation {
  /** Names, for people. */
  readonly provider: string;
  /** `5.1.10`, `x.7.26`, `5.7.606-649`. */
  readonly code: string;
  /** The wording or circumstance that goes with it. */
  readonly when: string;
  readonly reason: Reason;
}

type Row = readonly [code: string, when: string, reason: Reason];

// prettier-ignore
const MICROSOFT: readonly Row[] = [
  ["5.1.10", "recipient not found", "mailbox_unknown"],
  ["5.4.1", "recipient address rejected, access denied: the directory does not know the recipient", "mailbox_unknown"],
  ["5.5.0", "mailbox unavailable, at Outlook.com", "mailbox_unknown"],
  ["5.1.0", "sender denied", "sender_rejected"],
  ["5.1.8", "your own account sends spam", "account_limited"],
  ["5.1.20", "several addresses in From and no Sender header", "content_invalid"],
  ["5.1.90", "your own daily limit of recipients is reached", "account_limited"],
  ["5.2.1", "mailbox cannot be accessed", "mailbox_disabled"],
  ["5.2.2", "submission quota exceeded: your own limit, not a full mailbox", "account_limited"],
  ["5.2.14", "the recipient's forwarding address is wrong", "routing_error"],
  ["5.2.121-122", "the recipient gets too much mail per hour; temporary in spite of the 5", "rate_limited"],
  ["5.3.190", "journaling to a cloud mailbox is not supported", "system_error"],
  ["5.4.6", "loop", "routing_loop"],
  ["5.4.14", "loop after twenty hops", "routing_loop"],
  ["5.4.300", "message expired", "expired"],
  ["5.4.310", "the recipient's domain does not exist", "domain_unknown"],
  ["4.4.4", "the tenant has no mail; will not clear in spite of the 4", "domain_no_mail"],
  ["4.4.316", "the other server refused the connection", "connection_failed"],
  ["x.4.317", "the other server must support STARTTLS", "security_required"],
  ["x.4.318", "the other server broke off", "system_error"],
  ["5.0.350", "anything else; the reply behind the arrow says more", "policy"],
  ["5.6.11", "bare line feeds in the message", "content_invalid"],
  ["5.7.1", "part of your network is on our block list (S3140, S3150)", "ip_reputation"],
  ["5.7.12", "the recipient takes mail of its own organisation only", "recipient_restricted"],
  ["5.7.13", "the public folder takes mail of some senders only", "recipient_restricted"],
  ["5.7.51", "the tenant takes mail from some servers only", "recipient_restricted"],
  ["5.7.57", "sign-in is needed", "credentials"],
  ["5.7.64", "relaying denied: the connector does not fit the sending server", "relay_denied"],
  ["5.7.124", "sender not on the group's list", "recipient_restricted"],
  ["5.7.129", "the recipient takes mail of some senders only", "recipient_restricted"],
  ["5.7.133-136", "the recipient takes mail of signed-in senders only", "recipient_restricted"],
  ["x.7.321-325", "STARTTLS, certificate, DANE or DNSSEC trouble of the recipient's server", "security_required"],
  ["4.7.500-699", "suspicious activity; try later", "ip_reputation"],
  ["4.7.650", "slowed down because of the reputation of the sending address", "ip_reputation"],
  ["4.7.850-899", "suspicious activity; try later", "ip_reputation"],
  ["5.7.501-503", "banned sender, spam abuse", "domain_reputation"],
  ["5.7.504-505", "recipient address invalid or banned", "mailbox_disabled"],
  ["5.7.506", "the greeting name is wrong", "dns_misconfigured"],
  ["5.7.507", "refused by the recipient's organisation", "recipient_restricted"],
  ["5.7.508", "too much mail in a period", "rate_limited"],
  ["5.7.509", "DMARC failed and the domain asks for refusal", "auth_failed"],
  ["5.7.510", "no mail over IPv6", "policy"],
  ["5.7.511", "banned sending address; the reply says how to ask for removal", "ip_reputation"],
  ["5.7.512", "the message does not follow RFC 5322", "content_invalid"],
  ["5.7.513", "on the customer's own block list", "ip_reputation"],
  ["5.7.515", "bulk senders must pass SPF, DKIM and DMARC", "auth_failed"],
  ["5.7.606-649", "banned sending address; ask at sender.office.com", "ip_reputation"],
  ["5.7.700-749", "your own tenant is limited", "account_limited"],
  ["5.7.750", "your own tenant sends from a domain it has not registered", "account_limited"],
  ["5.7.900-999", "a transport rule of the organisation", "policy"],
];
// prettier-ignore
const GOOGLE: readonly Row[] = [
  ["x.2.2", "out of storage", "mailbox_full"],
  ["5.2.1", "account disabled or inactive", "mailbox_disabled"],
  ["x.2.1", "receiving mail too quickly", "rate_limited"],
  ["5.4.5", "your own daily limit", "account_limited"],
  ["x.7.0", "poor reputation of the sending address or domain", "ip_reputation"],
  ["4.7.23", "PTR record missing or wrong", "dns_misconfigured"],
  ["x.7.24", "the SPF record looks suspicious", "auth_failed"],
  ["x.7.25", "PTR record missing or wrong", "dns_misconfigured"],
  ["x.7.26", "neither SPF nor DKIM passed, or DMARC asks for refusal", "auth_failed"],
  ["x.7.27", "SPF did not pass", "auth_failed"],
  ["x.7.28", "unusual amount of mail", "rate_limited"],
  ["x.7.29", "bulk mail must come over TLS", "security_required"],
  ["x.7.30", "DKIM did not pass", "auth_failed"],
  ["x.7.32", "the From domain is not aligned", "auth_failed"],
  ["x.7.40", "no DMARC record", "auth_failed"],
  ["5.7.0", "the attachment is a security risk", "attachment_blocked"],
  ["5.7.1", "likely unsolicited mail", "spam_content"],
  ["5.7.1", "the message does not follow RFC 5322", "content_invalid"],
];
// prettier-ignore
const YAHOO: readonly Row[] = [
  ["554", "554 30: mailbox disabled", "mailbox_disabled"],
  ["552", "552 1: mailbox not found, although 552 looks like a full one", "mailbox_unknown"],
  ["4.7.0", "[TSS04]: amount of mail or complaints", "ip_reputation"],
  ["5.7.2", "[TSS09] or [TSS11]: deferred for good", "ip_reputation"],
  ["5.7.1", "[BL…]: on a block list", "ip_reputation"],
  ["5.7.9", "not authenticated, or policy", "auth_failed"],
];
// prettier-ignore
const APPLE: readonly Row[] = [
  ["5.7.1", "[CS01]: local policy", "policy"],
  ["5.7.1", "[HME1]: authentication failed", "auth_failed"],
  ["5.1.6", "recipient no longer on the server", "address_moved"],
  ["5.1.1", "inactive address", "mailbox_disabled"],
];

const named = (provider: string, rows: readonly Row[]): readonly Deviation[] =>
  rows.map(([code, when, reason]) => ({ provider, code, when, reason }));

export const DEVIATIONS: readonly Deviation[] = [
  ...named("Microsoft", MICROSOFT),
  ...named("Google", GOOGLE),
  ...named("Yahoo/AOL", YAHOO),
  ...named("Apple", APPLE),
  ...named("Tencent", [["550", "mailbox unavailable or access denied: a rate limit", "rate_limited"]]),
  ...named("Mimecast", [["451", "internal resources unavailable: greylisting", "greylisted"]]),
  ...named("Orange", [["5.1.1", "OFR_417: over quota", "mailbox_full"]]),
  ...named("AT&T", [["5.2.1", "addressee unknown", "mailbox_unknown"]]),
];

/** Those for one code: `5.7.620` finds the range, `x` any class. */
export function deviationsOf(code: string): readonly Deviation[] {
  return DEVIATIONS.filter((deviation) => covers(deviation.code, code));
}

function covers(range: string, code: string): boolean {
  if (range === code) return true;
  const [, klass, rest, first, last] = /^([x245])\.(\d+)\.(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  const asked = /^(\d)\.(\d+)\.(\d+)$/.exec(code);
  if (!asked || first === undefined || asked[2] !== rest) return false;
  const detail = Number(asked[3]);
  return (klass === "x" || klass === asked[1]) && detail >= Number(first) && detail <= Number(last ?? first);
}
