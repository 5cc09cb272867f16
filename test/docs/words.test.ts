/** The last table of docs/glossary.md: none of its words is in what people read. */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const GLOSSARY = "docs/glossary.md";
/** Facts and labels of mail in the words of those who wrote it, and other languages. */
const WORDS_OF_OTHERS =
  /^src\/(?:core\/(?:classify\/rules|knowledge|dictionary|explanations|formats|notice)|web\/language\/(?!en\/)[a-z]{2})\//;

const [, table = ""] = readFileSync(GLOSSARY, "utf8").split("## Words we do not write");
const banned = table
  .split("\n")
  .flatMap((row) => (row.split("|")[1] ?? "").match(/`[^`]+`/g) ?? [])
  .map((word) => word.slice(1, -1));
const escaped = banned.map((word) => word.replaceAll(".", "\\.").replaceAll(" ", "\\s+"));
const pattern = new RegExp(`(?<![\\w-])(?:${escaped.join("|")})(?!\\w)`, "gi");

/** Examples of mail in a page are not our words; comments in shell and YAML are. */
const withoutExamples = (page: string): string => page.replaceAll(/```(?!sh|yaml)[\s\S]*?```/g, "");
const withoutComments = (code: string): string =>
  code.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");

const found = (file: string, text: string): string[] => [...text.matchAll(pattern)].map(([word]) => `${file}: ${word}`);

test("the table has words", () => expect(banned.length).toBeGreaterThan(20));

test("a banned word is found, in any case and across lines", () => {
  expect(found("x", "Redis\nis\n  away")).toEqual(["x: is\n  away"]);
  expect(found("x", "amended, recommended")).toEqual([]);
});

test("README and docs", () => {
  const pages = ["README.md", ...globSync("docs/**/*.md").filter((page) => page !== GLOSSARY)];
  expect(pages.length).toBeGreaterThan(30);
  // What a merge left behind.
  expect(pages.filter((page) => /^(?:<{7}|>{7}) /m.test(readFileSync(page, "utf8")))).toEqual([]);
  expect(pages.flatMap((page) => found(page, withoutExamples(readFileSync(page, "utf8"))))).toEqual([]);
});

test("command line, pages, log lines and errors", () => {
  const files = [...globSync("src/**/*.ts"), ...globSync("workers/**/*.ts")].filter(
    (file) => !WORDS_OF_OTHERS.test(file),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(files.flatMap((file) => found(file, withoutComments(readFileSync(file, "utf8"))))).toEqual([]);
});
