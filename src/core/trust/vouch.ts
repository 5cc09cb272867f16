/**
 * Who may say that an address failed: the server that is responsible for it, or a server of ours that tried it. Only a
 * DKIM signature of the report counts. What the host shows (SPF, its name) is shared by all customers of a hosting
 * company, and an ARC seal stands on whatever somebody let a provider forward.
 */
import { asciiDomainOf } from "../../addresses/domain.ts";
import type { ReportSignal } from "../../event/event.ts";

/**
 * Users of a provider send mail with its signature too, so that only these mailboxes count, which it gives to nobody:
 * RFC 3464 reports come from them.
 */
const DAEMON = /^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon)@/;

/** Domains of mailbox providers, and those that their reports come from. */
const REPORTERS: readonly { readonly domains: RegExp; readonly from: RegExp }[] = [
  { domains: /^(?:gmail|googlemail)\.com$/, from: /^mailer-daemon@(?:googlemail|google|gmail)\.com$/ },
  {
    domains: /^(?:(?:outlook|hotmail|live)(?:\.[a-z]{2,3}){1,2}|msn\.com|passport\.com)$/,
    from: /^(?:(?:postmaster|mailer-daemon)@(?:outlook|hotmail|live)\.com|staff@hotmail\.com)$/,
  },
  {
    domains: /^(?:yahoo(?:\.[a-z]{2,3}){1,2}|ymail\.com|rocketmail\.com|aol\.com)$/,
    from: /^(?:mailer-daemon@(?:yahoo|aol)\.com|feedback@arf\.mail\.yahoo\.com)$/,
  },
  { domains: /^(?:icloud|me|mac)\.com$/, from: /^(?:mailer-daemon|postmaster)@(?:icloud|me|mac|apple)\.com$/ },
];

export function isVouchedFor(address: string, signals: readonly ReportSignal[]): boolean {
  const domain = asciiDomainOf(address);
  if (domain === null) return false;
  return signals.some((signal) => {
    if (signal.result !== "pass") return false;
    if (signal.check === "reporter") return true;
    return signal.check === "dkim" && isFromServerOf(domain, signal);
  });
}

/** `detail` of the check `dkim`: the one From that the signature covers. */
function isFromServerOf(recipientDomain: string, { domain, detail }: ReportSignal): boolean {
  const from = detail?.toLowerCase() ?? "";
  const sender = asciiDomainOf(from);
  if (domain === null || sender === null || !isAtOrBelow(sender, domain)) return false;
  // Exactly: a domain below the recipient's may be a customer's, and one above it is not asked.
  if (DAEMON.test(from) && sender === recipientDomain && domain === recipientDomain) return true;
  return REPORTERS.some(({ domains, from: reporters }) => domains.test(recipientDomain) && reporters.test(from));
}

const isAtOrBelow = (domain: string, other: string): boolean => domain === other || domain.endsWith(`.${other}`);
