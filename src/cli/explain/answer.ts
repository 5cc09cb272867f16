/** What `bounced explain TEXT` and `bounced classify --diagnostic TEXT` print: one question, one layout. */
import type { Config, Language } from "../../config/config.ts";
import { classifyAndExplain, emptyRefusal, saysSomething } from "../../core/index.ts";
import { lookUp } from "../../dictionary/dictionary.ts";
import { failureCodeIn } from "../../explanations/failure-code-texts.ts";
import { failureCodesOf } from "../../vendors/failure-codes.ts";
import { readSettingsOf } from "../../reading/read-settings.ts";
import { formatUnknown, formatVerdict } from "./text.ts";
import { EXPLAIN_WORDS } from "./words.ts";

export interface ExplainAnswer {
  /** Whether anything in what was asked is known; exit status 1 if not. */
  readonly isKnown: boolean;
  readonly json: unknown;
  readonly text: string;
}

export function answerToRefusal(text: string, config: Config, language: Language): ExplainAnswer {
  const verdict = classifyAndExplain({ ...emptyRefusal, text }, readSettingsOf(config, language));
  const isKnown = saysSomething(verdict);
  const json = { text, known: isKnown, ...verdict };
  const words = EXPLAIN_WORDS[language];
  if (!isKnown) return { isKnown, json, text: formatUnknown(verdict, words) };
  const dictionary = verdict.derivedStatus ? lookUp(verdict.derivedStatus, { language }) : null;
  const { byCode } = failureCodesOf(config.file.failureCodes);
  const code = byCode.get(verdict.codes.failureCode);
  const failureCode = code ? failureCodeIn(code, language) : null;
  return { isKnown, json, text: formatVerdict(verdict, dictionary, failureCode, words) };
}
