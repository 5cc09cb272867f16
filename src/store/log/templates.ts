/**
 * Diagnostics that mean the same, grouped: numbers, addresses, hosts and ids masked, then lines of one length joined
 * where most of their words agree (after Drain, He et al. 2017). Pure; memory is bounded whatever comes.
 */
import { readableReply } from "../../event/reply-lines.ts";

const MAX_TEMPLATES = 5000;
const MAX_PER_GROUP = 100;
const MAX_TOKENS = 60;
const ALIKE = 0.6;
const ANY = "<*>";

export interface TemplateInput {
  readonly text: string;
  readonly reason: string;
  readonly status: string | null;
  readonly replyCode: number | null;
  readonly provider: string | null;
}

export interface Template {
  /** `550 5.7.1 <address> rejected by <host>` */
  readonly text: string;
  readonly count: number;
  /** The first seen. */
  readonly example: TemplateInput;
  readonly providers: readonly string[];
}

interface Group {
  tokens: string[];
  count: number;
  readonly example: TemplateInput;
  readonly providers: Set<string>;
}

export interface Templates {
  add(input: TemplateInput): void;
  /** Most frequent first. */
  list(): readonly Template[];
  /** Diagnostics that found no place any more. */
  readonly dropped: () => number;
}

export function createTemplates(): Templates {
  const groups = new Map<string, Group[]>();
  let size = 0;
  let dropped = 0;
  return {
    dropped: () => dropped,
    add(input) {
      // Else every second line would begin with a masked code, which no server writes.
      const tokens = maskedTokens(readableReply(input.text));
      if (tokens.length === 0) return;
      const key = `${tokens.length} ${tokens[0]} ${tokens[1] ?? ""}`;
      const group = groups.get(key) ?? [];
      const found = group.find((one) => likeness(one.tokens, tokens) >= ALIKE);
      if (found) {
        found.tokens = found.tokens.map((token, at) => (token === tokens[at] ? token : ANY));
        found.count++;
        if (input.provider && found.providers.size < 20) found.providers.add(input.provider);
      } else if (size < MAX_TEMPLATES && group.length < MAX_PER_GROUP) {
        size++;
        groups.set(key, group);
        group.push({ tokens, count: 1, example: input, providers: new Set(input.provider ? [input.provider] : []) });
      } else dropped++;
    },
    list: () =>
      [...groups.values()]
        .flat()
        .map(({ tokens, count, example, providers }) => ({
          text: tokens.join(" "),
          count,
          example,
          providers: [...providers].sort(),
        }))
        .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1)),
  };
}

function likeness(template: readonly string[], tokens: readonly string[]): number {
  let same = 0;
  for (let at = 0; at < tokens.length; at++) if (template[at] === tokens[at]) same++;
  return same / tokens.length;
}

/** Codes stay: they are what a rule asks for. */
export const maskedTokens = (text: string): string[] =>
  text
    .slice(0, 2000)
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, MAX_TOKENS)
    .map((token, at) => (at < 3 && isCode(token) ? token : maskToken(token)));

const isCode = (token: string): boolean =>
  /^\(?[245]\d\d([ -][245]\.\d{1,3}\.\d{1,3})?\)?$|^[245]\.\d{1,3}\.\d{1,3}$/.test(token);

const MASKS: readonly (readonly [RegExp, string])[] = [
  [/https?:\/\/\S+/gi, "<url>"],
  [/<?[^\s<>"'()@,:;]+@[^\s<>"'(),:;]+>?/g, "<address>"],
  [/\[?(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])\]?/g, "<ip>"],
  [/\[?\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7}\]?/gi, "<ip>"],
  [/\b(?:[a-z0-9-]+\.)+(?:[a-z]{2,24})\b/gi, "<host>"],
  [/\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{6,}\b/gi, "<id>"],
  [/\d{2,}(?:[.:/-]\d+)*/g, "<number>"],
];

const maskToken = (token: string): string =>
  MASKS.reduce((text, [pattern, mask]) => text.replaceAll(pattern, mask), token);

const FILLED: Readonly<Record<string, string>> = {
  "<url>": "https://example.com/help",
  "<address>": "user@example.org",
  "<ip>": "192.0.2.1",
  "<host>": "mx.example.org",
  "<id>": "a1b2c3d4",
  "<number>": "42",
  [ANY]: "something",
};

/** A rule to put into a file of one's own; the reason is for a person to choose. */
export function ruleFor({ text, count, example }: Pick<Template, "text" | "count" | "example">): string {
  const phrase = longestWords(text);
  const sample = text.replaceAll(/<(?:url|address|ip|host|id|number|\*)>/g, (mask) => FILLED[mask] ?? mask);
  const code = example.replyCode === null ? "" : `, replyCode: ${example.replyCode}`;
  const name =
    phrase
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.slice(0, 5)
      .join("-") ?? "unnamed";
  return [
    `- id: own/${name}`,
    `  when: { any: [${JSON.stringify(phrase)}]${code} }`,
    `  reason: ${example.reason} # choose: docs/rules.md lists the reasons`,
    `  because: Seen ${count === 1 ? "once" : `${count} times`} in our log; no rule matched it.`,
    "  source: our own log",
    "  examples:",
    `    - { text: ${JSON.stringify(sample)}${code} }`,
    "",
  ].join("\n");
}

/** The longest run of plain words within a sentence: no phrase of a rule reaches beyond one. */
function longestWords(template: string): string {
  const runs = template.split(/\S*<[^>\s]+>\S*|(?:^|\s)[245]\d\d[ -]?|[245]\.\d{1,3}\.\d{1,3}|[.!?;:]\s/);
  const words = runs.map((run) => run.trim().replaceAll(/^[\s\p{P}]+|[\s\p{P}]+$/gu, ""));
  return (
    words.reduce((best, run) => (run.length > best.length ? run : best), "").slice(0, 200) || template.slice(0, 200)
  );
}
