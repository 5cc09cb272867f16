import { describe, expect, test } from "vitest";
import { phraseIndexBuilder } from "../../../src/core/classify/phrase-index.ts";
import { wordsOf } from "../../../src/core/classify/words.ts";

function spanOf(phrase: string, text: string) {
  const builder = phraseIndexBuilder();
  const id = builder.add(phrase);
  return builder.build().find(wordsOf(text)).spans.get(id) ?? null;
}

describe("gaps", () => {
  test.each([
    ["user ~ unknown", "user unknown", true],
    ["user ~ unknown", "user a b c d unknown", true],
    ["user ~ unknown", "user a b c d e unknown", false],
    ["user ... unknown", "user a b c d e f g h i j k l unknown", true],
    ["user ... unknown", "user a b c d e f g h i j k l m unknown", false],
    ["user ... unknown", "unknown user", false],
    ["(user|mailbox) ~ (unknown|not found)", "the mailbox was surely not found here", true],
    ["user ~ is ... unknown", "user x is a b c d e f unknown", true],
    ["ユーザー ~ 存在しません", "このユーザーは存在しません", true],
  ])("%s in %s: %s", (phrase, text, expected) => {
    expect(spanOf(phrase, text) !== null).toBe(expected);
  });

  test("words in a gap make no phrase more specific", () => {
    expect(spanOf("user ... unknown", "user a b c unknown")).toEqual({ start: 0, end: 5, words: 2 });
    expect(spanOf("user is unknown", "user is unknown")).toEqual({ start: 0, end: 3, words: 3 });
  });
});
