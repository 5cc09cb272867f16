/** Rule files on disk -> checked rules. Says which file and which rule is wrong. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { load as parseYaml } from "js-yaml";
import { z } from "zod";
import {
  type Provider,
  providerSchema,
  type Rule,
  RuleError,
  ruleSchema,
  type Vocabulary,
  vocabularySchema,
} from "../core/index.ts";
import { messageOf } from "../machine/error-message.ts";

export const BUILT_IN_RULES = fileURLToPath(new URL("../core/classify/rules/", import.meta.url));
const PROVIDERS_FILE = "providers.yaml";
const VOCABULARY_FILE = "vocabulary.yaml";
/** A rule file is written by hand; more than this is a mistake. */
export const MAX_FILE_BYTES = 2 * 1024 * 1024;

export interface RuleFile {
  readonly path: string;
  readonly rules: readonly Rule[];
}

/** `path` is a file, or a folder whose .yaml files are read in order of their names. Throws RuleError. */
export function readRuleFiles(path: string): readonly RuleFile[] {
  return ruleFilesIn(path).map((file) => ({ path: file, rules: readYaml(file, z.array(ruleSchema)) }));
}

export const readProviders = (): readonly Provider[] =>
  readYaml(join(BUILT_IN_RULES, PROVIDERS_FILE), z.array(providerSchema));

export const readVocabulary = (): Vocabulary => readYaml(join(BUILT_IN_RULES, VOCABULARY_FILE), vocabularySchema);

export function ruleFilesIn(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new RuleError(`${path}: no such file or folder`);
  if (!found.isDirectory()) return [path];
  return yamlFilesIn(path)
    .filter((name) => ![PROVIDERS_FILE, VOCABULARY_FILE].includes(basename(name)))
    .map((name) => join(path, name));
}

/** Names below a folder, in order. */
export function yamlFilesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
}

export function readYaml<T>(file: string, schema: z.ZodType<T>): T {
  if (statSync(file).size > MAX_FILE_BYTES) throw new RuleError(`${file}: larger than ${MAX_FILE_BYTES} bytes`);
  try {
    return parseText(file, readFileSync(file, "utf8"), schema);
  } catch (cause) {
    if (cause instanceof RuleError) throw cause;
    throw new RuleError(`${file}: ${messageOf(cause)}`, { cause });
  }
}

/** The text of a rule file. `name` is what a RuleError calls it. */
export const parseRuleFile = (name: string, text: string): readonly Rule[] =>
  parseText(name, text, z.array(ruleSchema));

function parseText<T>(file: string, text: string, schema: z.ZodType<T>): T {
  let data: unknown;
  try {
    data = parseYaml(text) ?? [];
  } catch (cause) {
    throw new RuleError(`${file}: ${messageOf(cause)}`, { cause });
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new RuleError(`${file}: ${describeIssues(parsed.error, data)}`);
}

function describeIssues(error: z.ZodError, data: unknown): string {
  return error.issues
    .slice(0, 10)
    .map(({ path: [index, ...rest], message }) => {
      const rule: unknown = Array.isArray(data) && typeof index === "number" ? data[index] : undefined;
      const id = rule !== null && typeof rule === "object" && "id" in rule ? rule.id : null;
      return `${typeof id === "string" ? id : `entry ${String(index)}`}: ${rest.map(String).join(".") || "rule"}: ${message}`;
    })
    .join("; ");
}
