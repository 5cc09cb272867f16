import { promises as dns } from "node:dns";
import type { Config } from "../config.ts";
import { messageOf } from "../error-message.ts";
import { fail, type Check, type Finding, type Resolver } from "./check.ts";
import { checkDns } from "./dns.ts";
import { checkRedis } from "./redis.ts";
import { checkDisk, checkListener, checkPort25, checkRuleFiles, checkSecret, checkTls } from "./machine.ts";

const CHECKS: Readonly<Record<string, Check>> = {
  redis: checkRedis,
  disk: checkDisk,
  listener: checkListener,
  port: checkPort25,
  dns: checkDns,
  tls: checkTls,
  keys: checkSecret,
  rules: checkRuleFiles,
};

/** Runs every check at once; findings come in the fixed order of the table above. */
export async function runChecks(config: Config, resolver: Resolver = dns): Promise<readonly Finding[]> {
  const context = { config, resolver, now: Date.now() };
  const found = await Promise.all(
    Object.entries(CHECKS).map(([name, check]) =>
      check(context).catch((error: unknown) => [
        fail(name, `the check itself failed: ${messageOf(error)}`, "run with BOUNCED_LOG_LEVEL=debug"),
      ]),
    ),
  );
  return found.flat();
}
