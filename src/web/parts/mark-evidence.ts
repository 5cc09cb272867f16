/** The words that decided, marked where they stand in the diagnostic, as a person reads it. */
import type { Evidence } from "../../event/event.ts";
import { html, type Html } from "../html.ts";
import { joinReplyLines } from "../../event/reply-lines.ts";

interface Span {
  readonly start: number;
  readonly end: number;
}

export function markEvidence(reply: string, evidence: readonly Evidence[]): readonly (Html | string)[] {
  const readable = joinReplyLines(reply);
  const text = readable(reply);
  const folded = text.toLowerCase();
  const spans = evidence
    .flatMap(({ text: words, status }) => [words, status])
    .filter((words): words is string => Boolean(words))
    .map(readable)
    .map((words): Span => {
      const start = folded.indexOf(words.toLowerCase());
      return { start, end: start + words.length };
    })
    .filter(({ start }) => start >= 0)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const parts: (Html | string)[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    if (start < at) continue;
    parts.push(text.slice(at, start), html`<mark>${text.slice(start, end)}</mark>`);
    at = end;
  }
  parts.push(text.slice(at));
  return parts;
}
