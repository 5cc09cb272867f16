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
  { iterate }: { readonly iterate: (filter: LogFilter, signal?: AbortSignal) => AsyncIterable<LogEntry> },
  filter: LogFilter,
  { atMost, limit, signal }: { readonly atMost: number; readonly limit: number; readonly signal?: AbortSignal },
): Promise<Unmatched> {
  const templates = createTemplates();
  let events = 0;
  // A stranger's words lead to no rule, unless somebody asks for them.
  const undecided = iterate({ kind: ["bounce", "delay"], ...countedBy(filter), evidence: WITHOUT_RULE }, signal);
  for await (const { event } of undecided) {
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
