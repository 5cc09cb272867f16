/** `bounced rules`: check the rules you wrote, and see which rule decides about a refusal. */
import { Command } from "commander";
import { loadConfigOfAny } from "../../client/find-service.ts";
import { accountFor, emptyRefusal, findReplyCode, type Rule, type RuleSet, sayFact } from "../../core/index.ts";
import { explanationOf } from "../../explanations/explanation.ts";
import { checkRules } from "../../rules/check-rules.ts";
import { compileOwn, compileWith, loadRules, readOwnRules } from "../../rules/load-rules.ts";
import { BUILT_IN_RULES, readRuleFiles } from "../../rules/read-rule-files.ts";
import { EXIT } from "../exit-status.ts";
import { formatTable } from "../table.ts";
import { count, JSON_HELP, onOneLine, paint, print, printJson } from "../terminal.ts";
import { wrap } from "../wrap.ts";

export function rulesCommand(): Command {
  const command = new Command("rules").description("Check the rules you wrote, and show which rule decides.");
  command
    .command("check")
    .description("Check schema, dead rules, examples lost to another rule, ambiguous pairs, slow patterns.")
    .argument("[path]", "Rule file or folder of them; default: your own rules, else the built-in ones")
    .option("--json", JSON_HELP)
    .action((path: string | undefined, { json }: { readonly json?: boolean }) => {
      const { own, rules } = read(path);
      const findings = checkRules(own, rules);
      if (json) printJson([{ rules: own.length, findings }]);
      else {
        for (const { level, rule, problem } of findings)
          print(
            wrap(
              `${level === "error" ? paint.red("error  ") : paint.yellow("warning")} ${rule}: ${problem}`,
              "        ",
            ),
          );
        const examples = own.reduce((sum, { examples }) => sum + examples.length, 0);
        print([count(own.length, "rule"), count(examples, "example"), count(findings.length, "finding")].join(", "));
      }
      if (findings.some(({ level }) => level === "error")) process.exitCode = EXIT.failed;
    });
  command
    .command("test")
    .description("Show which rules match a refusal, which wins, and why.")
    .argument("<text...>", 'Text of the refusal, e.g. "550 5.7.1 …"')
    .option("--remote-mta <host>", "Server that refused")
    .option("--status <x.y.z>", "Status that the report gave")
    .option("--rules <path>", "Rule file or folder; default: your own rules")
    .option("--json", JSON_HELP)
    .addHelpText("after", `\nExample:\n  bounced rules test "550 5.7.1 Client host blocked using zen.spamhaus.org"`)
    .action((words: readonly string[], options: TestOptions) => {
      const { rules } = read(options.rules);
      printTest(words.join(" "), options, rules);
    });
  return command;
}

interface TestOptions {
  readonly remoteMta?: string;
  readonly status?: string;
  readonly rules?: string;
  readonly json?: boolean;
}

/** Without a path: the files of BOUNCED_RULES and the saved rules; where there are none, the built-in rules. */
function read(path: string | undefined): { readonly own: readonly Rule[]; readonly rules: RuleSet } {
  if (path !== undefined) {
    const own = readRuleFiles(path).flatMap(({ rules }) => rules);
    return { own, rules: compileWith(own) };
  }
  const places = readOwnRules(loadConfigOfAny());
  const own = [...places.files, ...places.saved];
  if (own.length > 0) return { own, rules: compileOwn(places) };
  return { own: readRuleFiles(BUILT_IN_RULES).flatMap(({ rules }) => rules), rules: loadRules() };
}

function printTest(text: string, options: TestOptions, rules: RuleSet): void {
  const refusal = {
    ...emptyRefusal,
    text,
    status: options.status ?? null,
    remoteMta: options.remoteMta ?? null,
    replyCode: findReplyCode(text),
  };
  const { verdict, facts, candidates, changes } = accountFor(refusal, rules);
  const because = new Map(rules.rules.map(({ rule }) => [rule.id, rule.because]));
  const [won] = verdict.evidence;
  if (options.json) {
    const matched = candidates.map(({ name, source, reason, band }) => ({ rule: name, source, reason, band }));
    printJson([{ verdict, facts, matched, changes }]);
    return;
  }
  const rows = candidates.map(({ name, reason, band, fact }) => [
    name === won?.rule ? paint.green("✓") : "",
    name,
    reason,
    band,
    because.get(name) ?? (fact ? `${sayFact(fact)}, as in "${fact.cell.example}"` : "what the code stands for"),
  ]);
  if (candidates.length === 0) print("No rule, no word and no code says anything about this text.");
  else print(formatTable(["", "evidence", "reason", "worth", "because"], rows));
  const second = verdict.secondaryReason === null ? "" : ` (and ${verdict.secondaryReason})`;
  print(`${verdict.severity}  ${verdict.reason}${second}  confidence ${verdict.confidence}`);
  if (won?.text) print(wrap(`decided by "${onOneLine(won.text, 200)}"`));
  for (const change of changes) print(wrap(change));
  print(wrap(explanationOf(verdict.reason, { language: "en", provider: verdict.provider })));
}
