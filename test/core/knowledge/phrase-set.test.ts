import { expect, test } from "vitest";
import { phraseSet, wordSet } from "../../../src/core/knowledge/phrase-set.ts";
import { plain } from "../../../src/core/knowledge/plain.ts";

test.each([
  ["  Müller’s  STRASSE ", "muller's strasse"],
  ["İletilemedi", "iletilemedi"],
  ["ÉCHEC de\nla remise", "echec de la remise"],
  ["收件人：\u3000ａｂｃ", "收件人: abc"],
  ["배달되지", "배달되지"],
  ["データ", "データ"],
])("%s in plain form", (text, expected) => expect(plain(text)).toBe(expected));

test("phrases stand anywhere, words only as words", () => {
  const words = ["urlaub", "loma*", "休暇", "הנמען"];
  expect(phraseSet(["urlaub"]).isIn("mein urlaubsfoto")).toBe(true);
  expect(wordSet(words).isIn("mein urlaubsfoto")).toBe(false);
  expect(wordSet(words).isIn("im urlaub.")).toBe(true);
  expect(wordSet(words).isIn("lomalla olen")).toBe(true);
  expect(wordSet(words).isIn("diploma")).toBe(false);
  expect(wordSet(words).isIn("夏季休暇中です")).toBe(true);
});

test("the longest one is found", () => {
  expect(phraseSet(["out of", "out of the office"]).at("i am out of the office", 5)).toBe("out of the office");
  expect(phraseSet(["out of"]).at("out", 0)).toBeNull();
});

test("a long text costs one look at each place", () => {
  const set = phraseSet(Array.from({ length: 5_000 }, (_, n) => `${String.fromCharCode(97 + (n % 26))}${n} x`));
  expect(set.isIn("ab".repeat(200_000))).toBe(false);
});
