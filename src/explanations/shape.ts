/** The languages explanations are written in, and the shape of one language's table. */
import type { Reason } from "../event/event.ts";

export const EXPLANATION_LANGUAGES = ["en", "ja", "de", "fr", "es"] as const;
export type ExplanationLanguage = (typeof EXPLANATION_LANGUAGES)[number];

/** One sentence each. */
export type Sentences = readonly [whatHappened: string, whatToDo: string];
export type Explanations = Readonly<Record<Reason, Sentences>>;

/** A note that replaces the reason's sentences, in every language. */
export type Translated = Readonly<Record<ExplanationLanguage, Sentences>>;
