import { promises as dns } from "node:dns";
import type { Config } from "../config/config.ts";
import { messageOf } from "../machine/error-message.ts";
import { fail, type Check, type CheckContext, type Finding } from "./check.ts";
import { checkDns } from "./dns.ts";
import { checkHelpDesks } from "./help-desks.ts";
import { checkHttp, checkTokens } from "./http.ts";
import { checkListener, checkPort25, checkSecret, checkTls } from "./listener.ts";
import { checkClock, checkDisk, checkOwnRules } from "./machine.ts";
import { checkLoops } from "./loops.ts";
import { checkProviderWebhooks } from "./provider-webhooks.ts";
import { checkQueues } from "./queues.ts";
import { checkRedis } from "./redis.ts";
import { checkSignIn } from "./sign-in.ts";
import { checkStore } from "./store.ts";
import { checkSync } from "./sync.ts";
import { checkViewMails } from "./view-mails.ts";
import { checkWebhooks } from "./webhooks.ts";

const CHECKS: Readonly<Record<string, Check>> = {
  redis: checkRedis,
  queues: checkQueues,
  store: checkStore,
  loops: checkLoops,
  disk: checkDisk,
  clock: checkClock,
  listener: checkListener,
  port: checkPort25,
  dns: checkDns,
  tls: checkTls,
  keys: checkSecret,
  rules: checkOwnRules,
  tokens: checkTokens,
  http: checkHttp,
  signIn: checkSignIn,
  webhooks: checkWebhooks,
  helpDesks: checkHelpDesks,
  providers: checkProviderWebhooks,
  sync: checkSync,
  mail: checkViewMails,
};

/** A name server that does not answer costs seconds, not minutes. */
const RESOLVER = { timeout: 2000, tries: 2 } as const;
const MX_PORT = 25;

/** The system's name servers, or this one: `192.0.2.53` or `192.0.2.53:5353`. Throws where that is no address. */
export function openResolver(server?: string): CheckContext["resolver"] {
  const resolver = new dns.Resolver(RESOLVER);
  if (server !== undefined) resolver.setServers([server]);
  return resolver;
}

/** Runs every check at once; findings come in the fixed order of the table above. */
export async function runChecks(
  config: Config,
  { resolver = openResolver(), mxPort = MX_PORT }: Partial<CheckContext> = {},
): Promise<readonly Finding[]> {
  const context = { config, resolver, mxPort, now: Date.now() };
  const found = await Promise.all(
    Object.entries(CHECKS).map(([name, check]) =>
      check(context).catch((error: unknown) => [
        fail(name, `the check itself failed: ${messageOf(error)}`, "run with BOUNCED_LOG_LEVEL=debug"),
      ]),
    ),
  );
  return found.flat();
}
