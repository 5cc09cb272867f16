/** What goes into classification and what comes out. Pure records; classify.ts is the function between them. */
import type { Advice, Evidence, Fault, Reason, Severity } from "../../event/event.ts";
import type { ReportKind } from "../report/report.ts";
import type { Action, SmtpCommand } from "../../event/smtp.ts";

/** Everything known of one refusal. `null`: not known. */
export interface Refusal {
  /** Diagnostic text, unfolded to one line. */
  readonly text: string | null;
  /** As the report said; a status inside `text` is found by classification itself. */
  readonly status: string | null;
  readonly replyCode: number | null;
  readonly smtpCommand: SmtpCommand | null;
  readonly remoteMta: string | null;
  readonly reportingMta: string | null;
  readonly software: string | null;
  readonly recipientDomain: string | null;
  readonly action: Action | null;
  /** null: no format knew the message. */
  readonly kind: ReportKind | null;
  /** The human part of the report, bounded; weaker evidence than `text`. */
  readonly prose: string | null;
}

export interface Verdict {
  readonly reason: Reason;
  /** e.g. `expired` where the last remote reply is the real cause. */
  readonly secondaryReason: Reason | null;
  readonly severity: Severity;
  readonly fault: Fault;
  readonly advice: Advice;
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  readonly provider: string | null;
  readonly derivedStatus: string | null;
}

/** False where no code, no rule and no wording decided: at best the learned model guessed from the look of the text. */
export const saysSomething = ({ evidence }: Pick<Verdict, "evidence">): boolean =>
  evidence.some(({ source }) => source !== "none" && source !== "model");
