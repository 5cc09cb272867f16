/** Why a refusal was decided as it was, and what would have changed it: for `bounced rules test` and the pages. */
import type { Candidate } from "./candidates.ts";
import { classify, readRefusal } from "./classify.ts";
import { decide } from "./decide.ts";
import type { Fact } from "./facts/facts.ts";
import { REASON_TABLE } from "../../event/reasons.ts";
import type { RuleSet } from "./rule-set.ts";
import { HARD_ONLY_IF, severityOf } from "./severity.ts";
import type { Refusal, Verdict } from "./verdict.ts";

export interface Account {
  readonly verdict: Verdict;
  /** One sentence for each fact that the words say. */
  readonly facts: readonly string[];
  /** Every piece of evidence, best first. */
  readonly candidates: readonly Candidate[];
  /** One sentence each: what keeps it from being hard, and what would have been decided otherwise. */
  readonly changes: readonly string[];
}

export function accountFor(refusal: Refusal, rules: RuleSet): Account {
  const verdict = classify(refusal, { rules });
  const { candidates, facts, temporary, permanent } = readRefusal(refusal, rules);
  const deciding = candidates.find(({ name }) => name === verdict.evidence[0]?.rule) ?? null;
  return {
    verdict,
    facts: [...new Set(facts.map((fact) => `${sayFact(fact)}: ${fact.cell.reason}`))],
    candidates,
    changes: deciding === null ? [] : [...barsOf(), ...withoutIt(deciding)],
  };

  /** Which line of the severity table keeps a reason that could be hard from being it. */
  function barsOf(): readonly string[] {
    if (REASON_TABLE[verdict.reason].severity !== "hard" || verdict.severity === "hard") return [];
    const decision = decide(candidates);
    const one = { decision, deciding, refusal, temporary, permanent };
    const bar = HARD_ONLY_IF.find(({ isBroken }) => isBroken(one));
    return bar ? [`Not hard, because this condition is not met: ${bar.onlyIf}.`] : [];
  }

  function withoutIt({ name, reason }: Candidate): readonly string[] {
    const left = candidates.filter((other) => other.reason !== reason);
    const decision = decide(left);
    if (left.length === 0) return [`Nothing but ${name} speaks: without it the reason would be unknown.`];
    const { severity } = severityOf({ decision, deciding: decision.deciding, refusal, temporary, permanent });
    return [
      `Without ${name} the reason would be ${decision.reason} (${severity}), by ${decision.deciding?.name ?? "nothing"}.`,
    ];
  }
}

/** `sender unknown`, for people. */
export function sayFact({ subject, predicate, passing, unsure, hint }: Fact): string {
  const remarks = [passing && "for now", unsure && "perhaps", hint && "suggested by a single word"].filter(Boolean);
  const said = `${subject ?? "something"} ${predicate}`.replaceAll("_", " ");
  return remarks.length === 0 ? said : `${said} (${remarks.join(", ")})`;
}
