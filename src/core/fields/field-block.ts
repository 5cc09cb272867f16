/**
 * Blocks of `Name: value` lines divided by blank lines, RFC 3464 section 2.1.2, RFC 5965, RFC 8098.
 *
 * Two liberties, both met in real mail: a line without a field name continues the field above even if it is not
 * indented, and white space may stand before the colon.
 */

export interface Field {
  /** Lower-case. */
  readonly name: string;
  /** Unfolded: every line break with the blanks around it is one blank. */
  readonly value: string;
}

export type FieldBlock = readonly Field[];

const FIELD = /^([A-Za-z][A-Za-z0-9_-]{0,75})[ \t]*:(?!\/\/)[ \t]*(.*)$/;
const MAX_FIELDS = 100_000;

/** A gateway may have indented the whole report: then no line stands at the margin. */
function linesOf(text: string): readonly string[] {
  const lines = (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text).split("\n");
  const first = lines.find((line) => line.trim() !== "") ?? "";
  if (!/^[ \t]/.test(first) || /^\S/m.test(text)) return lines;
  const indent = first.length - first.trimStart().length;
  return lines.map((line) => line.slice(Math.min(indent, line.length - line.trimStart().length)));
}

/** Total. Blocks without a single field are left out. Stops after 100,000 fields. */
export function readFieldBlocks(text: string): readonly FieldBlock[] {
  const blocks: Field[][] = [];
  let block: Field[] = [];
  let name = "";
  let lines: string[] = [];
  let count = 0;
  const endField = (): void => {
    if (name !== "") block.push({ name, value: lines.join(" ").trim() });
    name = "";
    lines = [];
  };
  const endBlock = (): void => {
    endField();
    if (block.length > 0) blocks.push(block);
    block = [];
  };
  for (const line of linesOf(text)) {
    const content = line.trim();
    if (content === "") {
      endBlock();
      continue;
    }
    // A block cannot begin with a folded line: its first field is indented by mistake.
    const isFolded = name !== "" && /^[ \t]/.test(line);
    const match = isFolded ? null : FIELD.exec(name === "" ? content : line);
    if (match) {
      endField();
      if (++count > MAX_FIELDS) break;
      name = match[1]!.toLowerCase();
      lines.push(match[2]!.trim());
    } else if (name !== "") lines.push(content);
  }
  endBlock();
  return blocks;
}

/** First value of a field, or null. Empty values count as absent. */
export function fieldOf(block: FieldBlock, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = block.find((field) => field.name === name && field.value !== "")?.value;
    if (value !== undefined) return value;
  }
  return null;
}

/** Every non-empty value of a field, in order. */
export const fieldsOf = (block: FieldBlock, name: string): readonly string[] =>
  block.filter((field) => field.name === name && field.value !== "").map((field) => field.value);
