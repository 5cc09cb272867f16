/** Every built-in rule must win its own examples against everything else: matching is not enough. */
import { statSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { classify } from "../../../src/core/classify/classify.ts";
import { refusalOf } from "../../../src/core/classify/example.ts";
import { LANGUAGES_FOLDER } from "../../../src/rules/read-languages.ts";
import { BUILT_IN_RULES } from "../../../src/rules/read-rule-files.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const rules = loadRules();

test("every rule wins its examples", () => {
  const lost = rules.rules.flatMap(({ rule }) =>
    rule.examples.flatMap((example) => {
      const { evidence, reason } = classify(refusalOf(example), { rules });
      return evidence[0]?.rule === rule.id && reason === rule.reason
        ? []
        : [`${rule.id}: "${example.text}" is won by ${evidence[0]?.rule}`];
    }),
  );
  expect(lost).toEqual([]);
});

test("rules are what providers alone say: few, and with a place to look it up", () => {
  expect(rules.size).toBeGreaterThan(200);
  expect(rules.size).toBeLessThanOrEqual(450);
  expect(rules.rules.filter(({ rule }) => rule.rank !== undefined)).toEqual([]);
  const size = readdirSync(BUILT_IN_RULES).reduce((sum, name) => sum + statSync(join(BUILT_IN_RULES, name)).size, 0);
  expect(size).toBeLessThanOrEqual(250_000);
});

test("language packs stay small enough to be read by the one who corrects them", () => {
  for (const name of readdirSync(LANGUAGES_FOLDER))
    expect(statSync(join(LANGUAGES_FOLDER, name)).size).toBeLessThan(75_000);
});
