/** `Diagnostic-Code: smtp; 550 5.1.1 …`, RFC 3464 section 2.3.6. */
import { singleBlanks } from "./clean-text.ts";
import { decodeHeader } from "./encoded-word.ts";
import { decodeOctal } from "./octal.ts";

/** RFC 3464 section 2.3.6. `type` lower-case; `text` unfolded to one line, the reply lines joined by one blank. */
export interface DiagnosticCode {
  readonly type: string;
  readonly text: string;
}

const TYPED = /^\s*([A-Za-z][\w.+-]{0,40})\s*;\s*(.*)$/s;
const MAX_CHARS = 8_000;

/** Any text -> one line: line ends and runs of blanks become one blank. */
export const toOneLine = (text: string): string => singleBlanks(text).slice(0, MAX_CHARS);

/** Null if there is no text. A value without a type is `smtp` when it begins with a reply code, else `unknown`. */
export function parseDiagnosticCode(value: string): DiagnosticCode | null {
  const typed = TYPED.exec(value);
  const text = toOneLine(decodeOctal(decodeHeader(typed ? typed[2]! : value)));
  if (text === "") return null;
  if (typed) return { type: typed[1]!.toLowerCase(), text };
  return { type: /^[245]\d\d[\s-]/.test(text) ? "smtp" : "unknown", text };
}
