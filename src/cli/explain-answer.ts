/** What `bounced explain TEXT` and `bounced classify --diagnostic TEXT` print: one question, one layout. */
import type { Config, Language } from "../config/config.ts";
import { emptyRefusal } from "../core/classify/classify.ts";
import { classifyAndExplain } from "../core/explanations/explained-verdict.ts";
import { lookUp } from "../core/dictionary/dictionary.ts";
import { failureCodesOf } from "../core/vendors/failure-codes.ts";
import { readSettingsOf } from "../reading/read-settings.ts";
import { formatVerdict } from "./explain-text.ts";
import { EXPLAIN_WORDS } from "./explain-words.ts";

export interface RefusalAnswer {
  readonly json: unknown;
  readonly text: string;
}

export function answerToRefusal(text: string, config: Config, language: Language): RefusalAnswer {
  const verdict = classifyAndExplain({ ...emptyRefusal, text }, readSettingsOf(config, language));
  const dictionary = verdict.derivedStatus ? lookUp(verdict.derivedStatus, { language }) : null;
  const { byCode } = failureCodesOf(config.file.failureCodes);
  return {
    json: { text, ...verdict },
    text: formatVerdict(verdict, dictionary, byCode.get(verdict.codes.failureCode) ?? null, EXPLAIN_WORDS[language]),
  };
}
