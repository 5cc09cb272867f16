/** Where a notice ends and the returned message, or what is kept of it, begins. */

import { plain } from "../knowledge/plain.ts";
import { readLabel } from "./labels.ts";
import { RETURNED_WORDS } from "./phrases.ts";

const RULE = /^[\s\-=*_#>+~|]+|[\s\-=*_#<+~.:|]+$/g;
const HEADER = /^(?:Received: (?:from|by|\()|Return-Path: ?<|X-Received: by|DKIM-Signature: )/i;
const RETURNED_TYPE = /^Content-Type:\s*(?:message\/(?:rfc822|partial|global)|text\/rfc822)/i;

/** A line on its own that announces the returned message: ruled off, or ending like an announcement. */
export function isAnnouncementOfReturned(line: string): boolean {
  const trimmed = line.trim();
  if (trimmed.length < 8 || trimmed.length > 140) return false;
  const start = plain(trimmed).replace(RULE, "");
  const listed = RETURNED_WORDS.at(start, 0);
  if (listed === null) return false;
  return (
    /^[-=*_+~|]{2,}/.test(trimmed) ||
    (/(?::|follows?\.?|attached|enclosed|below|\.)$/.test(trimmed) && start.length < 90) ||
    start === listed
  );
}

/** Lines below an announcement in which the notice may still speak of the message instead of returning it. */
const MAX_DETAILS = 12;
/** No notice describes a message by these. */
const OF_HEADER = /^(?:received|return-path|message-id|mime-version|content-[\w-]+|x-[\w-]+|dkim-signature):/i;

/** `Original message info:` with its time, its subject, and then the reason why it failed. */
function announcesDetails(lines: readonly string[], index: number): boolean {
  for (const line of lines.slice(index + 1, index + 1 + MAX_DETAILS)) {
    if (OF_HEADER.test(line)) return false;
    if (readLabel(line)?.label === "reason" && !/^status/i.test(line)) return true;
  }
  return false;
}

/** Index of the first line of the returned message or of its announcement; the number of lines if there is none. */
export function findReturned(lines: readonly string[]): number {
  let blank = true;
  let seen = false;
  for (const [index, line] of lines.entries()) {
    if (RETURNED_TYPE.test(line)) return index;
    if (seen && isAnnouncementOfReturned(line) && !announcesDetails(lines, index)) return index;
    // Without an announcement: a header section after a blank line or a rule.
    if (seen && blank && HEADER.test(line)) return index;
    const empty = line.trim() === "";
    blank = empty || /^[-=_*]{3,}\s*$/.test(line);
    seen ||= !empty;
  }
  return lines.length;
}
