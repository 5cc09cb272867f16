/** Every piece of evidence about one refusal, in order of what it is worth: rules, facts, statuses, the reply code. */
import type { Evidence, Reason } from "../../event/event.ts";
import { precedenceOf } from "../knowledge/matrix.ts";
import type { Question } from "./condition.ts";
import type { Fact } from "./facts/facts.ts";
import { registryRowOf, type Strength } from "../../dictionary/iana.ts";
import { replyCodeRowOf } from "../../dictionary/reply-codes.ts";
import type { CompiledRule, RuleSet } from "./rule-set.ts";

/** The order of evidence, best first. docs/rules.md explains it. */
export const BANDS = [
  "own rule",
  "provider's sentence",
  "provider's code",
  "fact",
  "strong status",
  "prose",
  "reused status",
  "vague fact",
  "single words",
  "weak status",
  "reply code",
  "guess",
] as const;
export type Band = (typeof BANDS)[number];

export interface Candidate {
  readonly source: Evidence["source"];
  /** Rule id, fact, or the table row: `iana/5.1.1`, `reply/550`. */
  readonly name: string;
  readonly reason: Reason;
  readonly also?: Reason | undefined;
  readonly band: Band;
  readonly confidence: number;
  readonly words: number;
  readonly conditions: number;
  readonly order: number;
  readonly span: { readonly start: number; readonly end: number } | null;
  readonly status: string | null;
  readonly fact: Fact | null;
}

/** Lower comes first. */
export const RANK = Object.fromEntries(BANDS.map((band, rank) => [band, rank])) as Readonly<Record<Band, number>>;

export const isAtLeast = ({ band }: Pick<Candidate, "band">, other: Band): boolean => RANK[band] <= RANK[other];

const STATUS_BAND = { strong: "strong status", medium: "reused status", weak: "weak status" } as const;
const STATUS_CONFIDENCE: Readonly<Record<Strength, number>> = { strong: 0.9, medium: 0.7, weak: 0.4 };

/** Best first. */
export function candidatesFor(question: Question, facts: readonly Fact[], rules: RuleSet): readonly Candidate[] {
  return inOrder([
    ...matchingRules(question, rules),
    ...factCandidates(facts),
    ...question.statuses.flatMap(({ text }, index) => statusCandidate(text, index)),
    ...replyCandidate(question.replyCode),
  ]);
}

/** Of one band: the rule with more words, then with more conditions, then the order. */
export const inOrder = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.toSorted(
    (a, b) => RANK[a.band] - RANK[b.band] || b.words - a.words || b.conditions - a.conditions || a.order - b.order,
  );

function matchingRules(question: Question, rules: RuleSet): readonly Candidate[] {
  const found: Candidate[] = [];
  const ask = (compiled: CompiledRule): void => {
    const match = compiled.condition.match(question);
    if (!match) return;
    const { rule, kind, reason, order } = compiled;
    const band = kind === "user_rule" ? "own rule" : match.words > 0 ? "provider's sentence" : "provider's code";
    const confidence = rule.confidence ?? 0.96;
    found.push({ ...match, source: kind, name: rule.id, reason, also: rule.also, band, confidence, order, fact: null });
  };
  for (const compiled of rules.wordless) ask(compiled);
  const asked = new Set<CompiledRule>();
  for (const phrase of question.hits.spans.keys())
    for (const compiled of rules.byPhrase.get(phrase) ?? []) {
      if (asked.has(compiled)) continue;
      asked.add(compiled);
      ask(compiled);
    }
  return found;
}

export const factName = ({ subject, predicate }: Fact): string => `fact/${subject ?? "it"}-${predicate}`;

/** One for each reason. */
export function factCandidates(facts: readonly Fact[]): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const fact of facts) {
    const { cell, hint, unsure, start, end } = fact;
    const isVague = cell.weight === "vague" || unsure;
    const band = hint ? "single words" : isVague ? "vague fact" : "fact";
    const key = `${band} ${cell.reason}`;
    const known = found.get(key);
    if (known && (!known.fact?.passing || fact.passing)) continue;
    found.set(key, {
      source: "fact",
      name: factName(fact),
      reason: cell.reason,
      band,
      confidence: hint ? 0.4 : isVague ? 0.6 : 0.92,
      words: 0,
      conditions: 0,
      order: known?.order ?? fact.sentence * 100 + precedenceOf(fact.predicate),
      span: { start, end },
      status: null,
      fact,
    });
  }
  return [...found.values()];
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
      band: STATUS_BAND[strength],
      confidence: STATUS_CONFIDENCE[strength],
      words: 0,
      conditions: 1,
      order: index,
      span: null,
      status,
      fact: null,
    },
  ];
}

function replyCandidate(replyCode: number | null): readonly Candidate[] {
  const row = replyCode === null ? null : replyCodeRowOf(replyCode);
  if (!row || row.reason === "unknown" || row.reason === "delivered" || row.reason === "other_info") return [];
  const name = `reply/${row.replyCode}`;
  const rest = { words: 0, conditions: 1, order: 0, span: null, status: null, fact: null };
  return [{ source: "reply_code", name, reason: row.reason, band: "reply code", confidence: 0.3, ...rest }];
}
