/** What callers hand in, each checked by itself: a bad one costs nobody else anything. */
import { issueWords } from "../config/issue-words.ts";
import { type ReportedRefusal, reportedRefusalSchema } from "../core/index.ts";

/** Of one request. */
export const MAX_REFUSALS = 1000;

/** Why one was not accepted, and what to change. */
export interface RefusalIssue {
  /** Its place in what was handed in. */
  readonly index: number;
  /** `""`: the whole item. */
  readonly field: string;
  readonly message: string;
}

export interface AcceptedRefusals {
  readonly accepted: number;
  /** Those among them that are counted and become no event. */
  readonly deliveries: number;
  /** Of their events, in the order of the items; null in place of a delivery, and of one that was not accepted. */
  readonly ids: readonly (string | null)[];
  readonly errors: readonly RefusalIssue[];
}

export interface CheckedRefusals {
  /** In their order; null in place of a bad one. */
  readonly refusals: readonly (ReportedRefusal | null)[];
  /** At least one of each bad one. */
  readonly issues: readonly RefusalIssue[];
}

export function checkRefusals(items: readonly unknown[]): CheckedRefusals {
  const issues: RefusalIssue[] = [];
  const refusals = items.map((item, index) => {
    const { data, error } = reportedRefusalSchema.safeParse(item);
    for (const issue of error?.issues ?? [])
      issues.push({ index, field: issue.path.join("."), message: issueWords(issue, reportedRefusalSchema) });
    return data ?? null;
  });
  return { refusals, issues };
}
