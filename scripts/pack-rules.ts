/** `npm run pack-rules`: the built-in rules as JSON, which loads in a few milliseconds (src/rules/built-in-rules.ts). */
import { writeFileSync } from "node:fs";
import { PACKED_RULES, parseBuiltInRules } from "../src/rules/built-in-rules.ts";

const packed = parseBuiltInRules();
writeFileSync(PACKED_RULES, `${JSON.stringify(packed)}\n`);
console.log(`${packed.rules.length} rules packed into ${PACKED_RULES}`);
