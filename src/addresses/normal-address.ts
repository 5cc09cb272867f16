/** The one form in which addresses are compared, stored and searched. */
import { domainToASCII } from "node:url";
import { foldCase } from "./fold-case.ts";

/** Longest text that is searched, in UTF-16 units; the event itself keeps all of it. */
export const MAX_SEARCHED = 2000;

/** Without NUL (PostgreSQL refuses it) and lone surrogates (SQLite would store other bytes). */
const stored = (text: string): string => text.replaceAll("\0", "").toWellFormed();

/** Lower case, as it is searched. */
export const fold = (text: string | null | undefined): string =>
  text ? stored(text.slice(0, MAX_SEARCHED).toLowerCase()) : "";

/** ASCII without NUL. */
// oxlint-disable-next-line no-control-regex -- the range is what "ASCII" means
const PLAIN = /^[\x01-\x7f]*$/;

/** The form in which addresses are compared: lower case, the domain in ASCII, without blanks around it. */
export function normalAddress(address: string): string {
  const trimmed = address.trim();
  if (trimmed.length <= MAX_SEARCHED && PLAIN.test(trimmed)) return trimmed.toLowerCase();
  const at = trimmed.lastIndexOf("@");
  const text = at < 0 ? fold(trimmed) : stored(foldCase(trimmed.slice(0, at))) + fold(trimmed.slice(at));
  // domainToASCII does more than convert, so that what is ASCII already is left alone.
  if (PLAIN.test(text)) return text;
  const domainAt = text.lastIndexOf("@") + 1;
  return text.slice(0, domainAt) + (domainToASCII(text.slice(domainAt)) || text.slice(domainAt));
}
