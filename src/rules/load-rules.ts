/** The rules a process works with: the built-in ones, a user's own in front of them. */
import { readFileSync } from "node:fs";
import { RE2JS } from "re2js";
import {
  type CompilePattern,
  compileRules,
  type FallbackModel,
  readModel,
  type Rule,
  type RuleSet,
} from "../core/index.ts";
import { readBuiltInRules } from "./built-in-rules.ts";
import { readRuleFiles } from "./read-rule-files.ts";
import { readSavedRules } from "./saved-rules.ts";

/** Where a user's own rules stand; a Config is one. */
export interface RulePlaces {
  /** A file or a folder. */
  readonly BOUNCED_RULES?: string | undefined;
  /** Rules saved on the pages or over the API stand below it. */
  readonly dataDir?: string | undefined;
}

export interface OwnRules {
  readonly files: readonly Rule[];
  readonly saved: readonly Rule[];
}

/** Throws RuleError naming the file and the rule. */
export const readOwnRules = ({ BOUNCED_RULES, dataDir }: RulePlaces): OwnRules => ({
  files: BOUNCED_RULES === undefined ? [] : readRuleFiles(BOUNCED_RULES).flatMap(({ rules }) => rules),
  saved: dataDir === undefined ? [] : readSavedRules(dataDir).rules,
});

/** Throws RuleError naming the file and the rule. */
export const loadRules = (places: RulePlaces = {}): RuleSet => compileOwn(readOwnRules(places));

/** The built-in rules with these in front. */
export const compileWith = (user: readonly Rule[]): RuleSet => compileOwn({ files: user, saved: [] });

/** Files come first. A saved rule whose id they or the built-in rules have stands back: no file edited later, and no
 * update, may keep the service from starting. */
export function compileOwn({ files, saved }: OwnRules): RuleSet {
  const { rules, providers, vocabulary } = readBuiltInRules();
  const taken = new Set([...files, ...rules].map(({ id }) => id));
  return compileRules({
    user: [...files, ...saved.filter(({ id }) => !taken.has(id))],
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
