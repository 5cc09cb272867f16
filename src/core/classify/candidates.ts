/** Every piece of evidence about one refusal, on one scale: rules, statuses and the reply code. */
import type { Evidence, Reason } from "../event.ts";
import type { Question } from "./condition.ts";
import { registryRowOf, type Strength } from "./iana.ts";
import { replyCodeRowOf } from "./reply-codes.ts";
import type { CompiledRule, RuleSet } from "./rule-set.ts";

export interface Candidate {
  readonly source: Evidence["source"];
  /** Rule id, or the table row: `iana/5.1.1`, `reply/550`. */
  readonly name: string;
  readonly reason: Reason;
  readonly also?: Reason | undefined;
  /** 1 to 99; the highest decides. */
  readonly rank: number;
  readonly confidence: number;
  readonly words: number;
  readonly conditions: number;
  readonly order: number;
  readonly span: { readonly start: number; readonly end: number } | null;
  readonly status: string | null;
}

const STATUS_RANK: Readonly<Record<Strength, number>> = { strong: 45, medium: 30, weak: 20 };
const STATUS_CONFIDENCE: Readonly<Record<Strength, number>> = { strong: 0.9, medium: 0.7, weak: 0.4 };
const REPLY_RANK = 10;

/** Best first. */
export function candidatesFor(question: Question, rules: RuleSet): readonly Candidate[] {
  const candidates = [
    ...matchingRules(question, rules),
    ...question.statuses.flatMap(({ text }, index) => statusCandidate(text, index)),
    ...replyCandidate(question.replyCode),
  ];
  return candidates.sort(
    (a, b) => b.rank - a.rank || b.words - a.words || b.conditions - a.conditions || a.order - b.order,
  );
}

function matchingRules(question: Question, rules: RuleSet): readonly Candidate[] {
  const worth = new Set<CompiledRule>(rules.wordless);
  for (const phrase of question.hits.spans.keys()) for (const rule of rules.byPhrase.get(phrase) ?? []) worth.add(rule);
  const found: Candidate[] = [];
  for (const compiled of worth) {
    const match = compiled.condition.match(question);
    if (!match) continue;
    const { rule, kind, rank, reason, order } = compiled;
    const confidence = rule.confidence ?? confidenceOf(kind, rank);
    found.push({ ...match, source: kind, name: rule.id, reason, also: rule.also, rank, confidence, order });
  }
  return found;
}

/** A rule ranked below the statuses says itself that its words prove little. */
function confidenceOf(kind: CompiledRule["kind"], rank: number): number {
  if (rank < 25) return 0.5;
  if (rank < 45) return 0.75;
  return kind === "text_rule" ? 0.92 : 0.96;
}

function statusCandidate(status: string, index: number): readonly Candidate[] {
  const row = registryRowOf(status);
  if (!row || status.startsWith("2")) return [];
  const { reason, strength } = status.startsWith("4") ? row.temporary : row.permanent;
  return [
    {
      source: "status",
      name: `iana/${status}`,
      reason,
      rank: reason === "unknown" ? 1 : STATUS_RANK[strength],
      confidence: reason === "unknown" ? 0.1 : STATUS_CONFIDENCE[strength],
      words: 0,
      conditions: 1,
      order: index,
      span: null,
      status,
    },
  ];
}

function replyCandidate(replyCode: number | null): readonly Candidate[] {
  const row = replyCode === null ? null : replyCodeRowOf(replyCode);
  if (!row || row.reason === "unknown" || row.reason === "delivered" || row.reason === "other_info") return [];
  const name = `reply/${row.replyCode}`;
  const rest = { words: 0, conditions: 1, order: 0, span: null, status: null };
  return [{ source: "reply_code", name, reason: row.reason, rank: REPLY_RANK, confidence: 0.3, ...rest }];
}
