/** The compiled rules, ready to be asked. Compiling checks what the schema cannot: phrases, patterns, duplicate ids. */
import type { Reason } from "../../event/event.ts";
import type { FallbackModel } from "./fallback-model.ts";
import { compileCondition, type CompiledCondition } from "./condition.ts";
import { phraseIndexBuilder, type PhraseIndex, type Vocabulary } from "./phrase-index.ts";
import { builtInLexicon, compileLexicon, type Lexicon } from "./facts/lexicon.ts";
import { LANGUAGES } from "../knowledge/languages.ts";
import type { LanguagePack } from "../knowledge/language-pack.ts";
import type { Provider, Rule } from "./rule.ts";

export type RuleKind = "user_rule" | "provider_rule";

export interface CompiledRule {
  readonly rule: Rule;
  readonly kind: RuleKind;
  readonly reason: Reason;
  /** Position in the rule set: the last tie-break. */
  readonly order: number;
  readonly condition: CompiledCondition;
}

export interface CompiledProvider {
  readonly provider: Provider;
  readonly phrases: readonly number[];
}

export interface RuleSet {
  readonly size: number;
  readonly rules: readonly CompiledRule[];
  readonly providers: readonly CompiledProvider[];
  readonly index: PhraseIndex;
  /** Rules to look at when a phrase was found. */
  readonly byPhrase: ReadonlyMap<number, readonly CompiledRule[]>;
  readonly providersByPhrase: ReadonlyMap<number, readonly CompiledProvider[]>;
  /** By suffix of the host name, without leading dot. */
  readonly providersByHost: ReadonlyMap<string, readonly CompiledProvider[]>;
  readonly providersByDomain: ReadonlyMap<string, readonly CompiledProvider[]>;
  /** Rules without phrases. */
  readonly wordless: readonly CompiledRule[];
  /** The words of all languages. */
  readonly lexicon: Lexicon;
  /** Asked where no rule is sure; null: never. */
  readonly model: FallbackModel | null;
}

/** Runs a regular expression over folded text: `exec` of RegExp or of a linear-time engine. */
export type CompilePattern = (source: string) => { readonly test: (text: string) => boolean };

export interface RuleSources {
  /** Their own rules, asked before all others. */
  readonly user?: readonly Rule[];
  readonly builtIn: readonly Rule[];
  readonly providers: readonly Provider[];
  readonly vocabulary: Vocabulary;
  /** The built-in language packs where none are given. */
  readonly languages?: readonly LanguagePack[];
  readonly compileUserPattern?: CompilePattern;
  readonly model?: FallbackModel | null;
}

export class RuleError extends Error {}

const compileReviewedPattern: CompilePattern = (source) => new RegExp(source, "u");

/** Throws RuleError naming the rule that cannot be compiled. */
export function compileRules(sources: RuleSources): RuleSet {
  const {
    user = [],
    builtIn,
    providers,
    vocabulary,
    languages = LANGUAGES,
    compileUserPattern,
    model = null,
  } = sources;
  const builder = phraseIndexBuilder(vocabulary);
  const seen = new Set<string>();
  const rules = [...user, ...builtIn].map((rule, order): CompiledRule => {
    if (seen.has(rule.id)) throw new RuleError(`two rules are called ${rule.id}`);
    seen.add(rule.id);
    const own = order < user.length;
    const kind = own ? "user_rule" : "provider_rule";
    try {
      const compilePattern = own ? (compileUserPattern ?? compileReviewedPattern) : compileReviewedPattern;
      const condition = compileCondition(rule.when, (phrase) => builder.add(phrase), compilePattern);
      return { rule, kind, reason: rule.reason, order, condition };
    } catch (cause) {
      throw new RuleError(`rule ${rule.id}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  });
  const compiledProviders = providers.map((provider) => ({
    provider,
    phrases: (provider.phrases ?? []).map((phrase) => builder.add(phrase)),
  }));
  return {
    size: rules.length,
    rules,
    providers: compiledProviders,
    index: builder.build(),
    byPhrase: groupBy(rules, ({ condition }) => condition.triggers),
    providersByPhrase: groupBy(compiledProviders, ({ phrases }) => phrases),
    providersByHost: groupBy(compiledProviders, ({ provider }) => (provider.hosts ?? []).map(withoutDot)),
    providersByDomain: groupBy(compiledProviders, ({ provider }) => provider.domains ?? []),
    wordless: rules.filter(({ condition }) => condition.triggers.length === 0),
    lexicon: languages === LANGUAGES ? builtInLexicon() : compileLexicon(languages),
    model,
  };
}

const withoutDot = (suffix: string): string => (suffix.startsWith(".") ? suffix.slice(1) : suffix);

function groupBy<Key, T>(items: readonly T[], keysOf: (item: T) => readonly Key[]): ReadonlyMap<Key, readonly T[]> {
  const groups = new Map<Key, T[]>();
  for (const item of items)
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  return groups;
}
