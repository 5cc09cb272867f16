/**
 * No text makes rules or words slow. The search for phrases stops at a fixed number of steps; a step is a look-up in a
 * small table, some tens of nanoseconds. Steps are counted here, not time.
 */
import { expect, test } from "vitest";
import { clausesOf } from "../../../src/core/classify/facts/clauses.ts";
import { MAX_STEPS } from "../../../src/core/classify/word-automaton.ts";
import { foldText, splitWords, wordsOf } from "../../../src/core/classify/words.ts";
import { LANGUAGES } from "../../../src/core/knowledge/languages.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const rules = loadRules();
const SIZE = 2048;
/** The last start may run over by its own walk. */
const BOUND = MAX_STEPS * 1.2;

const repeated = (piece: string): string => `${piece} `.repeat(Math.ceil(SIZE / (piece.length + 1))).slice(0, SIZE);
const plain = (phrase: string): string => splitWords(foldText(phrase.replaceAll(/[()|{}*~]/g, " "))).join(" ") || "x";

/** The words a phrase begins with, over and over: the longest way into the automaton that leads nowhere. */
const hostile = (phrases: readonly string[]): readonly string[] =>
  phrases.flatMap((phrase) => [repeated(plain(phrase)), repeated(plain(phrase).split(" ")[0] ?? "x")]);

test("rules stay within their steps on 2 KB made of their own words", () => {
  const phrases = rules.rules.flatMap(({ rule: { when, examples } }) => [
    ...(when.any ?? []),
    ...(when.all ?? []),
    ...(when.not ?? []),
    ...examples.map(({ text }) => text),
  ]);
  const slow = hostile([...phrases, phrases.join(" ")]).filter((text) => rules.index.find(wordsOf(text)).steps > BOUND);
  expect(slow).toEqual([]);
});

test("so do the words of every language", () => {
  const phrases = LANGUAGES.flatMap(({ refusals }) => [
    ...[refusals?.subjects, refusals?.predicates, refusals?.denied, refusals?.hints].flatMap((lists) =>
      Object.values(lists ?? {}).flatMap((phrases) => phrases ?? []),
    ),
    ...(refusals?.negation ?? []),
    ...(refusals?.none ?? []),
  ]);
  const slow = hostile(phrases).filter((text) => rules.lexicon.stepsIn(clausesOf(text)) > BOUND);
  expect(phrases.length).toBeGreaterThan(1000);
  expect(slow).toEqual([]);
});

test("rules need no backtracking, and ordinary refusals a fraction of the steps", () => {
  expect(rules.rules.filter(({ rule }) => /[*+]|\{\d/.test(rule.when.pattern ?? ""))).toEqual([]);
  for (const { rule } of rules.rules)
    for (const { text } of rule.examples) {
      expect(rules.index.find(wordsOf(text)).steps).toBeLessThan(MAX_STEPS / 4);
      expect(rules.lexicon.stepsIn(clausesOf(text))).toBeLessThan(MAX_STEPS / 4);
    }
});
