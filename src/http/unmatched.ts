/** What no rule decided, grouped; what rules of one's own would make of it; and the log under the rules of today. */
import { load as parseYaml } from "js-yaml";
import { z } from "zod";
import { classify, emptyRefusal } from "../core/classify/classify.ts";
import type { Refusal } from "../core/classify/verdict.ts";
import { ruleSchema, type Rule } from "../core/classify/rule.ts";
import { RuleError, type RuleSet } from "../core/classify/rule-set.ts";
import type { BouncedEvent, Reason } from "../core/event.ts";
import { messageOf } from "../error-message.ts";
import { checkRules, type Finding } from "../rules/check-rules.ts";
import { compileWith } from "../rules/load-rules.ts";
import { readRuleFiles } from "../rules/read-rule-files.ts";
import type { LogFilter } from "../store/log-query.ts";
import { differs, type VerdictChange } from "../store/reclassify.ts";
import { inputOf, rereadWith } from "../store/reread.ts";
import { createTemplates, ruleFor, type Template } from "../store/templates.ts";
import type { HttpContext } from "./context.ts";
import { Problem } from "./problems.ts";

/** Evidence that is not a rule's. */
export const UNDECIDED = ["status", "reply_code", "action", "none"] as const;
const EXAMPLES = 5;
const BATCH = 200;

export interface Unmatched {
  readonly events: number;
  /** True when older ones were left out. */
  readonly cut: boolean;
  readonly groups: readonly (Template & { readonly rule: string })[];
}

export async function unmatchedGroups(
  { store }: HttpContext,
  filter: LogFilter,
  { atMost, limit }: { readonly atMost: number; readonly limit: number },
): Promise<Unmatched> {
  const templates = createTemplates();
  let events = 0;
  for await (const { event } of store.iterate({ kind: ["bounce", "delay"], ...filter, evidence: UNDECIDED })) {
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

export interface RuleTrial {
  readonly rules: number;
  readonly findings: readonly Finding[];
  /** Diagnostics of the log that were tried. */
  readonly tried: number;
  /** Of these, decided by one of the rules on trial. */
  readonly decided: number;
  readonly moves: readonly {
    readonly from: Reason;
    readonly to: Reason;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
}

/** Text of a rule file -> what it would decide of the newest diagnostics. Throws Problem saying what is wrong with it. */
export async function tryRules(
  context: HttpContext,
  text: string,
  filter: LogFilter,
  atMost: number,
): Promise<RuleTrial> {
  const own = readRules(text);
  const rules = compile(context, own);
  const ids = new Set(own.map(({ id }) => id));
  const moves = new Map<string, { from: Reason; to: Reason; count: number; examples: string[] }>();
  let tried = 0;
  let decided = 0;
  for await (const { event } of context.store.iterate({ kind: ["bounce", "delay"], ...filter })) {
    if (tried >= atMost) break;
    if (!event.diagnostic) continue;
    tried += 1;
    const { reason, evidence } = classify(refusalOf(event), { rules, language: context.language });
    if (!ids.has(evidence[0]?.rule ?? "")) continue;
    decided += 1;
    const move = moves.get(`${event.reason} ${reason}`) ?? { from: event.reason, to: reason, count: 0, examples: [] };
    moves.set(`${event.reason} ${reason}`, move);
    move.count += 1;
    if (move.examples.length < EXAMPLES && !move.examples.includes(event.diagnostic.text))
      move.examples.push(event.diagnostic.text);
  }
  return {
    rules: own.length,
    findings: checkRules(own, rules),
    tried,
    decided,
    moves: [...moves.values()].sort((a, b) => b.count - a.count),
  };
}

function readRules(text: string): readonly Rule[] {
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch (cause) {
    throw new Problem("badRequest", `not YAML: ${messageOf(cause)}`, { cause });
  }
  const parsed = z.array(ruleSchema).min(1).max(200).safeParse(document);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ field: `rules.${path.join(".")}`, message }));
  throw new Problem("badRequest", issues.map(({ field, message }) => `${field}: ${message}`).join("; "), { issues });
}

/** In front of the rules that the installation has already, of which a rule of the same id is replaced. */
function compile({ config }: HttpContext, own: readonly Rule[]): RuleSet {
  const ids = new Set(own.map(({ id }) => id));
  try {
    const present = config.BOUNCED_RULES ? readRuleFiles(config.BOUNCED_RULES).flatMap(({ rules }) => rules) : [];
    return compileWith([...own, ...present.filter(({ id }) => !ids.has(id))]);
  } catch (cause) {
    if (cause instanceof RuleError) throw new Problem("badRequest", cause.message, { cause });
    throw cause;
  }
}

const refusalOf = (event: BouncedEvent): Refusal => ({
  ...emptyRefusal,
  text: event.diagnostic?.text ?? null,
  status: event.status,
  replyCode: event.replyCode,
  smtpCommand: event.smtpCommand,
  remoteMta: event.remoteMta,
  reportingMta: event.reportingMta,
  software: event.software,
  recipientDomain: event.recipient.domain,
  action: event.action,
});

export interface Reclassification {
  readonly events: number;
  readonly changed: number;
  readonly unreadable: number;
  /** True when older events were left out. */
  readonly cut: boolean;
  readonly applied: number;
  readonly listChanges: number;
  readonly moves: readonly {
    readonly from: string;
    readonly to: string;
    readonly count: number;
    readonly ids: readonly string[];
  }[];
}

/** The log under the rules of today. With an actor the new verdicts are written and the old ones kept. */
export async function reclassify(
  context: HttpContext,
  filter: LogFilter,
  { atMost, actor }: { readonly atMost: number; readonly actor: string | null },
): Promise<Reclassification> {
  const { store } = context;
  const fromFields = rereadWith(context.reading);
  const moves = new Map<string, { from: string; to: string; count: number; ids: string[] }>();
  const total = { events: 0, changed: 0, unreadable: 0, cut: false, applied: 0, listChanges: 0 };
  let batch: VerdictChange[] = [];
  const write = async (): Promise<void> => {
    if (actor !== null && batch.length > 0) {
      const { events, changes } = await store.replaceVerdicts(batch, actor);
      total.applied += events;
      total.listChanges += changes;
    }
    batch = [];
  };
  const reread = store.reread(filter, async (event, raw) =>
    // Messages are read in a thread: a bad one costs that, not the API.
    raw === null
      ? fromFields(event, null)
      : ((await context.readInput(inputOf(event, raw))).find(({ id }) => id === event.id) ?? null),
  );
  for await (const { event: before, after } of reread) {
    if (total.events >= atMost) {
      total.cut = true;
      break;
    }
    total.events += 1;
    if (after === null) total.unreadable += 1;
    if (after === null || !differs(before, after)) continue;
    total.changed += 1;
    const [from, to] = [`${before.severity} ${before.reason}`, `${after.severity} ${after.reason}`];
    const move = moves.get(`${from} ${to}`) ?? { from, to, count: 0, ids: [] };
    moves.set(`${from} ${to}`, move);
    move.count += 1;
    if (move.ids.length < EXAMPLES) move.ids.push(before.id);
    batch.push({ before, after });
    if (batch.length >= BATCH) await write();
  }
  await write();
  return { ...total, moves: [...moves.values()].sort((a, b) => b.count - a.count) };
}
