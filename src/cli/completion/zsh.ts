/** Completion for zsh, with what each word means. */
import { pathPattern } from "./bash.ts";
import { flatten, type CommandNode } from "./command-tree.ts";

export function zshCompletion(root: CommandNode): string {
  const nodes = flatten(root);
  const values = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(
        ({ long, choices }) =>
          `    '${path} ${long}') ${choices ? `compadd -- ${choices.join(" ")}` : "_files"}; return ;;`,
      ),
  );
  const cases = (linesOf: (node: CommandNode) => readonly string[]): string =>
    nodes
      .map((node) => ({ path: node.path, lines: linesOf(node) }))
      .filter(({ lines }) => lines.length > 0)
      .map(({ path, lines }) => `      '${path}') candidates=(${lines.join(" ")}) ;;`)
      .join("\n");
  return `#compdef bounced
# Completion of bounced for zsh: put this file as _bounced into a folder of $fpath, or source it after compinit
_bounced() {
  local at='' next i
  local -a candidates
  for ((i = 2; i < CURRENT; i++)); do
    next="\${at:+$at }\${words[i]}"
    case $next in
      ${pathPattern(nodes)}) at=$next ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${values.join("\n")}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    case $at in
${cases(({ options }) => options.map(({ long, about }) => described(long, about)))}
    esac
    _describe -o option candidates
    return
  fi
  case $at in
${cases(({ commands, choices }) => (commands.length > 0 ? commands.map(({ name, summary }) => described(name, summary)) : (choices ?? [])))}
  esac
  if (( $#candidates )); then _describe command candidates; else _files; fi
}
if [[ $funcstack[1] == _bounced ]]; then _bounced "$@"; else compdef _bounced bounced; fi
`;
}

/** The first colon ends the word. */
const described = (word: string, about: string): string => `'${word}:${about.replaceAll("'", "'\\''")}'`;
