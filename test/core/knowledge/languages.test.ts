import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LANGUAGES } from "../../../src/core/knowledge/languages.ts";
import { PACKED_LANGUAGES, packLanguages, readLanguages } from "../../../src/rules/read-languages.ts";

test("the packed languages are those of the files: run `npm run pack-rules`", () => {
  expect(readFileSync(PACKED_LANGUAGES, "utf8")).toBe(packLanguages(readLanguages()));
});

test("each language stands once", () => {
  const codes = LANGUAGES.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

test("a language that is known in notices is known in answers, and the other way round", () => {
  for (const { code, notices, answers } of LANGUAGES.filter((pack) => pack.code !== "mul")) {
    for (const label of ["recipient", "to", "reason", "subject", "sender", "date"] as const)
      expect(notices?.labels?.[label]?.length, `${code}: ${label}`).toBeGreaterThan(0);
    for (const list of ["failures", "troubles", "delays", "late", "subjects"] as const)
      expect(notices?.[list]?.length, `${code}: ${list}`).toBeGreaterThan(0);
    for (const list of ["auto", "away", "texts", "unsubscribing"] as const)
      expect(answers?.[list]?.length, `${code}: ${list}`).toBeGreaterThan(0);
  }
});
