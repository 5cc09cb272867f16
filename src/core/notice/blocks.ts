/** Notices that list recipients, each with its reason below or behind it. */
import { MAX_RECIPIENTS } from "../report/merge-recipients.ts";
import { type Head, parseDerivedFrom, parseHead } from "./head.ts";

export interface Block {
  /** Null where the notice hides it (`an undisclosed address`, a pipe, a file). */
  readonly address: string | null;
  /** The address before forwarding or expansion. */
  readonly derivedFrom: string | null;
  /** The words about this recipient, divided as the notice divides them by blank lines. */
  readonly paragraphs: readonly (readonly string[])[];
}

interface OpenBlock {
  address: string | null;
  derivedFrom: string | null;
  paragraphs: string[][];
  /** Lines so far. */
  size: number;
}

/** One more than a report may keep, so that the warning is given. */
const MAX_BLOCKS = MAX_RECIPIENTS + 1;
/** Words kept about one recipient. */
const MAX_WORDS = 100;
const HIDDEN = /^\s*(?:an undisclosed address|(?:pipe to|save to|pipe:|\|)\s*\S.*|\S+ transport)$/i;

/**
 * Every line that `isHead` takes begins a block, or goes on with the block of the same address; every other line
 * belongs to the block above. Lines before the first head are given apart.
 */
export function readBlocks(
  lines: readonly string[],
  isHead: (head: Head, line: string, index: number) => boolean,
): { readonly intro: readonly string[]; readonly blocks: readonly Block[] } {
  const intro: string[] = [];
  const blocks: OpenBlock[] = [];
  const byAddress = new Map<string, OpenBlock>();
  let open: OpenBlock | null = null;
  const start = (address: string | null): OpenBlock => {
    const block: OpenBlock = { address, derivedFrom: null, paragraphs: [[]], size: 0 };
    if (blocks.length < MAX_BLOCKS) blocks.push(block);
    return block;
  };
  for (const [index, line] of lines.entries()) {
    if (line === "") {
      if (open) {
        if (open.size < MAX_WORDS) open.paragraphs.push([]);
      } else intro.push(line);
      continue;
    }
    const head = parseHead(line);
    if (head && isHead(head, line, index)) {
      const key = head.address.toLowerCase();
      const known = byAddress.get(key);
      open = known ?? start(head.address);
      byAddress.set(key, open);
      if (known) known.paragraphs.push([]);
      add(open, head.rest);
      continue;
    }
    if (HIDDEN.test(line)) {
      open = start(null);
      continue;
    }
    if (!open) {
      intro.push(line);
      continue;
    }
    const derived = parseDerivedFrom(line);
    if (derived !== null && open.derivedFrom === null) open.derivedFrom = derived;
    else add(open, line.trim());
  }
  return { intro, blocks: blocks.filter((block) => block.address !== null || block.derivedFrom !== null) };
}

/** `(expanded from <alias@example.org>): reason` behind the address is the alias, then the reason. */
function add(block: OpenBlock, words: string): void {
  const behind = /^\(([^()]{3,400})\)\s*:?\s*(.*)$/.exec(words);
  const derived = behind ? parseDerivedFrom(behind[1]!) : null;
  if (behind && derived !== null) block.derivedFrom ??= derived;
  const rest = behind && derived !== null ? behind[2]! : words;
  if (rest !== "" && block.size++ < MAX_WORDS) block.paragraphs.at(-1)!.push(rest);
}
