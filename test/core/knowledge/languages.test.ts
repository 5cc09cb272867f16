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
