/**
 * Trains the learned fallback and says what it is worth.
 *
 *   node scripts/train-model.ts LABELS.jsonl [--date 2026-01-31] [--write]
 *
 * Texts that resemble each other go into the same fold, and a text is only ever judged by a model that saw none of its
 * fold. Beside the labelled texts it learns from the examples of the built-in rules. docs/model.md explains the figures.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { classify, emptyRefusal, readRefusal } from "../src/core/classify/classify.ts";
import { isAtLeast } from "../src/core/classify/candidates.ts";
import { decide } from "../src/core/classify/decide.ts";
import { fallsBack } from "../src/core/classify/fallback.ts";
import { guess, type FallbackModel } from "../src/core/classify/fallback-model.ts";
import type { Reason } from "../src/event/event.ts";
import { compileRules } from "../src/core/classify/rule-set.ts";
import { readBuiltInRules } from "../src/rules/built-in-rules.ts";
import { fitTemperature, printReliability, type Judged } from "./model/calibrate.ts";
import { readLabels, observe, type LabelledText } from "./model/labels.ts";
import { learn, type Example } from "./model/learn.ts";

const FOLDS = 5;
const RULE_EXAMPLE_WEIGHT = 0.5;
const MODEL_FILE = new URL("../src/core/classify/model/fallback.bin", import.meta.url);

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { date: { type: "string" }, write: { type: "boolean" } },
});
const [path] = positionals;
if (!path) throw new Error("usage: node scripts/train-model.ts LABELS.jsonl [--date YYYY-MM-DD] [--write]");
const trainedAt = values.date ?? new Date().toISOString().slice(0, 10);

const texts = readLabels(path);
const { rules: builtIn, providers, vocabulary } = readBuiltInRules();
const rules = compileRules({ builtIn, providers, vocabulary });
const fromRules: readonly Example[] = rules.rules.flatMap(({ rule }) =>
  rule.examples.map((example) => ({
    observed: observe(example.text, example.replyCode ?? null, example.status ?? null),
    reason: rule.reason,
    weight: RULE_EXAMPLE_WEIGHT,
  })),
);

const refusals = texts.map(({ text, replyCode, status }) => ({ ...emptyRefusal, text, replyCode, status }));
const verdicts = refusals.map((refusal) => classify(refusal, { rules }));
/** What single words and codes say, as if no rule knew the wording. */
const withoutWording = refusals.map((refusal) =>
  decide(
    readRefusal(refusal, rules).candidates.filter(
      (candidate) => !isAtLeast(candidate, "vague fact") || candidate.source === "status",
    ),
  ),
);

/** The label, in the finer word of the rules where they agree with it. */
const targetOf = (text: LabelledText, at: number): Reason => {
  const said = verdicts[at]?.reason;
  return said !== undefined && text.right.includes(said) ? said : (text.right[0] ?? "unknown");
};
const examples: readonly Example[] = texts.map((text, at) => ({
  observed: text.observed,
  reason: targetOf(text, at),
  weight: 1,
}));

const folds = foldsOf(texts);
const labelsOnly = judge([]);
const judged = judge(fromRules);
const temperature = fitTemperature(judged, (at) => texts[at]?.accepted ?? []);
const guesses = new Map(judged.map((one) => [one.at, best(one, temperature)]));
const guessesByLabels = new Map(labelsOnly.map((one) => [one.at, best(one, temperature)]));

const all = texts.map((_, at) => at);
const unsure = all.filter((at) => (verdicts[at]?.confidence ?? 0) < 0.6);
const rows: readonly [string, (at: number) => Reason][] = [
  ["rules alone", (at) => verdicts[at]?.reason ?? "unknown"],
  ["single words and codes alone", (at) => withoutWording[at]?.reason ?? "unknown"],
  ["model alone, labels only", (at) => guessesByLabels.get(at)?.reason ?? "unknown"],
  ["model alone", (at) => guesses.get(at)?.reason ?? "unknown"],
  ["rules, then model", (at) => combined(at)],
];
console.log(`${texts.length} labelled texts, ${fromRules.length} rule examples, temperature ${temperature.toFixed(2)}`);
for (const [name, which] of [
  ["all texts", all],
  ["texts where the rules are below 0.6", unsure],
] as const) {
  console.log(`\n${name}: ${which.length}\n| | same | accepted | unknown |\n|---|---|---|---|`);
  for (const [row, reasonOf] of rows) report(row, which, reasonOf);
}
printReliability("all texts", all, texts, guesses);
printReliability("texts where the rules are below 0.6", unsure, texts, guesses);

if (values.write) {
  const model: FallbackModel = { ...learn([...examples, ...fromRules], trainedAt), temperature };
  const { weights, ...header } = model;
  writeFileSync(MODEL_FILE, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from(weights.buffer)]));
  console.log(`\nwrote ${MODEL_FILE.pathname}`);
}

/** Every text judged by a model that saw none of its fold. */
function judge(extra: readonly Example[]): readonly Judged[] {
  const found: Judged[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = learn([...examples.filter((_, at) => folds[at] !== fold), ...extra], trainedAt);
    for (const [at, { observed }] of texts.entries()) {
      const answer = folds[at] === fold ? guess(model, observed) : null;
      if (answer) found.push({ at, scores: answer.scores, reasons: model.reasons });
    }
  }
  return found;
}

function best({ scores, reasons }: Judged, by: number) {
  const highest = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp((score - highest) / by), 0);
  return { reason: reasons[scores.indexOf(highest)] ?? ("unknown" as const), probability: 1 / total };
}

function combined(at: number): Reason {
  const verdict = verdicts[at];
  const found = guesses.get(at);
  if (!verdict || !found) return "unknown";
  return fallsBack(verdict.confidence, verdict.evidence.length > 0, found.probability) ? found.reason : verdict.reason;
}

function report(name: string, which: readonly number[], reasonOf: (at: number) => Reason): void {
  const share = (right: (text: LabelledText) => readonly Reason[]) =>
    `${((100 * which.filter((at) => right(texts[at]!).includes(reasonOf(at))).length) / Math.max(1, which.length)).toFixed(1)} %`;
  const unknown = which.filter((at) => reasonOf(at) === "unknown").length;
  console.log(`| ${name} | ${share((text) => text.right)} | ${share((text) => text.accepted)} | ${unknown} |`);
}

/** Texts that begin with the same words are one text for the purpose of keeping some aside. */
function foldsOf(all: readonly LabelledText[]): readonly number[] {
  const groups = new Map<string, number>();
  return all.map(({ observed: { words } }) => {
    const key = words
      .filter((word) => !/\d/.test(word))
      .slice(0, 5)
      .join(" ");
    if (!groups.has(key)) groups.set(key, groups.size);
    return (groups.get(key) ?? 0) % FOLDS;
  });
}
