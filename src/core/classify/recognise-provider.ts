/** Who refused: the mailbox provider or security gateway behind a refusal, by host name, wording or domain. */
import type { PhraseHits } from "./phrase-index.ts";
import type { Provider } from "./rule.ts";
import type { RuleSet } from "./rule-set.ts";
import type { Refusal } from "./verdict.ts";

export interface Recognition {
  /** Every provider recognised: a rule for any of them may apply. */
  readonly all: ReadonlySet<string>;
  /** The one to name as the refuser. */
  readonly refuser: string | null;
}

/** A gateway stands before the mailbox provider, and its host name or wording says more than the recipient's domain. */
const BY_KIND: Readonly<Record<Provider["kind"], number>> = {
  gateway: 3,
  mailbox: 3,
  sender: 2,
  blocklist: 0,
  software: 0,
};
const BY_HOST = 30;
const BY_PHRASE = 20;
const BY_DOMAIN = 10;

export function recogniseProvider(
  refusal: Pick<Refusal, "remoteMta" | "recipientDomain">,
  hits: PhraseHits,
  rules: RuleSet,
): Recognition {
  const domain = lower(refusal.recipientDomain);
  const all = new Set<string>();
  let refuser: string | null = null;
  let best = 0;
  const see = (provider: Provider, weight: number): void => {
    all.add(provider.id);
    const score = BY_KIND[provider.kind] === 0 ? 0 : weight + BY_KIND[provider.kind];
    if (score > best) [refuser, best] = [provider.id, score];
  };
  const owner = providerOfHost(refusal.remoteMta, rules);
  if (owner) see(owner, BY_HOST);
  for (const phrase of hits.spans.keys())
    for (const { provider } of rules.providersByPhrase.get(phrase) ?? []) see(provider, BY_PHRASE);
  if (domain !== null) for (const { provider } of rules.providersByDomain.get(domain) ?? []) see(provider, BY_DOMAIN);
  return { all, refuser };
}

/** Whose host it is, by its name. */
export function providerOfHost(
  host: string | null,
  { providersByHost }: Pick<RuleSet, "providersByHost">,
): Provider | null {
  // The longest suffix is the closest name: olc.protection.outlook.com before protection.outlook.com.
  for (let name = lower(host) ?? ""; name !== ""; name = name.slice(name.indexOf(".") + 1)) {
    const [owner] = providersByHost.get(name) ?? [];
    if (owner) return owner.provider;
    if (!name.includes(".")) break;
  }
  return null;
}

export function lower(name: string | null): string | null {
  return name === null ? null : name.toLowerCase().replace(/\.$/, "");
}
