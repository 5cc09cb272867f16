/** The process of command-session.ts: what `bounced` would do, one line after another, with a mark around each. */
import { readFileSync } from "node:fs";
import { runCommandLine } from "../../src/cli/run.ts";

const lines = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Record<string, readonly string[]>;
for (const [name, words] of Object.entries(lines)) {
  process.stdout.write(`@@@ begin ${name}\n`);
  const code = await runCommandLine(words);
  process.exitCode = undefined;
  process.stdout.write(`@@@ end ${code}\n`);
}
