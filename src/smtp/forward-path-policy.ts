import type { Config } from "../config/config.ts";
import { checkForwardPath } from "../core/return-path/check-forward-path.ts";
import { returnPathSettingsOf } from "../client/return-path.ts";
import { createGuessLimit, type GuessLimit } from "./guess-limit.ts";
import type { ForwardPathPolicy } from "./hooks.ts";
import { REPLIES } from "./replies.ts";

/**
 * RCPT: whatever is wrong with an address, a stranger hears the words for one that does not exist. What it was is for
 * us alone: `bad`, `expired`, `unsigned` ...
 */
export function forwardPathPolicyOf(
  config: Pick<Config, "BOUNCED_DOMAINS" | "BOUNCED_REQUIRE_SIGNED" | "BOUNCED_SECRET" | "file">,
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
