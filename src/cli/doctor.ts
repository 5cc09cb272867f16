import { Command } from "commander";
import pc from "picocolors";
import { loadConfig } from "../config.ts";
import type { CheckState } from "../doctor/check.ts";
import { runChecks } from "../doctor/run.ts";

const MARK: Readonly<Record<CheckState, string>> = {
  ok: pc.green("ok  "),
  warn: pc.yellow("warn"),
  fail: pc.red("FAIL"),
  skip: pc.dim("skip"),
};

/** `bounced doctor`: what is right, what is not, and what to do about it. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "Check Redis, DNS, TLS, ports, disk and settings; say what to do. Exits with 1 if something must be mended.",
    )
    .option("--json", "as JSON")
    .action(async (options: { json?: boolean }) => {
      const findings = await runChecks(loadConfig());
      if (options.json) console.log(JSON.stringify(findings, null, 2));
      else
        for (const { id, state, found, todo } of findings) {
          console.log(`${MARK[state]}  ${pc.bold(id)}: ${found}`);
          if (todo) console.log(`      ${pc.dim("→")} ${todo}`);
        }
      if (findings.some(({ state }) => state === "fail")) process.exitCode = 1;
    });
}
