/**
 * The IANA registry of SMTP enhanced status codes (RFC 5248), with what each means here when nothing else is known.
 *
 * `strength` says how far the code alone is to be trusted: `weak` codes are used for everything (5.7.1), `medium` ones
 * are reused by some provider with another meaning, `strong` ones mean what they say.
 */
import type { Reason } from "../event/event.ts";

export type Strength = "strong" | "medium" | "weak";

export interface RegistryRow {
  /** Subject and detail, without the class digit: `1.1`. */
  readonly code: string;
  readonly title: string;
  readonly reference: string;
  /** Reply codes the registry associates; empty: none in particular. */
  readonly replyCodes: readonly string[];
  readonly temporary: { readonly reason: Reason; readonly strength: Strength };
  readonly permanent: { readonly reason: Reason; readonly strength: Strength };
}

type Packed = readonly [
  code: string,
  title: string,
  reference: string,
  replyCodes: string,
  reasons: string,
  strengths: string,
];

/** `reasons` and `strengths`: one word for both classes, or `temporary/permanent`. */
const ROWS: readonly Packed[] = [
  ["0.0", "Other undefined status", "RFC 3463", "", "unknown", "weak"],
  ["1.0", "Other address status", "RFC 3463", "", "recipient_other", "weak"],
  ["1.1", "Bad destination mailbox address", "RFC 3463", "451, 550", "mailbox_unknown", "weak/strong"],
  ["1.2", "Bad destination system address", "RFC 3463", "", "dns_failure/domain_unknown", "weak/strong"],
  ["1.3", "Bad destination mailbox address syntax", "RFC 3463", "501", "address_syntax", "strong"],
  ["1.4", "Destination mailbox address ambiguous", "RFC 3463", "", "recipient_other", "medium"],
  ["1.5", "Destination address valid", "RFC 3463", "250", "delivered", "strong"],
  ["1.6", "Destination mailbox has moved", "RFC 3463", "", "address_moved", "strong"],
  ["1.7", "Bad sender mailbox address syntax", "RFC 3463", "", "sender_rejected", "strong"],
  ["1.8", "Bad sender system address", "RFC 3463", "451, 501", "sender_rejected", "strong"],
  ["1.9", "Relayed to non-compliant mailer", "RFC 3886", "", "other_info", "strong"],
  ["1.10", "Recipient address has null MX", "RFC 7505, RFC 7504", "556", "domain_no_mail", "medium"],
  ["2.0", "Other mailbox status", "RFC 3463", "", "recipient_other", "weak"],
  ["2.1", "Mailbox disabled", "RFC 3463", "", "mailbox_disabled", "weak/medium"],
  ["2.2", "Mailbox full", "RFC 3463", "552", "mailbox_full", "strong"],
  ["2.3", "Message length over administrative limit", "RFC 3463", "552", "message_too_large", "strong"],
  ["2.4", "Mailing list expansion problem", "RFC 3463", "450, 452", "recipient_other", "medium"],
  ["3.0", "Other mail system status", "RFC 3463", "221, 250, 421, 451, 550, 554", "system_error", "weak"],
  ["3.1", "Mail system full", "RFC 3463", "452", "system_full", "strong"],
  [
    "3.2",
    "System not accepting network messages",
    "RFC 3463, RFC 7504",
    "453, 521",
    "system_unavailable/domain_no_mail",
    "medium",
  ],
  ["3.3", "System not capable of selected features", "RFC 3463", "", "protocol_error", "medium"],
  ["3.4", "Message too big for system", "RFC 3463", "552, 554", "message_too_large", "strong"],
  ["3.5", "System incorrectly configured", "RFC 3463", "", "system_error", "medium"],
  ["3.6", "Requested priority was changed", "RFC 6710", "250, 251", "delivered", "strong"],
  ["4.0", "Other network or routing status", "RFC 3463", "", "connection_failed/routing_error", "weak"],
  ["4.1", "No answer from host", "RFC 3463", "451", "connection_failed", "strong/weak"],
  ["4.2", "Bad connection", "RFC 3463", "421", "connection_failed", "strong"],
  ["4.3", "Directory server failure", "RFC 3463", "451, 550", "dns_failure", "strong"],
  ["4.4", "Unable to route", "RFC 3463", "", "routing_error", "medium"],
  ["4.5", "Mail system congestion", "RFC 3463", "451", "system_unavailable/account_limited", "medium"],
  ["4.6", "Routing loop detected", "RFC 3463", "", "routing_loop", "strong"],
  ["4.7", "Delivery time expired", "RFC 3463", "", "expired", "strong"],
  [
    "5.0",
    "Other protocol status",
    "RFC 3463",
    "220, 250-253, 451, 452, 454, 458, 459, 501-503, 554",
    "protocol_error",
    "weak",
  ],
  ["5.1", "Invalid command", "RFC 3463", "430, 500, 501, 503, 530, 550, 554, 555", "protocol_error", "medium"],
  ["5.2", "Syntax error", "RFC 3463", "500-502, 550, 555", "protocol_error", "medium"],
  ["5.3", "Too many recipients", "RFC 3463", "451", "too_many_recipients", "strong"],
  ["5.4", "Invalid command arguments", "RFC 3463", "451, 501-504, 550, 555", "protocol_error", "medium"],
  ["5.5", "Wrong protocol version", "RFC 3463", "", "protocol_error", "strong"],
  ["5.6", "Authentication exchange line too long", "RFC 4954", "500", "credentials", "medium"],
  ["6.0", "Other media error", "RFC 3463", "", "content_invalid", "medium"],
  ["6.1", "Media not supported", "RFC 3463", "", "content_invalid", "strong"],
  ["6.2", "Conversion required and prohibited", "RFC 3463", "", "content_invalid", "strong"],
  ["6.3", "Conversion required but not supported", "RFC 3463", "554", "content_invalid", "strong"],
  ["6.4", "Conversion with loss performed", "RFC 3463", "250", "other_info/content_invalid", "strong"],
  ["6.5", "Conversion failed", "RFC 3463", "", "content_invalid", "strong"],
  ["6.6", "Message content not available", "RFC 4468", "554", "content_invalid", "strong"],
  ["6.7", "Non-ASCII addresses not permitted", "RFC 6531", "550, 553", "i18n_unsupported", "strong"],
  ["6.8", "UTF-8 reply required but not permitted", "RFC 6531", "252, 550, 553", "i18n_unsupported", "strong"],
  ["6.9", "UTF-8 header message cannot be transferred", "RFC 6531", "550", "i18n_unsupported", "strong"],
  ["6.10", "(deprecated)", "RFC 6531", "", "i18n_unsupported", "strong"],
  [
    "7.0",
    "Other security status",
    "RFC 3463",
    "220, 235, 450, 454, 500, 501, 503, 504, 530, 535, 550",
    "policy",
    "weak",
  ],
  [
    "7.1",
    "Delivery not authorised, message refused",
    "RFC 3463",
    "451, 454, 502, 503, 533, 550, 551",
    "policy",
    "weak",
  ],
  ["7.2", "Mailing list expansion prohibited", "RFC 3463", "550", "recipient_restricted", "medium"],
  ["7.3", "Security conversion required but not possible", "RFC 3463", "", "security_required", "strong"],
  ["7.4", "Security features not supported", "RFC 3463", "504", "security_required", "strong"],
  ["7.5", "Cryptographic failure", "RFC 3463", "", "security_required", "strong"],
  ["7.6", "Cryptographic algorithm not supported", "RFC 3463", "", "security_required", "strong"],
  ["7.7", "Message integrity failure", "RFC 3463", "", "security_required", "strong"],
  ["7.8", "Authentication credentials invalid", "RFC 4954", "535, 554", "credentials", "strong"],
  ["7.9", "Authentication mechanism too weak", "RFC 4954", "534", "credentials", "medium"],
  ["7.10", "Encryption needed", "RFC 5248", "523", "security_required", "strong"],
  ["7.11", "Encryption required for mechanism", "RFC 4954", "524, 538", "security_required", "strong"],
  ["7.12", "Password transition needed", "RFC 4954", "422, 432", "credentials", "medium"],
  ["7.13", "User account disabled", "RFC 5248", "525", "credentials", "medium"],
  ["7.14", "Trust relationship required", "RFC 5248", "535, 554", "credentials", "strong"],
  ["7.15", "Priority level too low", "RFC 6710", "450, 550", "system_unavailable/policy", "strong"],
  ["7.16", "Message too big for the specified priority", "RFC 6710", "552", "message_too_large", "strong"],
  ["7.17", "Mailbox owner has changed", "RFC 7293", "5XX", "owner_changed", "strong"],
  ["7.18", "Domain owner has changed", "RFC 7293", "5XX", "owner_changed", "strong"],
  ["7.19", "RRVS test cannot be completed", "RFC 7293", "5XX", "policy", "strong"],
  ["7.20", "No passing DKIM signature", "RFC 7372, RFC 6376", "550", "auth_failed", "strong"],
  ["7.21", "No acceptable DKIM signature", "RFC 7372, RFC 6376", "550", "auth_failed", "strong"],
  ["7.22", "No author-matched DKIM signature", "RFC 7372, RFC 6376", "550", "auth_failed", "strong"],
  ["7.23", "SPF validation failed", "RFC 7372, RFC 7208", "550", "auth_failed", "strong"],
  ["7.24", "SPF validation error", "RFC 7372, RFC 7208", "451, 550", "auth_failed", "strong"],
  ["7.25", "Reverse DNS validation failed", "RFC 7372, RFC 7601", "550", "dns_misconfigured", "strong"],
  ["7.26", "Multiple authentication checks failed", "RFC 7372", "550", "auth_failed", "strong"],
  ["7.27", "Sender address has null MX", "RFC 7505", "550", "sender_rejected", "medium"],
  ["7.28", "Mail flood detected", "draft-levine-mailbomb-header", "", "rate_limited", "medium"],
  ["7.29", "ARC validation failure", "RFC 8617", "550", "auth_failed", "medium"],
  ["7.30", "REQUIRETLS support required", "RFC 8689", "550", "security_required", "medium"],
];

function unpack([code, title, reference, replyCodes, reasons, strengths]: Packed): RegistryRow {
  const [temporary, permanent = temporary] = reasons.split("/") as [Reason, Reason?];
  const [weaker, stronger = weaker] = strengths.split("/") as [Strength, Strength?];
  return {
    code,
    title,
    reference,
    replyCodes: replyCodes.split(", ").filter(Boolean),
    temporary: { reason: temporary, strength: weaker },
    permanent: { reason: permanent, strength: stronger },
  };
}

export const REGISTRY: readonly RegistryRow[] = ROWS.map(unpack);
const BY_CODE: ReadonlyMap<string, RegistryRow> = new Map(REGISTRY.map((row) => [row.code, row]));

/** The row of `5.1.1`, or null where the registry has none. */
export function registryRowOf(status: string): RegistryRow | null {
  return BY_CODE.get(status.slice(status.indexOf(".") + 1)) ?? null;
}
