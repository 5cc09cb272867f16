import type { Config, Language } from "../config/config.ts";
import type { ReadSettings, RuleSet } from "../core/index.ts";
import { failureCodesOf } from "../vendors/failure-codes.ts";
import { returnPathSettingsOf } from "../return-path/settings.ts";
import { dkimSettingsOf, reporterTest } from "../proof/dkim-settings.ts";
import { loadRules } from "../rules/load-rules.ts";

/** What reading messages needs, from the configuration. Reads the rule files. */
export const readSettingsOf = (config: Config, language?: Language): ReadSettings =>
  readSettingsWith(config, loadRules(config), language);

/** The same with rules that were read before. */
export function readSettingsWith(
  config: Config,
  rules: RuleSet,
  language: Language = config.BOUNCED_LANGUAGE,
): ReadSettings {
  return {
    rules,
    keepHeaders: config.BOUNCED_KEEP_HEADERS,
    language,
    failureCodes: failureCodesOf(config.file.failureCodes),
    returnPath: returnPathSettingsOf(config),
    dkim: dkimSettingsOf(config.file.dkim, config.BOUNCED_DOMAINS),
    isReporter: reporterTest(config.file.dkim.reporters),
  };
}
