/** What an event says in two sentences, in the language of the page. */
import { trusted } from "../../core/index.ts";
import type { BouncedEvent } from "../../event/event.ts";
import { REASON_TABLE } from "../../event/reasons.ts";
import { SPOKEN_LANGUAGES, type Language } from "../../config/config.ts";
import { explanationOf } from "../../explanations/explanation.ts";
import { html, type Html } from "../html.ts";

/**
 * An event keeps its sentences in the language of the day it came. Where they are those that the event's reason has in
 * some language, the page shows them in its own; whatever else they are, they stay as they are.
 */
export function explanationIn(language: Language, event: BouncedEvent): string | null {
  const known = (one: Language): readonly string[] => [plainly(one, event), doubtfully(one, event)];
  for (const one of SPOKEN_LANGUAGES) {
    const which = known(one).indexOf(event.explanation);
    if (which >= 0) return known(language)[which] ?? null;
  }
  return null;
}

const statusOf = ({ status, derivedStatus }: BouncedEvent): string | null => status ?? derivedStatus;

const plainly = (language: Language, event: BouncedEvent): string =>
  explanationOf(event.reason, { language, provider: event.provider, status: statusOf(event) });

/** With the warning that nothing proves the report. */
const doubtfully = (language: Language, event: BouncedEvent): string =>
  trusted(
    {
      reason: event.reason,
      advice: REASON_TABLE[event.reason].advice,
      explanation: plainly(language, event),
      provider: event.provider,
      derivedStatus: event.derivedStatus,
    },
    { authenticity: "unproven", status: event.status, language },
  ).explanation;

export const explanationLine = ({ language }: { readonly language: Language }, event: BouncedEvent): Html => {
  const words = explanationIn(language, event);
  return words === null ? html`<p class="says">${event.explanation}</p>` : html`<p class="says">${words}</p>`;
};
