/**
 * Rules saved on the pages or over the API: one rule file in the data directory, which every process of this machine
 * reads, and beside it the history of its changes with every earlier version. Files of BOUNCED_RULES are never written.
 */
import { createHash, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { Document, isMap, isSeq } from "yaml";
import { z } from "zod";
import { type Rule, RuleError, ruleSchema } from "../core/index.ts";
import { MAX_FILE_BYTES, parseRuleFile } from "./read-rule-files.ts";

export const MAX_SAVED_RULES = 1000;
/** A fuller history is put aside, in place of the one put aside before. */
const MAX_HISTORY_BYTES = 4 * 1024 * 1024;
const HEAD = `# Rules saved on the pages of bounced or over its API, which write this file anew.
# Rules that you edit by hand belong into a file of BOUNCED_RULES.
`;

export const savedRulesFile = (dataDir: string): string => join(dataDir, "rules", "saved.yaml");
const historyFile = (dataDir: string): string => join(dataDir, "rules", "history.jsonl");

export interface SavedRules {
  readonly rules: readonly Rule[];
  /** Changes with the file; "" where there is none. */
  readonly version: string;
}

const ruleChangeSchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.enum(["added", "changed", "removed"]),
  rule: z.string(),
  before: ruleSchema.nullable(),
  after: ruleSchema.nullable(),
});
/** `rule` is the rule's id, `before` its earlier version. */
export type RuleChange = z.infer<typeof ruleChangeSchema>;

/** Throws RuleError on a damaged file: to guess here would change verdicts unseen. */
export function readSavedRules(dataDir: string): SavedRules {
  const path = savedRulesFile(dataDir);
  const text = readIfThere(path);
  if (text === null) return { rules: [], version: "" };
  return {
    rules: parseRuleFile(path, text),
    version: createHash("sha256").update(text).digest("hex").slice(0, 16),
  };
}

export interface SavedRulesEdit {
  /** Added, or put in place of those of the same id. */
  readonly put: readonly Rule[];
  readonly remove: readonly string[];
}

export const withEdit = (rules: readonly Rule[], { put, remove }: SavedRulesEdit): readonly Rule[] => {
  const next = new Map([...rules, ...put].map((rule) => [rule.id, rule]));
  for (const id of remove) next.delete(id);
  return [...next.values()];
};

/** Durable when it returns. Throws RuleError where the file would become too large to be read. */
export function editSavedRules(
  dataDir: string,
  edit: SavedRulesEdit,
  { actor, now }: { readonly actor: string; readonly now: number },
): readonly RuleChange[] {
  const { rules } = readSavedRules(dataDir);
  const before = new Map(rules.map((rule) => [rule.id, rule]));
  const at = new Date(now).toISOString();
  const changeOf = (rule: string, after: Rule | null): RuleChange[] => {
    const was = before.get(rule) ?? null;
    if (JSON.stringify(was) === JSON.stringify(after)) return [];
    const action = was === null ? "added" : after === null ? "removed" : "changed";
    return [{ id: randomBytes(8).toString("hex"), at, actor, action, rule, before: was, after }];
  };
  const changes = [
    ...edit.put.flatMap((rule) => changeOf(rule.id, rule)),
    ...edit.remove.flatMap((rule) => changeOf(rule, null)),
  ];
  if (changes.length === 0) return [];
  const next = withEdit(rules, edit);
  const text = HEAD + formatRules(next);
  if (next.length > MAX_SAVED_RULES) throw new RuleError(`more than ${MAX_SAVED_RULES} rules cannot be saved here`);
  if (Buffer.byteLength(text) > MAX_FILE_BYTES)
    throw new RuleError(`the saved rules would exceed ${MAX_FILE_BYTES} bytes`);
  mkdirSync(dirname(savedRulesFile(dataDir)), { recursive: true });
  // History first: a change that is not in force is seen, an earlier version that was not kept is lost.
  appendHistory(historyFile(dataDir), changes);
  replaceFile(savedRulesFile(dataDir), text);
  return changes;
}

/** Newest first. */
export function readRuleHistory(dataDir: string): readonly RuleChange[] {
  const path = historyFile(dataDir);
  const lines = `${readIfThere(`${path}.1`) ?? ""}${readIfThere(path) ?? ""}`.split("\n");
  return lines
    .flatMap((line) => {
      // A line that a crash cut short is a change that was never in force.
      const parsed = ruleChangeSchema.safeParse(parseJson(line));
      return parsed.success ? [parsed.data] : [];
    })
    .toReversed();
}

/** As a rule file, to be read and edited by people. */
export function formatRules(rules: readonly Rule[]): string {
  const document = new Document(rules);
  if (isSeq(document.contents))
    for (const rule of document.contents.items) {
      if (!isMap(rule)) continue;
      const [when, examples] = [rule.get("when", true), rule.get("examples", true)];
      if (isMap(when)) when.flow = true;
      if (isSeq(examples)) for (const example of examples.items) if (isMap(example)) example.flow = true;
    }
  return rules.length === 0 ? "[]\n" : document.toString({ lineWidth: 0 });
}

function appendHistory(path: string, changes: readonly RuleChange[]): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_HISTORY_BYTES) renameSync(path, `${path}.1`);
  writeDurably(path, "a", changes.map((change) => `${JSON.stringify(change)}\n`).join(""));
}

/** Written beside and renamed: who reads meanwhile reads one or the other. */
function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  writeDurably(temporary, "w", text);
  renameSync(temporary, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function writeDurably(path: string, flags: "a" | "w", text: string): void {
  const file = openSync(path, flags, 0o640);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new RuleError(`${path}: cannot be read`, { cause });
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
