import { asciiDomainOf } from "../addresses/domain.ts";
import { dayOf } from "./days.ts";
import { splitAddress } from "./reading.ts";
import type { ReturnPathSettings } from "./settings.ts";
import { createSigned } from "./signed.ts";
import { createToken } from "./token.ts";
import { createVerp } from "./verp.ts";

export interface ReturnPathRequest {
  /** The bounce domain, whose MX leads to this service. */
  readonly domain: string;
  /** Whom the mail goes to. Without it a report can name anyone. */
  readonly recipient?: string | undefined;
  /** Your own id of the mail or the campaign; comes back as `returnPath.tag`. */
  readonly tag?: string | undefined;
  /** `token`: no address, but what a header may carry (../proof/token.ts). @defaultValue "signed" */
  readonly scheme?: "signed" | "verp" | "token" | undefined;
}

/**
 * A return path for one message to one recipient. Throws RangeError, saying what is too long or missing, where no
 * valid address of at most 64 octets before the `@` can be made.
 */
export function createReturnPath(
  { domain, recipient, tag, scheme = "signed" }: ReturnPathRequest,
  settings: ReturnPathSettings,
  now: Date | string,
): string {
  const day = dayOf(now);
  if (day === null) throw new RangeError(`not a date: ${String(now)}`);
  const host = asciiDomainOf(`@${domain}`);
  if (!host || !/^[\w.-]+$/.test(host)) throw new RangeError(`not a domain: ${domain}`);
  if (recipient !== undefined && !splitAddress(recipient)) throw new RangeError(`not an address: ${recipient}`);
  if (scheme === "token") {
    if (recipient === undefined) throw new RangeError("a token needs a recipient");
    return createToken({ recipient, tag }, settings, now);
  }
  if (scheme === "signed")
    return createSigned({ domain: host, recipient: recipient ?? null, tag: tag ?? null, day }, settings);
  if (recipient === undefined) throw new RangeError("a VERP address needs a recipient");
  if (tag !== undefined) throw new RangeError("a VERP address has no room for a tag");
  return createVerp({ domain: host, recipient }, settings);
}
