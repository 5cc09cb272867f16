/**
 * Lines made of a label and a value, in any language: `Empfänger: user@example.org`, `【收件人】user@example.org`,
 * `An / To: user@example.org`. What the labels mean stands in the language packs.
 */
import { LABELS, type Label } from "../knowledge/notice-words.ts";
import { allWords } from "../knowledge/languages.ts";
import { plain } from "../knowledge/plain.ts";

export interface LabelledLine {
  /** Null for a label that no language pack knows. */
  readonly label: Label | null;
  readonly value: string;
}

const LINE =
  /^[\s\-*•·■◆●▼○◇□【［[]{0,24}(\p{L}[\p{L}\p{M}\p{N} \t/_()（）'’.-]{0,48}?)[\s\u3000]{0,8}(?:[】］\]]\s{0,4}[:：]?|[:：=])[\s\u3000]*(.*)$/u;
const MAX_LINE = 1_000;

const KNOWN: ReadonlyMap<string, Label> = new Map(
  // Where languages share a label the earlier meaning wins.
  LABELS.toReversed().flatMap((label) =>
    allWords(({ notices }) => notices?.labels?.[label]).map((word) => [normal(word), label] as const),
  ),
);

/** `Recipient(s)`, `Diagnostic-Code` and `e-mail_address` as they stand in the packs. */
function normal(label: string): string {
  return plain(label.replaceAll(/\((?:e?s|en|in|innen|i)\)/g, "").replaceAll(/[-_\s]+/g, " "));
}

/** Null for a line that is none. */
export function readLabel(line: string): LabelledLine | null {
  if (line.length > MAX_LINE) return null;
  const match = LINE.exec(line);
  if (!match) return null;
  const written = match[1]!;
  const label = KNOWN.get(normal(written)) ?? inTwoLanguages(written);
  return { label, value: match[2]!.trim() };
}

/** `Grund / Reason`, `收件人(Recipient)`: each of them is a label. */
function inTwoLanguages(label: string): Label | null {
  const parts = label.split(/\s*[/|(),（）]\s*/, 4).filter((part) => part !== "");
  const known = parts.map((part) => KNOWN.get(normal(part)));
  return parts.length > 1 && known.every((one) => one !== undefined) ? (known[0] ?? null) : null;
}
