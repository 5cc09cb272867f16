/** What `bounced replay` prints: what became of each message. */
import type { Config } from "../config/config.ts";
import { domainOf } from "../addresses/domain.ts";
import { EXIT } from "./exit-status.ts";
import { formatTable, shorten } from "./table.ts";
import { onOneLine, paint, print, printJson } from "./terminal.ts";

export interface ReplayOptions {
  readonly to?: string;
  readonly queue?: boolean;
  readonly from: string;
  readonly rcpt?: string;
  readonly wait: string;
  readonly json?: boolean;
}

export interface Outcome {
  readonly path: string;
  readonly forwardPath: string;
  /** The listener's answer, or why there was none. */
  readonly reply: string;
  readonly accepted: boolean;
  /** `done`, `waiting`, `quarantine`, `refused`. */
  readonly state: string;
  readonly events: readonly {
    /** Whom the report names. */
    readonly recipient: string | null;
    /** Whom the signed forward-path proves that we wrote to: the same for every recipient of a report. */
    readonly mailed: string | null;
    readonly outcome: string;
    readonly queues: readonly string[];
  }[];
}

/** The listener's 550 is for strangers, and does not say which setting it follows. */
function hintAt({ rcpt, to, queue }: ReplayOptions, { BOUNCED_DOMAINS: domains }: Config): void {
  const domain = domainOf(rcpt ?? "");
  if (domain === null || to !== undefined || queue || domains.includes(domain)) return;
  process.stderr.write(
    `bounced: the listener accepts mail for BOUNCED_DOMAINS=${domains.join(",")}, and ${domain} is none of them.\n`,
  );
}

export function printOutcomes(outcomes: readonly Outcome[], options: ReplayOptions, config: Config): void {
  if (options.json) printJson(outcomes);
  else {
    const rows = outcomes.flatMap(({ path, state, reply, events }) => {
      const name = shorten(path.split("/").slice(-2).join("/"), 44);
      if (events.length === 0) return [[name, paint.red(state), "-", "-", onOneLine(reply, 80)]];
      return events.map(({ recipient, outcome, queues }) => [
        name,
        state,
        recipient ?? "-",
        outcome,
        queues.join(", ") || "(dropped)",
      ]);
    });
    print(formatTable(["message", "state", "recipient", "event", "queue"], rows));
  }
  const refused = outcomes.filter(({ accepted }) => !accepted).length;
  if (refused > 0) hintAt(options, config);
  const open = outcomes.filter(({ state }) => state === "waiting").length;
  if (!options.json) print(`\n${outcomes.length} sent, ${refused} refused, ${open} not yet read`);
  if (refused > 0 || open > 0) process.exitCode = EXIT.failed;
}
