import { domainOf } from "./fields/address.ts";

/** The domain of an address as DNS knows it: lower-case A-labels; null when there is none. */
export function asciiDomainOf(address: string | null): string | null {
  const domain = address && domainOf(address);
  if (!domain || /^[\x21-\x7e]+$/.test(domain)) return domain || null;
  return URL.canParse(`http://${domain}/`) ? new URL(`http://${domain}/`).hostname : domain;
}
