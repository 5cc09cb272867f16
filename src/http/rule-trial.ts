/** Rules on trial: are they good, and what would they decide of the past. */
import { load as parseYaml } from "js-yaml";
import { z } from "zod";
import { classify, type Rule, RuleError, ruleSchema, type RuleSet } from "../core/index.ts";
import type { Reason } from "../event/event.ts";
import { countedBy } from "../event/credible.ts";
import { messageOf } from "../machine/error-message.ts";
import { checkRules, type RuleProblem } from "../rules/check-rules.ts";
import { compileWith, readOwnRules } from "../rules/load-rules.ts";
import { withEdit } from "../rules/saved-rules.ts";
import type { LogFilter } from "../store/log/log-query.ts";
import { recordedRefusal } from "../store/reclassify/reread.ts";
import type { HttpContext } from "./context.ts";
import { Problem } from "./problems.ts";

/** Length of a rule file's text that is taken, and of rules in it. */
export const MAX_RULES_TEXT = 200_000;
const MAX_RULES = 200;
const EXAMPLES = 5;
/** Classified in a row before others have their turn. */
const AT_A_TIME = 100;

/** Text of a rule file. Throws Problem saying what is wrong with it. */
export function parseRules(text: string): readonly Rule[] {
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch (cause) {
    throw new Problem("badRequest", `not YAML: ${messageOf(cause)}`, { cause });
  }
  const parsed = z.array(ruleSchema).min(1).max(MAX_RULES).safeParse(document);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ field: `rules.${path.join(".")}`, message }));
  throw new Problem("badRequest", issues.map(({ field, message }) => `${field}: ${message}`).join("; "), { issues });
}

export interface CheckedRules {
  /** The whole set as it would be with them. */
  readonly rules: RuleSet;
  /** About them, and about rules of the installation that they newly spoil. */
  readonly findings: readonly RuleProblem[];
}

/** What `bounced rules check` says of them, among the installation's own rules; one of the same id is replaced. */
export function checkAmongOwn(
  { config, reading }: Pick<HttpContext, "config" | "reading">,
  trial: readonly Rule[],
): CheckedRules {
  const ids = new Set(trial.map(({ id }) => id));
  try {
    const { files, saved } = readOwnRules(config);
    const inFiles = new Set(files.map(({ id }) => id));
    const present = [...files, ...saved.filter(({ id }) => !inFiles.has(id))];
    const rules = compileWith(withEdit(present, { put: trial, remove: [] }));
    const known = new Set(checkRules(present, reading().rules).map(keyOf));
    const others = present.filter(({ id }) => !ids.has(id));
    return {
      rules,
      findings: [
        ...checkRules(trial, rules),
        ...checkRules(others, rules).filter((finding) => finding.level === "error" && !known.has(keyOf(finding))),
      ],
    };
  } catch (cause) {
    if (cause instanceof RuleError) throw new Problem("badRequest", cause.message, { cause });
    throw cause;
  }
}

const keyOf = ({ rule, problem }: RuleProblem): string => `${rule} ${problem}`;

export interface RuleTrial {
  readonly rules: number;
  readonly findings: readonly RuleProblem[];
  /** Diagnostics of the log that were tried. */
  readonly tried: number;
  /** Of these, decided by one of the rules on trial. */
  readonly decided: number;
  readonly moves: readonly {
    readonly from: Reason;
    readonly to: Reason;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
}

/** What the rules would decide of the newest diagnostics of the filter. */
export async function tryRules(
  context: Pick<HttpContext, "config" | "reading" | "store">,
  text: string,
  filter: LogFilter,
  atMost: number,
  signal?: AbortSignal,
): Promise<RuleTrial> {
  const trial = parseRules(text);
  const { rules, findings } = checkAmongOwn(context, trial);
  const ids = new Set(trial.map(({ id }) => id));
  const moves = new Map<string, { from: Reason; to: Reason; count: number; examples: string[] }>();
  let tried = 0;
  let decided = 0;
  const refusals = context.store.iterate({ kind: ["bounce", "delay"], ...countedBy(filter) }, signal);
  for await (const { event } of refusals) {
    if (tried >= atMost) break;
    if (!event.diagnostic) continue;
    tried += 1;
    if (tried % AT_A_TIME === 0) await new Promise(setImmediate);
    const { reason, evidence } = classify(recordedRefusal(event), { rules });
    if (!ids.has(evidence[0]?.rule ?? "")) continue;
    decided += 1;
    const move = moves.get(`${event.reason} ${reason}`) ?? { from: event.reason, to: reason, count: 0, examples: [] };
    moves.set(`${event.reason} ${reason}`, move);
    move.count += 1;
    if (move.examples.length < EXAMPLES && !move.examples.includes(event.diagnostic.text))
      move.examples.push(event.diagnostic.text);
  }
  return {
    rules: trial.length,
    findings,
    tried,
    decided,
    moves: [...moves.values()].sort((a, b) => b.count - a.count),
  };
}
