import type { Config, Language } from "./config.ts";
import type { ReadSettings } from "./core/read-settings.ts";
import { failureCodesOf } from "./core/vendors/failure-codes.ts";
import { returnPathSettingsOf } from "./return-path.ts";
import { loadRules } from "./rules/load-rules.ts";

/** What reading messages needs, from the configuration. Reads the rule files. */
export function readSettingsOf(config: Config, language: Language = config.BOUNCED_LANGUAGE): ReadSettings {
  return {
    rules: loadRules(config),
    keepHeaders: config.BOUNCED_KEEP_HEADERS,
    language,
    failureCodes: failureCodesOf(config.file.failureCodes),
    returnPath: returnPathSettingsOf(config),
  };
}
