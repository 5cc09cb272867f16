/**
 * The built-in rules, read fast: YAML is for people and takes a third of a second to parse, so their checked form is
 * kept beside as JSON (`npm run pack-rules`). It carries the digest of the files it was made from; when that is not
 * theirs, the files are read instead, so an edited rule is never ignored.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Provider, Rule, Vocabulary } from "../core/index.ts";
import { BUILT_IN_RULES, readProviders, readRuleFiles, readVocabulary, yamlFilesIn } from "./read-rule-files.ts";

export const PACKED_RULES = fileURLToPath(new URL("packed-rules.json", import.meta.url));

export interface BuiltInRules {
  readonly digest: string;
  readonly rules: readonly Rule[];
  readonly providers: readonly Provider[];
  readonly vocabulary: Vocabulary;
}

export function readBuiltInRules(): BuiltInRules {
  const digest = digestOfFiles();
  const packed = readPacked();
  return packed?.digest === digest ? packed : parseBuiltInRules();
}

/** Null where there is none, or one that a merge has left half done. */
function readPacked(): BuiltInRules | null {
  try {
    return JSON.parse(readFileSync(PACKED_RULES, "utf8")) as BuiltInRules;
  } catch {
    return null;
  }
}

export function parseBuiltInRules(): BuiltInRules {
  return {
    digest: digestOfFiles(),
    rules: readRuleFiles(BUILT_IN_RULES).flatMap(({ rules }) => rules),
    providers: readProviders(),
    vocabulary: readVocabulary(),
  };
}

/** Line ends do not count: a checkout on another system is the same set of rules. */
function digestOfFiles(): string {
  const hash = createHash("sha256");
  for (const file of yamlFilesIn(BUILT_IN_RULES))
    hash.update(`${file}\n${readFileSync(join(BUILT_IN_RULES, file), "utf8").replaceAll("\r\n", "\n")}\n`);
  return hash.digest("hex");
}
