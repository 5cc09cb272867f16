/** Two plain sentences for a person who has never seen SMTP: what happened, and what to do. */
import type { Reason } from "../event/event.ts";
import { ENGLISH } from "./en.ts";
import { FRENCH } from "./fr.ts";
import { GERMAN } from "./de.ts";
import { JAPANESE } from "./ja.ts";
import { PROVIDER_NOTES, type ProviderNote } from "./provider-notes.ts";
import { SPANISH } from "./es.ts";
import type { ExplanationLanguage, Explanations, Sentences } from "./shape.ts";

const TABLES: Readonly<Record<ExplanationLanguage, Explanations>> = {
  en: ENGLISH,
  ja: JAPANESE,
  de: GERMAN,
  fr: FRENCH,
  es: SPANISH,
};

export interface ExplanationContext {
  readonly language: ExplanationLanguage;
  /** Provider id; its own words replace the general ones where they say more. */
  readonly provider?: string | null;
  /** `x.y.z`, as read or derived. */
  readonly status?: string | null;
}

/** Both sentences as one text. Japanese sentences follow each other without a blank. */
export function explanationOf(reason: Reason, context: ExplanationContext): string {
  const [whatHappened, whatToDo] = sentencesFor(reason, context);
  return context.language === "ja" ? `${whatHappened}${whatToDo}` : `${whatHappened} ${whatToDo}`;
}

/** The two sentences apart, for pages that set them apart. */
export function sentencesFor(reason: Reason, { language, provider, status }: ExplanationContext): Sentences {
  const note = provider ? noteOf(reason, provider, status ?? null) : undefined;
  return note?.text[language] ?? TABLES[language][reason];
}

function noteOf(reason: Reason, provider: string, status: string | null): ProviderNote | undefined {
  return PROVIDER_NOTES.find(
    (note) =>
      note.providers.includes(provider) &&
      note.reasons.includes(reason) &&
      (note.status === undefined || (status !== null && note.status.some((range) => inRange(status, range)))),
  );
}

/** `5.7.620` is in `7.606-649`; the class digit does not matter. */
function inRange(status: string, range: string): boolean {
  const [, subject, detail] = status.split(".").map(Number);
  const [rangeSubject, details = ""] = range.split(".");
  const [first, last = first] = details.split("-").map(Number);
  return subject === Number(rangeSubject) && detail !== undefined && detail >= first! && detail <= last!;
}
