/** The rules a process works with: the built-in ones, a user's own in front of them. */
import { readFileSync } from "node:fs";
import { RE2JS } from "re2js";
import { readModel, type FallbackModel } from "../core/classify/fallback-model.ts";
import { compileRules, type CompilePattern, type RuleSet } from "../core/classify/rule-set.ts";
import type { Rule } from "../core/classify/rule.ts";
import { readBuiltInRules } from "./built-in-rules.ts";
import { readRuleFiles } from "./read-rule-files.ts";

/** `path` is what BOUNCED_RULES names: a file or a folder. Throws RuleError naming the file and the rule. */
export function loadRules(path?: string): RuleSet {
  return compileWith(path === undefined ? [] : readRuleFiles(path).flatMap(({ rules }) => rules));
}

/** The built-in rules with these in front. */
export function compileWith(user: readonly Rule[]): RuleSet {
  const { rules, providers, vocabulary } = readBuiltInRules();
  return compileRules({
    user,
    builtIn: rules,
    providers,
    vocabulary,
    compileUserPattern: compileLinear,
    model: loadModel(),
  });
}

const MODEL_FILE = new URL("../core/classify/model/fallback.bin", import.meta.url);
let model: FallbackModel | null = null;

/** The learned fallback, read once. */
export function loadModel(): FallbackModel {
  model ??= readModel(readFileSync(MODEL_FILE));
  return model;
}

/** Linear in the length of the text, whatever a user writes: no backtracking. */
export const compileLinear: CompilePattern = (source) => {
  const pattern = RE2JS.compile(source);
  return { test: (text) => pattern.matcher(text).find() };
};
