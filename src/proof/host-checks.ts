/**
 * Whether the host that brought a report is a plausible one: one that the report names, or one of the provider that
 * receives the recipient's mail. Plausible is all it is: a provider's hosts bring the mail of all its users.
 */
import type { MxRecord } from "node:dns";
import ipaddr from "ipaddr.js";
import { isHostName } from "../addresses/domain.ts";
import type { ReportSignal } from "../event/event.ts";
import { isMissing, type DnsAnswers } from "./dns-answers.ts";
import { signal, type CheckedReport } from "./checked-report.ts";

/** Which provider a host of this name belongs to; null: of none that is known. */
export type ProviderOfHost = (name: string) => string | null;

/** Of each kind that a report names. */
const MAX_NAMES = 2;

/** Whether one of the hosts that the report names has the address that it came from. */
export async function checkHost(
  { hosts, remoteAddress }: CheckedReport,
  resolver: DnsAnswers,
): Promise<readonly ReportSignal[]> {
  const names = firstNames(hosts);
  if (names.length === 0 || !isPublic(remoteAddress)) return [];
  const answers = await Promise.all(names.map((name) => addressesOf(name, remoteAddress, resolver)));
  const at = answers.findIndex((addresses) => addresses?.some((address) => isSame(address, remoteAddress)));
  if (at >= 0) return [signal("host", "pass", names[at], `${remoteAddress} is an address of it`)];
  const known = answers.findIndex((addresses) => addresses !== null && addresses.length > 0);
  return known < 0
    ? [signal("host", "none", names[0], "it has no address in DNS")]
    : [signal("host", "fail", names[known], `${remoteAddress} is no address of it`)];
}

/**
 * Whether it came from the provider whose servers the MX records of the recipient's domain name: a domain of its own
 * that a provider hosts. Nothing is said of domains that no known provider hosts.
 */
export async function checkProvider(
  { recipientDomains, remoteAddress }: CheckedReport,
  resolver: DnsAnswers,
  providerOfHost: ProviderOfHost,
): Promise<readonly ReportSignal[]> {
  const [domain] = firstNames(recipientDomains);
  if (domain === undefined || !isPublic(remoteAddress)) return [];
  const provider = await providerOfDomain(domain, resolver, providerOfHost);
  if (provider === null) return [];
  const host = await nameOf(remoteAddress, resolver);
  if (host === null) return [signal("provider", "none", domain, `${remoteAddress} has no name; MX of ${provider}`)];
  return providerOfHost(host) === provider
    ? [signal("provider", "pass", domain, `${host} is a host of ${provider}`)]
    : [signal("provider", "fail", domain, `${host} is no host of ${provider}`)];
}

async function providerOfDomain(
  domain: string,
  resolver: DnsAnswers,
  providerOfHost: ProviderOfHost,
): Promise<string | null> {
  const answers: readonly MxRecord[] = await resolver(domain, "MX").catch(noneIfMissing);
  const [first] = [...answers].sort((one, other) => one.priority - other.priority);
  return first === undefined ? null : providerOfHost(first.exchange);
}

function noneIfMissing(error: unknown): [] {
  if (isMissing(error)) return [];
  throw error;
}

/** Its name by reverse DNS, if the name has this address too: anybody may write any name into his own zone. */
async function nameOf(address: string, resolver: DnsAnswers): Promise<string | null> {
  const names = await resolver(reverseName(address), "PTR").catch(() => []);
  const [name] = firstNames(names);
  if (name === undefined) return null;
  const addresses = await addressesOf(name, address, resolver);
  return addresses?.some((one) => isSame(one, address)) ? name : null;
}

function reverseName(address: string): string {
  const parsed = ipaddr.process(address);
  const octets = parsed.toByteArray();
  if (parsed.kind() === "ipv4") return `${octets.toReversed().join(".")}.in-addr.arpa`;
  const digits = octets.toReversed().flatMap((octet) => [octet & 15, octet >> 4]);
  return `${digits.map((digit) => digit.toString(16)).join(".")}.ip6.arpa`;
}

/** Of the kind of `like`; null: nobody answered. */
const addressesOf = (name: string, like: string, resolver: DnsAnswers): Promise<readonly unknown[] | null> =>
  resolver(name, ipaddr.process(like).kind() === "ipv4" ? "A" : "AAAA").catch(() => null);

const firstNames = (names: readonly string[]): readonly string[] =>
  [...new Set(names.map((name) => name.toLowerCase().replace(/\.$/, "")))].filter(isHostName).slice(0, MAX_NAMES);

const isSame = (address: unknown, remote: string): boolean =>
  typeof address === "string" &&
  ipaddr.isValid(address) &&
  ipaddr.process(address).toString() === ipaddr.process(remote).toString();

/** A private address is a relay in front: what brought the report to it is not known. */
export function isPublic(address: string | null): address is string {
  return address !== null && ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}
