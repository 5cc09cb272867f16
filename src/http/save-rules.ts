/** Saving and removing rules: the same for the pages and the API. */
import { messageOf } from "../machine/error-message.ts";
import { RuleError } from "../core/index.ts";
import type { RuleProblem } from "../rules/check-rules.ts";
import { readOwnRules } from "../rules/load-rules.ts";
import { editSavedRules, readSavedRules, type RuleChange, type SavedRulesEdit } from "../rules/saved-rules.ts";
import type { HttpContext } from "./context.ts";
import { Problem } from "./problems.ts";
import { checkAmongOwn, parseRules } from "./rule-trial.ts";

export interface SaveOptions {
  readonly actor: string;
  /** Of the saved rules as they were looked at; a save over somebody else's is refused. Undefined: save in any case. */
  readonly version: string | undefined;
}

export interface SavedNow {
  readonly changes: readonly RuleChange[];
  /** Doubts that do not stand in the way. */
  readonly warnings: readonly RuleProblem[];
}

/** In force at once here, within seconds in the other processes of this machine. Throws Problem saying what is wrong. */
export function saveRules(
  context: Pick<HttpContext, "config" | "now" | "reading" | "reloadRules">,
  text: string,
  options: SaveOptions,
): SavedNow {
  const put = parseRules(text);
  const twice = put.find(({ id }, index) => put.some((other, at) => at > index && other.id === id));
  if (twice) throw new Problem("badRequest", `two rules are called ${twice.id}`);
  const files = new Set(readOwnRules(context.config).files.map(({ id }) => id));
  const elsewhere = put.find(({ id }) => files.has(id));
  if (elsewhere)
    throw new Problem(
      "conflict",
      `${elsewhere.id} is a rule of ${context.config.BOUNCED_RULES}: edit it there, or give this one another id.`,
    );
  const { findings } = checkAmongOwn(context, put);
  const errors = findings.filter(({ level }) => level === "error");
  if (errors.length > 0)
    throw new Problem("badRequest", errors.map(({ rule, problem }) => `${rule}: ${problem}`).join("; "), {
      issues: errors.map(({ rule, problem }) => ({ field: rule, message: problem })),
    });
  return { changes: write(context, { put, remove: [] }, options), warnings: findings };
}

export function removeRule(
  context: Pick<HttpContext, "config" | "now" | "reloadRules">,
  id: string,
  options: SaveOptions,
): readonly RuleChange[] {
  const changes = write(context, { put: [], remove: [id] }, options);
  if (changes.length === 0) throw new Problem("notFound", `No saved rule is called ${id}.`);
  return changes;
}

function write(
  context: Pick<HttpContext, "config" | "now" | "reloadRules">,
  edit: SavedRulesEdit,
  { actor, version }: SaveOptions,
): readonly RuleChange[] {
  const { dataDir } = context.config;
  if (version !== undefined && version !== readSavedRules(dataDir).version)
    throw new Problem("conflict", "Somebody changed the saved rules meanwhile. Look at them, then save again.");
  try {
    const changes = editSavedRules(dataDir, edit, { actor, now: context.now() });
    context.reloadRules();
    return changes;
  } catch (cause) {
    if (cause instanceof RuleError) throw new Problem("badRequest", cause.message, { cause });
    throw new Problem("unavailable", `The rules cannot be written below ${dataDir}: ${messageOf(cause)}`, { cause });
  }
}
