/** `npm run pack-rules`: built-in rules and language packs as JSON, which loads in a few milliseconds. */
import { writeFileSync } from "node:fs";
import { PACKED_RULES, parseBuiltInRules } from "../src/rules/built-in-rules.ts";
import { PACKED_LANGUAGES, packLanguages, readLanguages } from "../src/rules/read-languages.ts";

const languages = readLanguages();
writeFileSync(PACKED_LANGUAGES, packLanguages(languages));
const packed = parseBuiltInRules();
writeFileSync(PACKED_RULES, `${JSON.stringify(packed)}\n`);
console.log(`${packed.rules.length} rules and ${languages.length} languages packed`);
