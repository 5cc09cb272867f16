import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const pages = globSync("{README.md,CONTRIBUTING.md,clients/*.md,docs/**/*.md}");

test.each(pages)("every link of %s leads to a file", (page) => {
  const text = readFileSync(page, "utf8").replace(/```.*?```/gs, "");
  for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:|^#/.test(target)) continue;
    expect(existsSync(join(dirname(page), target.replace(/#.*/, ""))), `${page}: ${target}`).toBe(true);
  }
});
