import type { Config } from "../config.ts";
import { checkForwardPath } from "../core/return-path/check-forward-path.ts";
import { returnPathSettingsOf } from "../return-path.ts";
import type { ForwardPathPolicy } from "./hooks.ts";
import { REPLIES } from "./replies.ts";

/** RCPT: whatever is wrong with an address, a stranger hears the words for one that does not exist. */
export function forwardPathPolicyOf(
  config: Pick<Config, "BOUNCED_DOMAINS" | "BOUNCED_REQUIRE_SIGNED" | "BOUNCED_SECRET" | "file">,
): ForwardPathPolicy {
  const policy = {
    domains: config.BOUNCED_DOMAINS,
    requireSigned: config.BOUNCED_REQUIRE_SIGNED,
    returnPath: returnPathSettingsOf(config),
  };
  return (forwardPath) =>
    checkForwardPath(forwardPath, policy, new Date()).isAccepted ? null : REPLIES.unknownRecipient;
}
