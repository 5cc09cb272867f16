/** Tokens for programs that send mail: keys come from the settings unless given. */
import { createToken as create, type TokenRequest } from "../core/proof/token.ts";
import { keysOf, type ReturnPathOptions } from "./return-path.ts";

export type CreateTokenOptions = TokenRequest & ReturnPathOptions;

/**
 * What a message to one recipient may carry in `CFBL-Feedback-ID`, `Feedback-ID`, `X-Bounced-Token`, List-Unsubscribe
 * or the left side of its Message-ID: `createToken({ recipient: "user@example.org", tag: "campaign-42" })`. A report
 * that shows it is about that recipient, even where the reporter has blacked out the address. Letters and digits only.
 * Throws RangeError where none can be made, e.g. for a recipient and a tag that are too long.
 */
export function createToken({ secrets, now = new Date(), ...request }: CreateTokenOptions): string {
  return create(request, keysOf(secrets), now);
}
