/** Which provider took a delivery, or refused it, by host name and domain, as recognise-provider.ts does without a text. */
import { readBuiltInRules } from "../rules/built-in-rules.ts";

interface Known {
  readonly ids: ReadonlySet<string>;
  readonly byHost: ReadonlyMap<string, string>;
  readonly byDomain: ReadonlyMap<string, string>;
}
let known: Known | null = null;

/** They refuse nothing themselves. */
const NEVER: ReadonlySet<string> = new Set(["blocklist", "software"]);

function providersKnown(): Known {
  if (known) return known;
  const byHost = new Map<string, string>();
  const byDomain = new Map<string, string>();
  const { providers } = readBuiltInRules();
  for (const { id, kind, hosts = [], domains = [] } of providers) {
    if (NEVER.has(kind)) continue;
    for (const host of hosts) if (!byHost.has(bare(host))) byHost.set(bare(host), id);
    for (const domain of domains) if (!byDomain.has(domain)) byDomain.set(domain, id);
  }
  return (known = { ids: new Set(providers.map(({ id }) => id)), byHost, byDomain });
}

const bare = (host: string): string => host.toLowerCase().replace(/^\.|\.$/g, "");

/** `""` where nobody knows it. The host says more than the domain: a gateway stands before the mailbox provider. */
export function providerOfDelivery(remoteMta: string | undefined, domain: string): string {
  const { byHost, byDomain } = providersKnown();
  for (let name = bare(remoteMta ?? ""); name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
    const id = byHost.get(name);
    if (id !== undefined) return id;
  }
  return byDomain.get(domain) ?? "";
}

export const isProvider = (id: string): boolean => providersKnown().ids.has(id);
