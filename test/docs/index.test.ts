import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("docs/README.md leads to every page, and the README to it", () => {
  const index = readFileSync("docs/README.md", "utf8");
  for (const page of globSync("docs/{*,senders/*,stacks/*,migrate/*}.md").filter((path) => path !== "docs/README.md"))
    expect(index, page).toContain(`](${page.slice("docs/".length)}`);
  expect(readFileSync("README.md", "utf8")).toContain("docs/README.md");
});
