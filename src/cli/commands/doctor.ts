import { Command } from "commander";
import { ConfigError } from "../../config/config.ts";
import { fail, type CheckState, type Finding } from "../../doctor/check.ts";
import { openResolver, runChecks } from "../../doctor/run.ts";
import { loadConfigOfAny } from "../../client/find-service.ts";
import { EXIT, UsageError } from "../exit-status.ts";
import { count, JSON_HELP, paint, print, printJson } from "../terminal.ts";
import { wrap } from "../wrap.ts";

const MARK: Readonly<Record<CheckState, string>> = {
  ok: paint.green("ok  "),
  warn: paint.yellow("warn"),
  fail: paint.red("FAIL"),
  skip: paint.dim("skip"),
};

/** `bounced doctor`: what is right, what is not, and what to do about it. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "Check Redis, log, DNS, ports, TLS, disk, rules, tokens, webhooks and keys; say what to do. Exits with 1 if a check failed.",
    )
    .option("--json", `${JSON_HELP}: { id, state, found, todo }`)
    .option("--dns <address>", "Ask this name server instead of the system's, e.g. 192.0.2.53 or 192.0.2.53:5353")
    .action(async (options: { json?: boolean; dns?: string }) => {
      const findings = await check(options.dns);
      if (options.json) printJson(findings);
      else show(findings);
      if (findings.some(({ state }) => state === "fail")) process.exitCode = EXIT.failed;
    });
}

/** Settings that cannot be read are a finding like any other: everything else depends on them. */
async function check(dns: string | undefined): Promise<readonly Finding[]> {
  const resolver = resolverAt(dns);
  try {
    return await runChecks(loadConfigOfAny(), { resolver });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [fail("settings", error.message, "correct it; bounced config lists every setting")];
  }
}

function resolverAt(dns: string | undefined): ReturnType<typeof openResolver> {
  try {
    return openResolver(dns);
  } catch (cause) {
    throw new UsageError(`--dns ${dns}: not the address of a name server`, { cause });
  }
}

const HANG = " ".repeat(6);

function show(findings: readonly Finding[]): void {
  for (const { id, state, found, todo } of findings) {
    for (const [index, line] of `${paint.bold(id)}: ${found}`.split("\n").entries())
      print(wrap(`${index === 0 ? `${MARK[state]}  ` : HANG}${line}`, HANG));
    if (todo) print(wrap(`${HANG}${paint.dim("→")} ${todo}`, `${HANG}  `));
  }
  const number = (state: CheckState): number => findings.filter((each) => each.state === state).length;
  print(`\n${number("fail")} failed, ${count(number("warn"), "warning")}, ${number("ok")} passed.`);
}
