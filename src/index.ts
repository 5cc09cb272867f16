/** What programs import from `bounced`. */
import { checkOptions, checkText } from "./client/check-options.ts";
import { loadConfig, type Language } from "./config/config.ts";
import { classifyAndExplain, emptyRefusal, type ExplainedVerdict, type Refusal } from "./core/index.ts";
import { readSettingsOf } from "./reading/read-settings.ts";

export { consume } from "./client/consume.ts";
export type { ConsumeOptions } from "./client/consume.ts";
export { UnrecoverableError } from "./queues/consume.ts";
export type { ConsumedJob, Consumer, Handler } from "./queues/consume.ts";
export { OUTPUT_QUEUES } from "./queues/names.ts";
export type { OutputQueue } from "./queues/names.ts";
export { eventJsonSchema, eventSchema } from "./event/event.ts";
export type {
  Advice,
  Authenticity,
  BouncedEvent,
  Codes,
  EventKind,
  Evidence,
  Fault,
  ProofKind,
  Reason,
  Severity,
} from "./event/event.ts";
export { isCredible } from "./event/credible.ts";
export type { ExplainedVerdict as Verdict, ReportedRefusalInput as ReportedRefusal } from "./core/index.ts";

export { isSuppressed } from "./client/is-suppressed.ts";
export type { IsSuppressedOptions } from "./client/is-suppressed.ts";
export { createReturnPath, readReturnPath, verifyReturnPath } from "./client/return-path.ts";
export type { CreateReturnPathOptions, ReturnPathOptions } from "./client/return-path.ts";
export { refuse } from "./client/refuse.ts";

export type { AcceptedRefusals, RefusalIssue } from "./refusals/check-refusals.ts";
export { createToken, createUnsubscribe } from "./client/token.ts";
export type { CreateTokenOptions, CreateUnsubscribeOptions, UnsubscribeHeaders } from "./client/token.ts";
export type { ReturnPathReading } from "./return-path/reading.ts";

export interface ClassifyOptions {
  /** Language of the explanation. @defaultValue BOUNCED_LANGUAGE */
  readonly language?: Language;
}

/** Rule files are read once a language; they do not change while a program runs. */
const settingsByLanguage = new Map<Language, ReturnType<typeof readSettingsOf>>();

/**
 * What a refusal means: `classify("550 5.1.1 No such user")`, or with what else is known of it
 * (`{ text, remoteMta, status, replyCode, … }`). Needs no service. Reads BOUNCED_RULES at the first call.
 */
export function classify(refusal: string | Partial<Refusal>, options: ClassifyOptions = {}): ExplainedVerdict {
  checkOptions("classify", options, ["language"]);
  if (typeof refusal !== "object" || refusal === null) checkText("classify", "refusal", refusal);
  else checkOptions("classify", refusal, Object.keys(emptyRefusal));
  const config = loadConfig();
  const language = options.language ?? config.BOUNCED_LANGUAGE;
  let settings = settingsByLanguage.get(language);
  if (!settings) settingsByLanguage.set(language, (settings = readSettingsOf(config, language)));
  return classifyAndExplain(
    { ...emptyRefusal, ...(typeof refusal === "string" ? { text: refusal } : refusal) },
    settings,
  );
}
