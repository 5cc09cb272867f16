/** The rules a process works with: the built-in ones, a user's own in front of them. */
import { RE2JS } from "re2js";
import { compileRules, type CompilePattern, type RuleSet } from "../core/classify/rule-set.ts";
import { BUILT_IN_RULES, readProviders, readRuleFiles, readVocabulary } from "./read-rule-files.ts";

/** `path` is what BOUNCED_RULES names: a file or a folder. Throws RuleError naming the file and the rule. */
export function loadRules(path?: string): RuleSet {
  const builtIn = readRuleFiles(BUILT_IN_RULES).flatMap(({ rules }) => rules);
  const user = path === undefined ? [] : readRuleFiles(path).flatMap(({ rules }) => rules);
  return compileRules({
    user,
    builtIn,
    providers: readProviders(),
    vocabulary: readVocabulary(),
    compileUserPattern: compileLinear,
  });
}

/** Linear in the length of the text, whatever a user writes: no backtracking. */
export const compileLinear: CompilePattern = (source) => {
  const pattern = RE2JS.compile(source);
  return { test: (text) => pattern.matcher(text).find() };
};
