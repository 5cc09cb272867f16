/** The shell commands that the docs show, one by one, as a reader would paste them. */
import { globSync, readFileSync } from "node:fs";

export interface ShellCommand {
  readonly page: string;
  readonly text: string;
}

/** Lines that `\` joins are one; a block that sets variables belongs together. */
export function shellCommands(): readonly ShellCommand[] {
  return globSync("{README.md,CONTRIBUTING.md,docs/**/*.md}").flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = ""]) => {
      const lines = block
        .replaceAll(/\\\n\s*/g, "")
        .split("\n")
        .map((line) => line.trim().replace(/\s{2,}#.*$/, ""))
        .filter((line) => line !== "" && !line.startsWith("#"));
      const commands = lines.some((line) => line.startsWith("export ")) ? [lines.join("\n")] : lines;
      return commands.map((text) => ({ page, text }));
    }),
  );
}
