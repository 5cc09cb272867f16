/** Every built-in rule must win its own examples against all the others: matching is not enough. */
import { describe, expect, test } from "vitest";
import { classify } from "../../../src/core/classify/classify.ts";
import { refusalOf } from "../../../src/core/classify/example.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const rules = loadRules();

test("there are rules", () => expect(rules.size).toBeGreaterThan(0));

describe.each(rules.rules.map(({ rule }) => rule))("$id", (rule) => {
  test.each(rule.examples)("wins $text", (example) => {
    const verdict = classify(refusalOf(example), { rules, language: "en" });
    expect(verdict.evidence[0]?.rule).toBe(rule.id);
    expect(verdict.reason).toBe(rule.reason);
  });
});
