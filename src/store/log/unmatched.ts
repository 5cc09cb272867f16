/** What no rule decided, grouped. */
import { countedBy } from "../../event/credible.ts";
import { WITHOUT_RULE, type LogEntry, type LogFilter } from "./log-query.ts";
import { createTemplates, ruleFor, type Template } from "./templates.ts";

export interface Unmatched {
  readonly events: number;
  /** True when older ones were left out. */
  readonly cut: boolean;
  readonly groups: readonly (Template & { readonly rule: string })[];
}

export async function unmatchedGroups(
  { iterate }: { readonly iterate: (filter: LogFilter) => AsyncIterable<LogEntry> },
  filter: LogFilter,
  { atMost, limit }: { readonly atMost: number; readonly limit: number },
): Promise<Unmatched> {
  const templates = createTemplates();
  let events = 0;
  // A stranger's words lead to no rule, unless somebody asks for them.
  for await (const { event } of iterate({
    kind: ["bounce", "delay"],
    ...countedBy(filter),
    evidence: WITHOUT_RULE,
  })) {
    if (!event.diagnostic?.text) continue;
    if (events >= atMost) return { events, cut: true, groups: groupsOf() };
    events += 1;
    const { reason, status, replyCode, provider } = event;
    templates.add({ text: event.diagnostic.text, reason, status, replyCode, provider });
  }
  return { events, cut: false, groups: groupsOf() };

  function groupsOf() {
    return templates
      .list()
      .slice(0, limit)
      .map((template) => ({ ...template, rule: ruleFor(template) }));
  }
}
