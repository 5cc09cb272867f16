/** What servers of a country say in its language: every pack reads its own, whatever words the other packs have. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { classify, emptyRefusal } from "../../../src/core/classify/classify.ts";
import { LANGUAGES } from "../../../src/core/knowledge/languages.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const rules = loadRules();
const file = readFileSync(new URL("native-refusals.yaml", import.meta.url), "utf8");
const languages = Object.entries(parse(file) as Record<string, Record<string, readonly string[]>>);

test("there are refusals in nearly all languages", () => {
  const known = new Set(LANGUAGES.map(({ code }) => code));
  expect(languages.every(([code]) => known.has(code))).toBe(true);
  expect(languages.length).toBeGreaterThan(40);
});

describe.each(languages)("%s", (_, verdicts) => {
  const rows = Object.entries(verdicts).flatMap(([verdict, texts]) => texts.map((text) => [verdict, text] as const));
  test.each(rows)("%s: %s", (verdict, text) => {
    const { reason, severity } = classify({ ...emptyRefusal, text }, { rules });
    expect(`${reason} ${severity === "hard" ? "hard" : "not hard"}`).toBe(verdict);
  });
});
