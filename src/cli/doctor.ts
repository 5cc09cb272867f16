import { Command } from "commander";
import pc from "picocolors";
import { ConfigError, loadConfig } from "../config.ts";
import { fail, type CheckState, type Finding } from "../doctor/check.ts";
import { openResolver, runChecks } from "../doctor/run.ts";

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
      "Check Redis, log, DNS, ports, TLS, disk, rules, tokens, webhooks and keys; say what to do. Exits with 1 if something must be mended.",
    )
    .option("--json", "as JSON: a list of { id, state, found, todo }")
    .option("--dns <address>", "ask this name server instead of the system's, e.g. 192.0.2.53 or 192.0.2.53:5353")
    .action(async function (this: Command, options: { json?: boolean; dns?: string }) {
      const findings = await check(options.dns).catch((error: unknown) => {
        if (error instanceof TypeError) this.error(`error: --dns ${options.dns}: not the address of a name server`);
        throw error;
      });
      if (options.json) console.log(JSON.stringify(findings, null, 2));
      else print(findings);
      if (findings.some(({ state }) => state === "fail")) process.exitCode = 1;
    });
}

/** Settings that cannot be read are a finding like any other: everything else depends on them. */
async function check(dns: string | undefined): Promise<readonly Finding[]> {
  const resolver = openResolver(dns);
  try {
    return await runChecks(loadConfig(), { resolver });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [fail("settings", error.message, "correct it; bounced config lists every setting")];
  }
}

function print(findings: readonly Finding[]): void {
  for (const { id, state, found, todo } of findings) {
    console.log(`${MARK[state]}  ${pc.bold(id)}: ${found.replaceAll("\n", "\n      ")}`);
    if (todo) console.log(`      ${pc.dim("→")} ${todo}`);
  }
  const count = (state: CheckState): number => findings.filter((each) => each.state === state).length;
  const warnings = count("warn");
  const parts = [
    `${count("fail")} failed`,
    `${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
    `${count("ok")} passed`,
  ];
  console.log(`\n${parts.join(", ")}.`);
}
