/** `gmial.com` -> `gmail.com`: what a domain that takes no mail may have been meant to be. Nothing acts on it. */
import type { Reason } from "../../event/event.ts";
import { COMMON_DOMAINS } from "../knowledge/common-domains.ts";

const KNOWN: ReadonlySet<string> = new Set(COMMON_DOMAINS);
const MAX_LENGTH = Math.max(...COMMON_DOMAINS.map(({ length }) => length)) + 1;

/** The domain is not there, or says that it takes no mail. */
const UNREACHABLE: ReadonlySet<Reason> = new Set(["domain_unknown", "domain_no_mail"]);

export const suggestionFor = (reason: Reason, domain: string | null): string | null =>
  domain !== null && UNREACHABLE.has(reason) ? suggestDomain(domain) : null;

/**
 * The most common domain that is one edit away: a letter too many, missing or wrong, or two neighbours swapped. Null
 * where there is none, or the domain is a common one itself.
 */
export function suggestDomain(domain: string): string | null {
  if (domain.length > MAX_LENGTH || KNOWN.has(domain)) return null;
  return COMMON_DOMAINS.find((common) => isOneEdit(domain, common)) ?? null;
}

/** Names as short as `qq` and `gmx` are one letter from names of others. */
const SHORT_NAME = 3;

function isOneEdit(typed: string, common: string): boolean {
  const longer = typed.length - common.length;
  if (longer < -1 || longer > 1) return false;
  let start = 0;
  while (start < typed.length && typed[start] === common[start]) start++;
  let end = 0;
  const rest = Math.min(typed.length, common.length) - start;
  while (end < rest && typed[typed.length - 1 - end] === common[common.length - 1 - end]) end++;
  const typedPart = typed.slice(start, typed.length - end);
  const commonPart = common.slice(start, common.length - end);
  const isSwap = typedPart.length === 2 && typedPart[0] === commonPart[1] && typedPart[1] === commonPart[0];
  if (isSwap) return true;
  if (typedPart.length > 1 || commonPart.length > 1) return false;
  const name = common.indexOf(".");
  return name > SHORT_NAME || start > name || longer === 1;
}
