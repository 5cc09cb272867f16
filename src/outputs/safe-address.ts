/**
 * Where a webhook may go. A name is resolved once, every address it has must be a public one, and the connection goes
 * to exactly the address that was looked at, so that a second answer of the DNS changes nothing.
 */
import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

export class UnsafeAddress extends Error {
  override name = "UnsafeAddress";
}

/** Azure's metadata and health service: a public address that every machine there reaches. */
const AZURE_HOST = "168.63.129.16";

/** Public unicast, also when written as IPv6-mapped, IPv4-compatible, 6to4 or NAT64 IPv4. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast" || parsed.toString() === AZURE_HOST) return false;
  // ::a.b.c.d, RFC 4291 2.5.5.1: deprecated, and still IPv4 for some systems.
  return (
    parsed.kind() === "ipv4" ||
    parsed
      .toByteArray()
      .slice(0, 12)
      .some((octet) => octet !== 0)
  );
}

type Resolve = (hostname: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;

const resolveAll: Resolve = (hostname, done) =>
  dnsLookup(hostname, { all: true, verbatim: true }, (error, addresses) => done(error, addresses ?? []));

/** For the `lookup` option of a request. Fails with UnsafeAddress where one address of the name is not public. */
export function safeLookup(allowPrivate: boolean, resolve: Resolve = resolveAll): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses;
      if (error || !first) return done(error ?? new Error(`${hostname} has no address`), "", 0);
      const unsafe = allowPrivate ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
      if (unsafe)
        return done(new UnsafeAddress(`${hostname} leads to ${unsafe.address}, which is not a public address`), "", 0);
      if (options.all) return done(null, [...addresses]);
      return done(null, first.address, first.family);
    });
  };
}

/** An address in the URL itself is never looked up, so it is checked before. */
export function checkLiteral(url: URL, allowPrivate: boolean): void {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (!allowPrivate && ipaddr.isValid(host) && !isPublicAddress(host))
    throw new UnsafeAddress(`${host} is not a public address`);
}
