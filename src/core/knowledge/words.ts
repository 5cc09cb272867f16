/** How a language pack writes lists of words. */
import { z } from "zod";

/** `[a, b c]`, or `a | b c` for lists that run over many lines; blanks around the bars do not count. */
export const words = z.union([
  z.array(z.string().trim().min(1)),
  z.string().transform((text) =>
    splitAtBars(text)
      .map((word) => withoutNesting(word.trim().replaceAll(/\s+/g, " ")))
      .filter((word) => word !== ""),
  ),
]) as unknown as z.ZodType<readonly string[]>;

/** Bars within brackets are choices of one phrase. */
function splitAtBars(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")") depth--;
    else if (text[at] === "|" && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

const INNER = /\(([^()]*)\)/;

/** `(verboten|nicht (erlaubt|erwünscht))` -> `(verboten|nicht erlaubt|nicht erwünscht)`: phrases have one level of choices. */
function withoutNesting(phrase: string): string {
  let plain = "";
  let depth = 0;
  let start = 0;
  for (let at = 0; at < phrase.length; at++) {
    if (phrase[at] === "(" && depth++ === 0) {
      plain += phrase.slice(start, at);
      start = at + 1;
    } else if (phrase[at] === ")" && --depth === 0) {
      plain += `(${splitAtBars(phrase.slice(start, at)).flatMap(choicesIn).join("|")})`;
      start = at + 1;
    }
  }
  return plain + phrase.slice(start);
}

function choicesIn(choice: string): readonly string[] {
  const inner = INNER.exec(choice);
  if (!inner) return [choice.trim().replaceAll(/\s+/g, " ")];
  return (inner[1] ?? "").split("|").flatMap((one) => choicesIn(choice.replace(inner[0], () => one)));
}
