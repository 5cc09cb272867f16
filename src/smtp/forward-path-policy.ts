import { checkForwardPath } from "../return-path/check-forward-path.ts";
import { returnPathSettingsOf, type ReturnPathSettings } from "../return-path/settings.ts";
import { createGuessLimit, type GuessLimit } from "./guess-limit.ts";
import type { ForwardPathPolicy } from "./hooks.ts";
import type { SmtpLimits } from "./limits.ts";
import { REPLIES } from "./replies.ts";

/** Of the configuration. */
export interface PolicyConfig {
  readonly BOUNCED_DOMAINS: readonly string[];
  readonly BOUNCED_REQUIRE_SIGNED: boolean;
  readonly BOUNCED_SECRET: readonly string[];
  readonly file: { readonly smtp: SmtpLimits; readonly returnPath: Omit<ReturnPathSettings, "secrets"> };
}

/**
 * RCPT: whatever is wrong with an address, a stranger hears the words for one that does not exist. What it was is for
 * us alone: `bad`, `expired`, `unsigned` ...
 */
export function forwardPathPolicyOf(
  config: PolicyConfig,
  onRefused: (reason: string) => void = () => undefined,
  guesses: GuessLimit = createGuessLimit({ limits: config.file.smtp, onReached: () => undefined }),
): ForwardPathPolicy {
  const policy = {
    domains: config.BOUNCED_DOMAINS,
    requireSigned: config.BOUNCED_REQUIRE_SIGNED,
    returnPath: returnPathSettingsOf(config),
  };
  return (forwardPath, remoteAddress) => {
    const answer = checkForwardPath(forwardPath, policy, new Date());
    const { scheme } = answer.isAccepted ? answer.reading : answer;
    if (scheme === "batv" || scheme === "srs") {
      if (!guesses.mayAsk(remoteAddress)) {
        onRefused("guessing");
        return REPLIES.tooManyGuesses;
      }
      if (!answer.isAccepted && answer.reason === "bad") guesses.countBad(remoteAddress);
    }
    if (answer.isAccepted) return null;
    onRefused(answer.reason);
    return REPLIES.unknownRecipient;
  };
}
