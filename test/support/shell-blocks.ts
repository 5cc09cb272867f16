/** The shell commands that the docs show, one by one, as a reader would paste them. */
import { globSync, readFileSync } from "node:fs";

export interface ShellCommand {
  readonly page: string;
  readonly text: string;
}

/** Lines that `\` or an open quote joins are one; a block that sets variables belongs together. */
export function shellCommands(): readonly ShellCommand[] {
  return globSync("{README.md,CONTRIBUTING.md,docs/**/*.md}").flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = ""]) => {
      const lines = block
        .replaceAll(/\\\n\s*/g, "")
        .split("\n")
        .map((line) => line.trim().replace(/\s{2,}#.*$/, ""))
        .filter((line) => line !== "" && !line.startsWith("#"));
      const whole = withQuotesClosed(lines);
      const commands = whole.some((line) => line.startsWith("export ")) ? [whole.join("\n")] : whole;
      return commands.map((text) => ({ page, text }));
    }),
  );
}

/** A line whose single quote is open goes on in the next one. */
function withQuotesClosed(lines: readonly string[]): readonly string[] {
  const whole: string[] = [];
  let open = "";
  for (const line of lines) {
    open += open === "" ? line : ` ${line}`;
    if ((open.match(/'/g)?.length ?? 0) % 2 === 1) continue;
    whole.push(open);
    open = "";
  }
  return open === "" ? whole : [...whole, open];
}
