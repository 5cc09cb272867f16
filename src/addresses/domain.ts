/** The domain of an address. */

/** Part after the last `@`, lower-case; null where there is none. */
export function domainOf(address: string): string | null {
  const at = address.lastIndexOf("@");
  return at < 0 || at === address.length - 1 ? null : address.slice(at + 1).toLowerCase();
}

/** Lower-case, with a dot in it, and as DNS can answer for it. */
export const isHostName = (name: string): boolean =>
  /^(?=.{4,253}$)(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{1,62}$/.test(name);

/** The domain of an address as DNS knows it: lower-case A-labels; null when there is none. */
export function asciiDomainOf(address: string | null): string | null {
  const domain = address && domainOf(address);
  if (!domain || /^[\x21-\x7e]+$/.test(domain)) return domain || null;
  return URL.canParse(`http://${domain}/`) ? new URL(`http://${domain}/`).hostname : domain;
}

/** Whether one's domain is the other's, or below it. */
export function areOfOneHouse(one: string, other: string): boolean {
  const [a, b] = [domainOf(one), domainOf(other)];
  return a !== null && b !== null && (`.${a}`.endsWith(`.${b}`) || `.${b}`.endsWith(`.${a}`));
}
