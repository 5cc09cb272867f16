/**
 * Whose signatures are ours where nothing is configured: the bounce domains and the domains above them. Whoever has a
 * domain above ours decides what ours is anyway; a domain below may be a customer's.
 */
export const signingDomainsOf = (bounceDomains: readonly string[]): readonly string[] => [
  ...new Set(
    bounceDomains.flatMap((domain) => {
      const labels = domain.toLowerCase().split(".");
      return labels.slice(0, -1).map((_, at) => labels.slice(at).join("."));
    }),
  ),
];
