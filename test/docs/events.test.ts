/** docs/events.md and the schema say the same. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { REASON_TABLE } from "../../src/event/reasons.ts";
import { eventJsonSchema, eventSchema } from "../../src/event/event.ts";
import { OUTPUT_QUEUES } from "../../src/queues/names.ts";
import { defaultQueueOf } from "../../src/queues/routes.ts";
import { blocksOf } from "../support/docs.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
}

interface Field {
  readonly path: string;
  readonly words: readonly string[];
}

/** Every place of the schema, records with keys of their own included only where they are lists or may be null. */
function fieldsOf(schema: Schema, path: string): readonly Field[] {
  const own = schema.anyOf?.find(({ properties, items }) => properties ?? items) ?? schema;
  const words = schema.enum ?? schema.anyOf?.flatMap((each) => each.enum ?? []) ?? [];
  if (own.items) return [{ path: `${path}[]`, words }, ...fieldsOf(own.items, `${path}[]`).slice(1)];
  const inside = Object.entries(own.properties ?? {}).flatMap(([key, value]) =>
    fieldsOf(value, path === "" ? key : `${path}.${key}`),
  );
  return [{ path, words }, ...inside];
}

const [, ...fields] = fieldsOf(eventJsonSchema() as Schema, "");
const page = readFileSync(new URL("../../docs/events.md", import.meta.url), "utf8");
const section = (heading: string): string => page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
/** The cells of each row of each table. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.slice(2, -2).split(" | "));
const quoted = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
const documented = new Map(
  rowsOf(section("Fields")).flatMap(([names = "", meaning = ""]) => quoted(names).map((name) => [name, meaning])),
);

/** Records that are told through their keys alone. */
const PLAIN_RECORDS = ["recipient", "original", "message", "message.envelope"];

test("every key of the schema is documented, and nothing else", () => {
  const paths = fields.map(({ path }) => path).filter((path) => !PLAIN_RECORDS.includes(path));
  expect(paths.length).toBeGreaterThan(80);
  expect([...documented.keys()].toSorted()).toEqual(paths.toSorted());
});

test("every word of a closed set is documented where it stands", () => {
  const sets = fields.filter(({ path, words }) => words.length > 0 && !/^(?:secondaryR|r)eason$/.test(path));
  expect(sets.map(({ path }) => path)).toContain("advice");
  for (const { path, words } of sets)
    expect(quoted(documented.get(path) ?? ""), path).toEqual(expect.arrayContaining([...words]));
});

test("the reasons are those of the table", () => {
  expect(rowsOf(section("Reasons"))).toEqual(
    Object.entries(REASON_TABLE).map(([reason, { severity, fault, advice, meaning }]) => [
      `\`${reason}\``,
      severity,
      fault,
      advice,
      meaning,
    ]),
  );
});

test("the queues are the output queues", () => {
  expect(rowsOf(section("Queues and job names")).map(([name = ""]) => quoted(name)[0])).toEqual([...OUTPUT_QUEUES]);
});

for (const { heading, text } of blocksOf("events.md").filter(({ language }) => language === "json"))
  test(`${heading}: a valid event, with every key, of the fixture it names`, () => {
    const event = eventSchema.parse(JSON.parse(text));
    expect(JSON.parse(text)).toEqual(event);
    const fixture = /`(fixtures\/\S+)\.eml`/.exec(section(heading))?.[1];
    const [read] = JSON.parse(
      readFileSync(new URL(`../../${fixture}.json`, import.meta.url), "utf8"),
    ) as (typeof event)[];
    expect([event.id, event.kind, event.recipient]).toEqual([read?.id, read?.kind, read?.recipient]);
    expect(OUTPUT_QUEUES).toContain(defaultQueueOf(event));
  });
