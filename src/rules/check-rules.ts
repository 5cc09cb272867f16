/** What is wrong, or doubtful, with a user's rules: examples lost, dead rules, ambiguous pairs, slow patterns. */
import { classify, readRefusal, refusalOf, type Rule, type RuleSet } from "../core/index.ts";

export interface RuleProblem {
  /** An error makes `rules check` fail; a warning is worth a look. */
  readonly level: "error" | "warning";
  readonly rule: string;
  readonly problem: string;
}

/** Longest pattern that is not called slow, and the counted repetitions it may hold. */
const MAX_PATTERN = 200;
const MAX_REPEAT = 100;

export function checkRules(own: readonly Rule[], rules: RuleSet): readonly RuleProblem[] {
  return own.flatMap((rule) => [
    ...lostExamples(rule, rules),
    ...deadRule(rule, own),
    ...oldRank(rule),
    ...ambiguous(rule, rules),
    ...slowPattern(rule),
    ...undecided(rule),
  ]);
}

const undecided = ({ id, reason }: Rule): readonly RuleProblem[] =>
  reason === "unknown"
    ? [
        {
          level: "warning",
          rule: id,
          problem: "the reason is `unknown`, so the rule decides nothing: choose another reason",
        },
      ]
    : [];

function lostExamples(rule: Rule, rules: RuleSet): readonly RuleProblem[] {
  return rule.examples.flatMap((example): readonly RuleProblem[] => {
    const { evidence } = classify(refusalOf(example), { rules });
    const winner = evidence[0]?.rule ?? null;
    if (winner === rule.id) return [];
    const matched = readRefusal(refusalOf(example), rules).candidates.some(({ name }) => name === rule.id);
    const problem = matched
      ? `its example is won by ${winner}: "${example.text}"`
      : `it does not match its own example: "${example.text}"`;
    return [{ level: "error", rule: rule.id, problem }];
  });
}

function deadRule(rule: Rule, own: readonly Rule[]): readonly RuleProblem[] {
  const { when } = rule;
  const not = new Set(when.not);
  for (const phrase of [...(when.any ?? []), ...(when.all ?? [])])
    if (not.has(phrase) && (when.any?.length ?? 0) <= 1)
      return [
        { level: "error", rule: rule.id, problem: `it can never match: "${phrase}" is both asked for and excluded` },
      ];
  const same = own.find((other) => other !== rule && JSON.stringify(other.when) === JSON.stringify(when));
  if (!same || own.indexOf(same) > own.indexOf(rule)) return [];
  return [{ level: "error", rule: rule.id, problem: `it never wins: ${same.id} before it asks for the same` }];
}

function oldRank({ id, rank }: Rule): readonly RuleProblem[] {
  if (rank === undefined) return [];
  return [
    { level: "warning", rule: id, problem: "its rank decides nothing: of two rules the one with more words wins" },
  ];
}

/** Another rule with another reason matches the example as well as this one: the order decides. */
function ambiguous(rule: Rule, rules: RuleSet): readonly RuleProblem[] {
  const pairs = new Map<string, RuleProblem>();
  for (const example of rule.examples) {
    const { candidates } = readRefusal(refusalOf(example), rules);
    const mine = candidates.find(({ name }) => name === rule.id);
    if (!mine) continue;
    for (const other of candidates)
      if (
        other.name !== rule.id &&
        other.reason !== rule.reason &&
        other.band === mine.band &&
        other.words === mine.words &&
        other.conditions === mine.conditions
      )
        pairs.set(other.name, {
          level: "warning",
          rule: rule.id,
          problem: `${other.name} (${other.reason}) matches "${example.text}" just as well; give one of them another word`,
        });
  }
  return [...pairs.values()];
}

function slowPattern({ id, when: { pattern, any, all, ...others } }: Rule): readonly RuleProblem[] {
  if (pattern === undefined) return [];
  const warn = (problem: string): RuleProblem => ({ level: "warning", rule: id, problem });
  const repeats = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, low, high]) => Number(high ?? low));
  return [
    ...(pattern.length > MAX_PATTERN ? [warn(`its pattern is longer than ${MAX_PATTERN} characters`)] : []),
    ...(repeats.some((count) => count > MAX_REPEAT) ? [warn(`its pattern repeats more than ${MAX_REPEAT} times`)] : []),
    ...(!any && !all && Object.keys(others).filter((key) => key !== "not").length === 0
      ? [warn("its pattern runs on every refusal; a phrase in any or all, or a status, lets most of them pass by")]
      : []),
  ];
}
