/** The domain of an address as DNS knows it: lower-case A-labels; null when there is none. */
export function domainOf(address: string | null): string | null {
  const at = address?.lastIndexOf("@") ?? -1;
  if (!address || at < 0 || at === address.length - 1) return null;
  const domain = address.slice(at + 1).toLowerCase();
  if (/^[\x21-\x7e]+$/.test(domain)) return domain;
  return URL.canParse(`http://${domain}/`) ? new URL(`http://${domain}/`).hostname : domain;
}
