/** `bounced explain`: what a code, a failure code, a reason or a pasted refusal means, and what to do. */
import { Command, Option } from "commander";
import { SPOKEN_LANGUAGES, type Config, type Language } from "../../config/config.ts";
import { allCodes, frequentCodes, lookUp, type DictionaryEntry } from "../../dictionary/dictionary.ts";
import { failureCodeIn } from "../../explanations/failure-code-texts.ts";
import { sentencesFor } from "../../explanations/explanation.ts";
import { REASON_TABLE } from "../../event/reasons.ts";
import { REASONS, type Reason } from "../../event/event.ts";
import { codesFor } from "../../vendors/codes.ts";
import { failureCodesOf, type FailureCode, type FailureCodes } from "../../vendors/failure-codes.ts";
import { loadConfigOfAny } from "../../client/find-service.ts";
import { EXIT, UsageError } from "../exit-status.ts";
import { answerToRefusal, type ExplainAnswer } from "../explain/answer.ts";
import { formatEntry, formatFailureCode, formatList, formatReason } from "../explain/text.ts";
import { EXPLAIN_WORDS } from "../explain/words.ts";
import { JSON_HELP, printJson } from "../terminal.ts";

interface Options {
  readonly frequent?: boolean;
  readonly all?: boolean;
  readonly language?: Language;
  readonly json?: boolean;
}

export function explainCommand(): Command {
  return new Command("explain")
    .description("Explain what a code or a pasted refusal means, and what to do.")
    .argument("[code-or-text...]", "5.7.26, 552, 550-5.1.1, a failure code (2001), a reason, or the text of a refusal")
    .option("--frequent", "List the codes people look up most")
    .option("--all", "List the whole dictionary: enhanced, basic, providers' own and failure codes")
    .addOption(new Option("--language <language>", "Language of the answer").choices(SPOKEN_LANGUAGES))
    .option("--json", JSON_HELP)
    .addHelpText(
      "after",
      `
Examples:
  bounced explain 5.7.26
  bounced explain 552 --language de
  bounced explain "550-5.7.26 Unauthenticated email is not accepted"`,
    )
    .action((words: readonly string[], options: Options) => {
      const config = loadConfigOfAny();
      const language = options.language ?? config.BOUNCED_LANGUAGE;
      const failureCodes = spoken(failureCodesOf(config.file.failureCodes), language);
      if (options.all || options.frequent) {
        const entries = options.all ? allCodes({ language }) : frequentCodes({ language });
        const own = options.all ? failureCodes.all : [];
        print(options, { codes: entries, failureCodes: own }, () => formatList(entries, own));
        return;
      }
      const asked = words.join(" ").trim();
      if (asked === "") throw new UsageError("name a code, paste a refusal, or use --frequent or --all");
      const answer = answerTo(asked, { language, failureCodes, config });
      if (answer === null) throw new Error(unknownCode(asked));
      print(options, answer.json, () => answer.text);
      if (!answer.isKnown) process.exitCode = EXIT.failed;
    });
}

/** The same codes with the texts of a language. */
const spoken = (codes: FailureCodes, language: Language): FailureCodes => {
  const all = codes.all.map((code) => failureCodeIn(code, language));
  return { ...codes, all, byCode: new Map(all.map((code) => [code.code, code])) };
};

interface Context {
  readonly language: Language;
  readonly failureCodes: FailureCodes;
  readonly config: Config;
}

function answerTo(asked: string, context: Context): ExplainAnswer | null {
  const { language, failureCodes } = context;
  if (/^\d{4}$/.test(asked)) {
    const found = failureCodes.byCode.get(Number(asked));
    return found ? failureCodeAnswer(found, language) : null;
  }
  // `550-5.1.1` and `550 5.1.1`: what help desks show.
  const pair = /^(\d{3})[ -]#?(\d\.\d{1,3}\.\d{1,3})$/.exec(asked);
  const codes = pair
    ? [pair[2] ?? "", pair[1] ?? ""]
    : /^(?:\d{3}|[\dxX]\.\d{1,3}\.\d{1,3})$/.test(asked)
      ? [asked]
      : [];
  if (codes.length > 0) {
    const entries = codes.flatMap((code) => lookUp(code, { language }) ?? []);
    return entries.length === 0 ? null : entriesAnswer(entries, context);
  }
  if (PART_OF_STATUS.test(asked)) return null;
  const reason = REASONS.find((known) => known === asked.toLowerCase().replaceAll(/[ -]/g, "_"));
  return reason ? reasonAnswer(reason, context) : answerToRefusal(asked, context.config, context.language);
}

function entriesAnswer(entries: readonly DictionaryEntry[], { failureCodes, language }: Context): ExplainAnswer {
  const json = entries.map((entry) => ({ ...entry, failureCode: failureCodes.codeOf(entry.reason, null) }));
  return {
    isKnown: true,
    json: json.length === 1 ? json[0] : json,
    text: json
      .map((entry) => formatEntry(entry, failureCodes.byCode.get(entry.failureCode) ?? null, EXPLAIN_WORDS[language]))
      .join("\n\n"),
  };
}

function failureCodeAnswer(code: FailureCode, language: Language): ExplainAnswer {
  const reasons = code.reasons.map((reason) => {
    const [whatHappened, whatToDo] = sentencesFor(reason, { language });
    const { severity, fault, advice } = REASON_TABLE[reason];
    return { reason, severity, fault, advice, whatHappened, whatToDo };
  });
  return { isKnown: true, json: { ...code, reasons }, text: formatFailureCode(code, reasons, EXPLAIN_WORDS[language]) };
}

function reasonAnswer(reason: Reason, { language, failureCodes }: Context): ExplainAnswer {
  const [whatHappened, whatToDo] = sentencesFor(reason, { language });
  const { severity, fault, advice, status } = REASON_TABLE[reason];
  const codes = codesFor(reason, { severity, failureCodes });
  const json = { reason, severity, fault, advice, status, whatHappened, whatToDo, codes };
  return { isKnown: true, json, text: formatReason(json, EXPLAIN_WORDS[language]) };
}

const PART_OF_STATUS = /^\d\.\d{1,3}$/;

function unknownCode(asked: string): string {
  if (PART_OF_STATUS.test(asked)) return `a status has three parts, such as ${asked}.1; got ${asked}`;
  if (/^\d{4}$/.test(asked)) return `there is no failure code ${asked}; bounced explain --all lists them`;
  const meanings: Readonly<Record<string, string>> = { 2: "success", 4: "a temporary failure", 5: "a final failure" };
  const meaning = meanings[asked.charAt(0)];
  return `${asked} is in no list${meaning ? `; the ${asked.charAt(0)} in front means ${meaning}` : ""}. Paste the whole reply for a better answer`;
}

function print({ json }: Options, value: unknown, text: () => string): void {
  if (json) printJson(Array.isArray(value) ? value : [value]);
  else console.log(text());
}
