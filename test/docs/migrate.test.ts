/** docs/migrate: the tables name fields that events have, and reasons as the crosswalk has them. */
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REASONS, eventJsonSchema } from "../../src/event/event.ts";
import { crosswalkOf } from "../../src/vendors/crosswalk.ts";
import { blockOf } from "../support/docs.ts";
import { FIXTURES, octetsOf, readOctets } from "../support/fixtures.ts";

const pages = globSync("docs/migrate/*.md");

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
}
const root = eventJsonSchema() as Schema & { readonly $defs?: Record<string, Schema> };
function hasField(path: string): boolean {
  const down = (schema: Schema | undefined, names: readonly string[]): boolean => {
    if (!schema) return false;
    if (schema.$ref) return down(root.$defs?.[schema.$ref.split("/").at(-1) ?? ""], names);
    const [name, ...rest] = names;
    if (name === undefined) return true;
    return down(schema.properties?.[name], rest) || (schema.anyOf ?? []).some((each) => down(each, names));
  };
  return down(root, path.split("."));
}

/** The cells of a column of every table that has it in its head. */
function cellsOf(page: string, column: string): readonly string[] {
  const tables = readFileSync(page, "utf8")
    .split(/\n\n+/)
    .filter((block) => block.trimStart().startsWith("|"));
  return tables.flatMap((table) => {
    const [head = [], , ...rows] = table
      .trim()
      .split("\n")
      .map((row) =>
        row
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const index = head.indexOf(column);
    return index < 0 ? [] : rows.map((row) => row[index] ?? "");
  });
}
const codesIn = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

test("a field of no event is found", () =>
  expect([hasField("recipient.mailed"), hasField("recipient.mail")]).toEqual([true, false]));

test.each(pages)("%s: the column event names fields of events", (page) => {
  const fields = cellsOf(page, "event").flatMap(codesIn);
  expect(fields.length).toBeGreaterThan(4);
  expect(fields.filter((field) => !hasField(field))).toEqual([]);
});

test("Sisimai's reasons are those of the crosswalk, each reason once", () => {
  const page = "docs/migrate/sisimai.md";
  const section = readFileSync(page, "utf8").split("## Reasons")[1]?.split("\n## ")[0] ?? "";
  const rows = [...section.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(
    ([, theirs = "", ours = ""]) => [theirs, codesIn(ours)] as const,
  );
  const shown = new Map(rows.flatMap(([theirs, ours]) => ours.map((reason) => [reason, theirs] as const)));
  const expected = REASONS.map((reason) => [reason, crosswalkOf(reason).sisimai] as const).filter(
    ([, word]) => word !== null,
  );
  expect(shown).toEqual(new Map(expected));
  // The severity beside them is the default of docs/events.md, or one of several.
  const reference = readFileSync("docs/events.md", "utf8");
  for (const [, theirs = "", ours = "", severity = ""] of section.matchAll(/^\| `(\w+)` \| (.*?) \| (.*?) \|$/gm))
    for (const reason of codesIn(ours)) {
      const [, own = "none"] = new RegExp(`^\\| \`${reason}\` \\| (\\w+) \\|`, "m").exec(reference) ?? [];
      expect(severity.split(/, | or /), `${theirs}: ${reason}`).toContain(own);
    }
});

test("Sisimai's shape, printed from classified fixtures", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-migrate-"));
  writeFileSync(join(folder, "sisimai.mjs"), blockOf("migrate/sisimai.md", "Keep your program", "js"));
  const some = FIXTURES.filter(({ folder: format }) => format === "rfc3464").slice(0, 20);
  const events = await Promise.all(some.map(async (fixture) => await readOctets(octetsOf(fixture))));
  const input = events.map((each) => `${JSON.stringify({ path: "x.eml", events: each })}\n`).join("");
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "sisimai.mjs")], { input, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe("");
  const printed = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(printed).toHaveLength(events.flat().length);
  for (const [index, event] of events.flat().entries())
    expect(printed[index]).toMatchObject({
      recipient: event.recipient.address,
      reason: event.codes.sisimai,
      hardbounce: event.severity === "hard",
      token: event.id,
    });
});
