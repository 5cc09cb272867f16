import { globSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { configFileSchema } from "../../src/config/config-file.ts";

const SECTIONS = new Set(Object.keys(configFileSchema.shape));
/** Blocks of YAML in the docs whose first key is a section of bounced.yaml. */
const blocks = globSync("{README.md,docs/**/*.md}").flatMap((path) =>
  [...readFileSync(path, "utf8").matchAll(/```yaml\n(.*?)```/gs)]
    .map((match) => ({ path, text: match[1] ?? "" }))
    .filter(({ text }) => SECTIONS.has(/^(\w+):/m.exec(text)?.[1] ?? "")),
);

test("the docs show configuration", () => expect(blocks.length).toBeGreaterThan(0));

test.each(blocks)("the bounced.yaml in $path is accepted as it stands", ({ text }) => {
  expect(configFileSchema.safeParse(parse(text)).error?.issues ?? []).toEqual([]);
});
