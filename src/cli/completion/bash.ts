/** Completion for bash. */
import { flatten, type CommandNode } from "./command-tree.ts";

export function bashCompletion(root: CommandNode): string {
  const nodes = flatten(root);
  const values = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(
        ({ long, choices }) =>
          `    '${path} ${long}') ${choices ? `words='${choices.join(" ")}'; isValue=1` : "return"} ;;`,
      ),
  );
  return `# Completion of bounced for bash: source this file, or put it into ~/.local/share/bash-completion/completions/bounced
_bounced() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path='' words='' options='' isValue='' next i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${path:+$path }\${COMP_WORDS[i]}"
    case "$next" in
      ${pathPattern(nodes)}) path=$next ;;
    esac
  done
  case "$path $prev" in
${values.join("\n")}
  esac
  if [[ -z $isValue ]]; then
    case "$path" in
${nodes.map((node) => `      '${node.path}') words='${wordsOf(node).join(" ")}'; options='${optionsOf(node).join(" ")}' ;;`).join("\n")}
    esac
    [[ $cur == -* ]] && words=$options
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
# Where nothing is known, file names.
complete -o default -F _bounced bounced
`;
}

/** `'log'|'log show'`: what leads deeper. */
export const pathPattern = (nodes: readonly CommandNode[], between = "|"): string =>
  nodes
    .filter(({ path }) => path !== "")
    .map(({ path }) => `'${path}'`)
    .join(between);

const wordsOf = ({ commands, choices }: CommandNode): readonly string[] =>
  commands.length > 0 ? commands.map(({ name }) => name) : (choices ?? []);

const optionsOf = ({ options }: CommandNode): readonly string[] =>
  options.flatMap(({ long, short }) => (short === null ? [long] : [short, long]));
