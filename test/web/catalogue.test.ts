/**
 * Every text of the pages is in the catalogues (src/web/language). What stands elsewhere in src/web is found with its file
 * and line: letters between the tags of a template, in attributes that people read or hear, and in strings that look like
 * words of a sentence.
 */
import { globSync, readFileSync } from "node:fs";
import { parseAst } from "rolldown/parseAst";
import { expect, test } from "vitest";
import { SPOKEN_LANGUAGES } from "../../src/config/config.ts";
import { textsIn } from "../../src/web/language/texts.ts";

const SOURCES = globSync("src/web/**/*.ts").filter((path) => !path.startsWith("src/web/language/"));

/** Proper names, and what is the same in every language. */
const NAMES =
  /\b(?:bounced|Authorization: Bearer TOKEN|SES|Gmail|Yahoo|Amazon|SendGrid|Postmark|Mailgun|SparkPost|PowerMTA|KumoMTA|Sisimai|MX|UTC|API of bounced|YAML|JSON)\b/g;
/** Examples of what people type, in the words of servers or of a file. */
const EXAMPLES: ReadonlySet<string> = new Set(["user unknown", "google, microsoft", "all, not", "user@example.org"]);
/** Attributes whose values people read or hear. */
const SPOKEN_ATTRIBUTE = /\s(?:aria-label|title|placeholder|alt|label|summary|data-confirm|data-label)="([^"]*)"/g;
/** In the markup of a template: where a value stood. */
const HOLE = "\u0001";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode));
}

const hasLetters = (text: string): boolean =>
  !EXAMPLES.has(text) && /\p{L}{2}/u.test(text.replaceAll(NAMES, "").replaceAll(/&[a-z]+;/g, ""));

/** Words of a template that a person would see: between tags, and in attributes that are spoken. */
export function wordsOfMarkup(markup: string): readonly string[] {
  const bare = markup.replaceAll(/<(code|em|title|script|style)\b[^>]*>[^<]*<\/\1>/g, "");
  const attributes = [...bare.matchAll(SPOKEN_ATTRIBUTE)].map(([, value = ""]) => value);
  // A tag may hold templates of its own, as `${x && html`selected`}`; those are looked at by themselves.
  const between = bare.replaceAll(/<\/?[a-z!][^>]*>/gi, "\n").split("\n");
  return [...attributes, ...between].map((text) => text.replaceAll(HOLE, "").trim()).filter(hasLetters);
}

/** `Last 30 days`, `Not added: …`: two words, or one that begins a sentence. Never `no-store` or `max-age=60`. */
const looksLikeWords = (text: string): boolean =>
  !EXAMPLES.has(text) &&
  (/^[\s"“(]*\p{Lu}?\p{Ll}+[,.:;]?(?: \p{L}[\p{L}’'-]*[,.:;?]?)+/u.test(text) ||
    /^\p{Lu}\p{Ll}{2,}[.:?]?$/u.test(text));

/** Words that no person reads on a page. */
function isTechnical(parents: readonly Node[], text: string): boolean {
  const callee = parents
    .filter(({ type }) => type === "CallExpression" || type === "NewExpression")
    .map(({ callee }) => callee as { name?: string; property?: { name?: string } });
  const called = callee.map(({ name, property }) => name ?? property?.name ?? "");
  return (
    parents.some(
      ({ type }) => type === "ImportDeclaration" || type === "TSLiteralType" || type === "ImportExpression",
    ) ||
    // Errors of a request that no form of ours sends, the log of the service, and names of headers.
    called.some((name) =>
      [
        "Problem",
        "Error",
        "regex",
        "date",
        "iso",
        "min",
        "max",
        "describe",
        "error",
        "warn",
        "header",
        "setHeader",
        "authorOf",
        "refused",
        "recorded",
        "enter",
      ].includes(name),
    ) ||
    /^(?:POST|GET|Basic|Bearer|Content-Type)\b/.test(text)
  );
}

export function strayTexts(path: string, source: string): readonly string[] {
  const found: string[] = [];
  const lineAt = (offset: number): number => source.slice(0, offset).split("\n").length;
  const report = (at: number, text: string): void => void found.push(`${path}:${lineAt(at)}: ${text.slice(0, 80)}`);
  const visit = (node: Node, parents: readonly Node[]): void => {
    if (node.type === "TaggedTemplateExpression") {
      const quasi = node["quasi"] as { quasis: { value: { cooked: string }; start: number }[] } & Node;
      const tag = (node["tag"] as { name?: string }).name;
      if (tag === "html") {
        const markup = quasi.quasis.map(({ value }) => value.cooked).join(HOLE);
        // A template inside a tag gives attributes, no words.
        const isAttribute = !markup.includes("<") && /^[\w-]+(?:="|$)|^[\w-]+ [\w-]+="/.test(markup.trim());
        if (!isAttribute) for (const text of wordsOfMarkup(markup)) report(node.start, text);
      }
      for (const child of quasi["expressions"] as Node[]) visit(child, [...parents, node]);
      return;
    }
    if (node.type === "TemplateLiteral") {
      const text = (node["quasis"] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join(" … ");
      const isPath = /^\W*(?:\/|https?:)/.test(text.trim());
      const isYaml = text.startsWith("- id: ");
      if (
        !isPath &&
        !isYaml &&
        hasLetters(text) &&
        / \p{L}{2,}|\p{L}{2,} /u.test(text.replaceAll(NAMES, "")) &&
        !isTechnical(parents, text)
      )
        report(node.start, text);
    }
    if (node.type === "Literal" && typeof node["value"] === "string") {
      const text = node["value"].replaceAll(NAMES, "").trim();
      if (looksLikeWords(text) && !isTechnical(parents, text)) report(node.start, text);
    }
    for (const child of childrenOf(node)) visit(child, [...parents, node]);
  };
  visit(parseAst(source, { lang: "ts" }) as unknown as Node, []);
  return found;
}

test("the test finds what it looks for", () => {
  const stray = (source: string) => strayTexts("page.ts", source).map((line) => line.replace(/^page\.ts:\d+: /, ""));
  expect(stray("const page = html`<p>Nothing here</p>`;")).toEqual(["Nothing here"]);
  expect(stray('const page = html`<input aria-label="Find it" class="wide" />`;')).toEqual(["Find it"]);
  expect(stray("const page = html`<a href=${x}>${t.all}</a> of`;")).toEqual(["of"]);
  expect(stray('render({ title: "Overview" });')).toEqual(["Overview"]);
  expect(stray("render({ lead: `Last ${n} days` });")).toEqual(["Last  …  days"]);
  expect(stray('const words = isOld ? "not kept any more" : null;')).toEqual(["not kept any more"]);
  expect(
    stray(
      'const page = html`<p class="soft small">${t.all} · <code>npm test</code></p>`; reply.header("vary", "Accept");',
    ),
  ).toEqual([]);
});

test("every text of the pages is in the catalogues", () => {
  expect(SOURCES.length).toBeGreaterThan(60);
  expect(SOURCES.flatMap((path) => strayTexts(path, readFileSync(path, "utf8")))).toEqual([]);
});

test("what the script of the pages says comes from the page", () => {
  const script = readFileSync("src/web/assets/console.js", "utf8").replaceAll(/^\s*\/\/.*$/gm, "");
  const strings = [...script.matchAll(/"([^"\n]*)"|`([^`]*)`/g)].map(([, plain, template]) => plain ?? template ?? "");
  expect(strings.length).toBeGreaterThan(50);
  expect(strings.filter((text) => looksLikeWords(text) && !/[<{[(=]/.test(text))).toEqual([]);
});

type Leaf = readonly [path: string, value: string];
/** Every text without parameters. */
const leavesOf = (value: unknown, path = ""): readonly Leaf[] =>
  typeof value === "string"
    ? [[path, value]]
    : typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([name, one]) => leavesOf(one, `${path}.${name}`))
      : [];

/** The same word in English and in another language, or a name. */
const SHARED_AT_MOST = 0.2;

test.each(SPOKEN_LANGUAGES.filter((language) => language !== "en"))(
  "%s: translated, and typed with care",
  (language) => {
    const english = new Map(leavesOf(textsIn("en")));
    const leaves = leavesOf(textsIn(language));
    expect(leaves.length).toBe(english.size);
    const same = leaves.filter(([path, value]) => english.get(path) === value && value.includes(" "));
    expect(same.map(([, value]) => value).filter((value) => value.split(" ").length > 3)).toEqual([]);
    expect(leaves.filter(([path, value]) => english.get(path) === value).length / leaves.length).toBeLessThan(
      SHARED_AT_MOST,
    );
    // A full stop where English has one, and nowhere else.
    const full = (text: string): boolean => /[.。]$/.test(text);
    const differing = leaves.filter(([path, value]) => full(value) !== full(english.get(path) ?? ""));
    expect(differing.map(([path, value]) => `${path}: ${value}`)).toEqual([]);
  },
);

/** One word for a thing: what a catalogue calls otherwise, and marks that its typography does not have. */
const NOT_WRITTEN: Readonly<Record<string, readonly RegExp[]>> = {
  en: [/[Ss]ender domain/, / …/],
  // `Tag` is a day; a tag is a Kennzeichen.
  de: [
    /\bQueues?\b/,
    /\bProvider\b/,
    /\bLogs?\b/,
    /\bTags\b/,
    /[dmr] Tag \$/,
    /\bje Tag"/,
    /\bE?Mail\b(?!s|-)(?<!E-Mail)/,
  ],
  fr: [/[Ss]uppr(?:ess|im)/, /\p{L}'\p{L}/u, /[^\u00a0\d/a-z?=>] ?(?:: |[;!?])(?=\s|$)/, /« | »/, /« | »/],
  es: [/[Ss]upre?si|suprimi/, /(?:[Hh]ard|[Ss]oft) bounce/, / …/],
  ja: [/規則|事業者|サインイン|サインアウト|返答|配達/, /：/, / …/, /\(UTC\)/, /[ぁ-んァ-ヶ一-龠]\d+[ぁ-んァ-ヶ一-龠]/],
};

test.each(SPOKEN_LANGUAGES)("%s: one word for a thing, and its own marks", (language) => {
  const texts = globSync(`src/web/language/${language}/*.ts`).flatMap((path) =>
    readFileSync(path, "utf8")
      .replaceAll(/^(?:import|export|\/\*\*| \*).*$/gm, "")
      .replaceAll(/\$\{[^{}]*\}/g, "$")
      .split("\n")
      .flatMap((line) =>
        [...line.matchAll(/"([^"]*)"|`([^`]*)`/g)].map(([, plain, template]) => plain ?? template ?? ""),
      ),
  );
  expect(texts.length).toBeGreaterThan(500);
  for (const pattern of NOT_WRITTEN[language] ?? [])
    expect(
      texts.filter((text) => pattern.test(text)),
      String(pattern),
    ).toEqual([]);
});
