/** Recipient domains that are probably typing mistakes, each with the common domain that it is near to. */
import { countedBy } from "../event/credible.ts";
import type { LogFilter } from "../store/log/log-query.ts";
import type { HttpContext } from "./context.ts";

export interface MistypedDomain {
  readonly domain: string;
  readonly suggestion: string;
  readonly events: number;
  /** Different addresses. */
  readonly addresses: number;
  /** ISO 8601, of receipt; null for mail read from files. */
  readonly lastAt: string | null;
}

export interface Mistyped {
  /** Bounces of unknown domains that were looked at, newest first. */
  readonly events: number;
  /** True when older ones were left out. */
  readonly cut: boolean;
  /** Most addresses first. */
  readonly domains: readonly MistypedDomain[];
}

export async function mistypedDomains(
  { store }: Pick<HttpContext, "store">,
  filter: LogFilter,
  { atMost, limit, signal }: { readonly atMost: number; readonly limit: number; readonly signal: AbortSignal },
): Promise<Mistyped> {
  const found = new Map<string, MistypedDomain & { readonly all: Set<string> }>();
  let events = 0;
  let cut = false;
  const unknown = { ...countedBy(filter), reason: ["domain_unknown", "domain_no_mail"] } as const;
  for await (const { event } of store.iterate(unknown, signal)) {
    if (events >= atMost) {
      cut = true;
      break;
    }
    events += 1;
    const { suggestion, recipient, message } = event;
    if (suggestion === null || recipient.domain === null) continue;
    const { domain } = recipient;
    const one = found.get(domain) ?? {
      domain,
      suggestion,
      events: 0,
      addresses: 0,
      lastAt: message.receivedAt,
      all: new Set(),
    };
    if (recipient.mailed !== null) one.all.add(recipient.mailed);
    found.set(domain, { ...one, events: one.events + 1, addresses: one.all.size });
  }
  const domains = [...found.values()]
    .toSorted((a, b) => b.addresses - a.addresses || b.events - a.events || (a.domain < b.domain ? -1 : 1))
    .slice(0, limit)
    .map(({ all: _all, ...domain }) => domain);
  return { events, cut, domains };
}
