/** The code blocks of a page, so that tests run what readers copy. */
import { readFileSync } from "node:fs";

export interface Block {
  readonly language: string;
  readonly text: string;
  /** The last heading before it. */
  readonly heading: string;
}

export function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = [];
  let heading = "";
  let open: { language: string; lines: string[] } | null = null;
  for (const line of readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8").split("\n")) {
    if (line.startsWith("```") && !open) open = { language: line.slice(3).trim(), lines: [] };
    else if (line === "```" && open) {
      blocks.push({ language: open.language, text: `${open.lines.join("\n")}\n`, heading });
      open = null;
    } else if (open) open.lines.push(line);
    else if (line.startsWith("#")) heading = line.replace(/^#+ /, "");
  }
  return blocks;
}

/** The only block of a language under a heading; throws where there is none or a second one. */
export function blockOf(page: string, heading: string, language: string): string {
  const [block, ...others] = blocksOf(page).filter((each) => each.heading === heading && each.language === language);
  if (!block || others.length > 0) throw new Error(`${page}: ${heading}: not exactly one block of ${language}`);
  return block.text;
}
