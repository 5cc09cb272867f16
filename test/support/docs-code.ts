/** JavaScript of the docs, as if `bounced` and what else it names were installed beside it. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const BOUNCED = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

export const withInstalled = (code: string, ...packages: readonly string[]): string =>
  packages.reduce(
    (text, name) => text.replaceAll(`"${name}"`, JSON.stringify(require.resolve(name))),
    code.replaceAll('"bounced"', JSON.stringify(BOUNCED)),
  );
