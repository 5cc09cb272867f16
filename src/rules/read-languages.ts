/** languages/*.yaml -> checked language packs. What runs reads their packed form: core/knowledge/languages.ts. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LanguagePack, languagePackSchema, RuleError } from "../core/index.ts";
import { readYaml } from "./read-rule-files.ts";

export const LANGUAGES_FOLDER = fileURLToPath(new URL("../core/knowledge/languages/", import.meta.url));
export const PACKED_LANGUAGES = fileURLToPath(new URL("../core/knowledge/languages.json", import.meta.url));

/** In order of their codes. Throws RuleError naming the file and what is wrong in it. */
export function readLanguages(folder = LANGUAGES_FOLDER): readonly LanguagePack[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => {
      const pack = readYaml(join(folder, name), languagePackSchema);
      if (`${pack.code}.yaml` !== name) throw new RuleError(`${name}: its code is ${pack.code}`);
      return pack;
    });
}

/** One line for each language, so that two edits of different languages merge. */
export const packLanguages = (packs: readonly LanguagePack[]): string =>
  `[\n${packs.map((pack) => JSON.stringify(pack)).join(",\n")}\n]\n`;
