/**
 * No text makes any rule slow. The search for phrases stops at a fixed number of steps; a step is a look-up in a small
 * table, some tens of nanoseconds, so the bound is one or two milliseconds. Steps are counted here, not time.
 */
import { describe, expect, test } from "vitest";
import { MAX_STEPS } from "../../../src/core/classify/word-automaton.ts";
import { foldText, splitWords, wordsOf } from "../../../src/core/classify/words.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const rules = loadRules();
const SIZE = 2048;
/** The last start may run over by its own walk. */
const BOUND = MAX_STEPS * 1.2;

const repeated = (piece: string): string => `${piece} `.repeat(Math.ceil(SIZE / (piece.length + 1))).slice(0, SIZE);
const stepsOf = (text: string): number => rules.index.find(wordsOf(text)).steps;

/** The words a phrase begins with, over and over: the longest way into the automaton that leads nowhere. */
const hostileTexts = (phrases: readonly string[], examples: readonly string[]): readonly string[] => [
  ...phrases.map((phrase) => repeated(splitWords(foldText(phrase.replaceAll(/[()|{}*]/g, " "))).join(" ") || "x")),
  ...phrases.map((phrase) => repeated(splitWords(foldText(phrase))[0] ?? "x")),
  ...examples.map(repeated),
];

describe.each(rules.rules.map(({ rule }) => rule))("$id", ({ when, examples }) => {
  test("stays within its steps on 2 KB made of its own words", () => {
    const phrases = [...(when.any ?? []), ...(when.all ?? []), ...(when.not ?? [])];
    for (const text of hostileTexts(
      phrases,
      examples.map(({ text }) => text),
    ))
      expect(stepsOf(text)).toBeLessThanOrEqual(BOUND);
  });

  test("its examples are read to the end, with plenty to spare", () => {
    for (const { text } of examples) expect(stepsOf(text)).toBeLessThan(MAX_STEPS / 4);
  });

  test("its pattern, if any, cannot backtrack: no repetition in it", () => {
    expect(when.pattern ?? "").not.toMatch(/[*+]|\{\d/);
  });
});

test("every phrase of the rule set in one text", () => {
  const phrases = rules.rules.flatMap(({ rule: { when } }) => [...(when.any ?? []), ...(when.all ?? [])]);
  const words = splitWords(foldText(phrases.join(" ").replaceAll(/[()|{}*]/g, " ")));
  for (let start = 0; start < words.length; start += 300)
    expect(
      stepsOf(
        words
          .slice(start, start + 300)
          .join(" ")
          .slice(0, SIZE),
      ),
    ).toBeLessThanOrEqual(BOUND);
});
