/** Completion for fish, with what each word means. */
import { pathPattern } from "./bash.ts";
import { flatten, type CommandNode, type OptionNode } from "./command-tree.ts";

export function fishCompletion(root: CommandNode): string {
  const nodes = flatten(root);
  return `# Completion of bounced for fish: put this file into ~/.config/fish/completions/bounced.fish
function __bounced_at
    set -l at
    for word in (commandline -opc)[2..-1]
        set -l next (string join ' ' $at $word)
        switch $next
            case ${pathPattern(nodes, " ")}
                set at $next
        end
    end
    test "$at" = "$argv[1]"
end
${nodes.flatMap((node) => linesOf(node)).join("\n")}
`;
}

function linesOf({ path, commands, choices, options }: CommandNode): readonly string[] {
  const at = `complete -c bounced -n "__bounced_at '${path}'"`;
  const words = commands.map(({ name, summary }) => `${at} -f -a ${name} -d ${quote(summary)}`);
  const values = choices === null ? [] : [`${at} -f -a '${choices.join(" ")}'`];
  return [...words, ...values, ...options.map((option) => `${at} ${optionOf(option)}`)];
}

function optionOf({ long, short, about, takesValue, choices }: OptionNode): string {
  const name = `${short === null ? "" : `-s ${short.slice(1)} `}-l ${long.slice(2)} -d ${quote(about)}`;
  return choices ? `${name} -x -a '${choices.join(" ")}'` : takesValue ? `${name} -r` : name;
}

const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
