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
  for (const line of (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text).split("\n")) {
    const content = line.trim();
    if (content === "") {
      endBlock();
      continue;
    }
    const match = line.startsWith(" ") || line.startsWith("\t") ? null : FIELD.exec(line);
    if (match) {
      endField();
      if (++count > MAX_FIELDS) break;
      name = match[1]!.toLowerCase();
      lines.push(match[2]!.trim());
    } else if (name !== "") lines.push(content);
    else {
      // An indented first field: some gateways indent the whole report.
      const indented = FIELD.exec(content);
      if (indented) {
        name = indented[1]!.toLowerCase();
        lines.push(indented[2]!);
      }
    }
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
