/** Tokens and unsubscribe headers for programs that send mail: keys come from the settings unless given. */
import { createToken as create, type TokenRequest } from "../return-path/token.ts";
import { checkOptions, checkText } from "./check-options.ts";
import { createReturnPath, keysOf, readReturnPath, settingsOnce, type ReturnPathOptions } from "./return-path.ts";

export type CreateTokenOptions = TokenRequest & ReturnPathOptions;

/**
 * What a message to one recipient may carry in `CFBL-Feedback-ID`, `Feedback-ID`, `X-Bounced-Token`, List-Unsubscribe
 * or the left side of its Message-ID: `createToken({ recipient: "user@example.org", tag: "campaign-42" })`. A report
 * that shows it is about that recipient, even where the reporter has blacked out the address. Letters and digits only.
 * Throws RangeError where none can be made, e.g. for a recipient and a tag that are too long.
 */
export function createToken(options: CreateTokenOptions): string {
  checkOptions("createToken", options, TOKEN_OPTIONS);
  checkText("createToken", "recipient", options.recipient);
  return tokenFor(options);
}

const TOKEN_OPTIONS = ["recipient", "tag", "secrets", "now"];

const tokenFor = ({ recipient, tag, secrets, now = new Date() }: CreateTokenOptions): string =>
  create({ recipient, tag }, keysOf(secrets), now);

export type CreateUnsubscribeOptions = CreateTokenOptions & {
  /** Under which `/u/<token>` of the service is reachable. @defaultValue `unsubscribe.url` in bounced.yaml */
  readonly url?: string;
  /** The bounce domain. @defaultValue the first of BOUNCED_DOMAINS */
  readonly domain?: string;
};

/** Headers of a message to one recipient; sign both with DKIM, RFC 8058 section 4. */
export type UnsubscribeHeaders = {
  readonly "List-Unsubscribe": string;
  readonly "List-Unsubscribe-Post": string;
};

/**
 * One-click unsubscribing, RFC 8058: `createUnsubscribe({ recipient: "user@example.org", tag: "newsletter" })`. Whoever
 * uses either address unsubscribes this recipient, from this tag where suppressions are kept by tag. Throws RangeError
 * without a url, and where no token can be made.
 */
export function createUnsubscribe(options: CreateUnsubscribeOptions): UnsubscribeHeaders {
  checkOptions("createUnsubscribe", options, [...TOKEN_OPTIONS, "url", "domain"]);
  checkText("createUnsubscribe", "recipient", options.recipient);
  const { url, ...request } = options;
  const config = settingsOnce();
  const base = (url ?? config.file.unsubscribe.url)?.replace(/\/+$/, "");
  if (!base) throw new RangeError("no address to unsubscribe at: set unsubscribe.url in bounced.yaml, or give url");
  const token = tokenFor(request);
  return {
    "List-Unsubscribe": `<${base}/u/${token}>, <mailto:${mailtoFor(token, request)}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}

/** A signed return path where it has room for the recipient: it is let in where everything else is refused. */
function mailtoFor(token: string, { domain, recipient, tag, ...keys }: Omit<CreateUnsubscribeOptions, "url">): string {
  const host = domain ?? settingsOnce().BOUNCED_DOMAINS[0] ?? "localhost";
  try {
    const address = createReturnPath({ domain: host, recipient, tag, ...keys });
    if (readReturnPath(address, keys)?.recipient) return `${address}?subject=unsubscribe`;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
  }
  return `unsubscribe@${host}?subject=unsubscribe%20${token}`;
}
