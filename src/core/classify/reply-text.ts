/** Reply codes and statuses that stand in a diagnostic text, in order. */
import { ADDRESS } from "./words.ts";

const REPLY = /(?<![\w.,/#-])([2-6]\d\d)(?=[ -]|$)(?:[ -]#?([245]\.\d{1,3}\.\d{1,3})(?![\w]|\.\d))?/g;
const STATUS = /(?<![\w.])#?([245]\.\d{1,3}\.\d{1,3})(?!\w|\.\d)/g;

const INTRODUCTION = /(?:[:>;"(] ?|said |returned |with )$/;
const MAX_STATUSES = 8;

export interface RepliesInText {
  /** Of the last reply quoted; the last one is nearest to the server that refused. */
  readonly replyCode: number | null;
  /** Distinct, in order, at most eight. */
  readonly statuses: readonly string[];
}

export function readReplies(diagnostic: string): RepliesInText {
  // `550-5.2.2-full@example.org` is somebody's address.
  const text = diagnostic.includes("@") ? diagnostic.replaceAll(ADDRESS, "@") : diagnostic;
  const statuses: string[] = [];
  if (text.includes("."))
    for (const [, status = ""] of text.matchAll(STATUS))
      if (statuses.length < MAX_STATUSES && !statuses.includes(status)) statuses.push(status);
  let replyCode: number | null = null;
  for (const match of text.matchAll(REPLY)) {
    const { 1: code, index } = match;
    // A bare number counts at the start or after the marks that introduce a quoted reply; elsewhere it is a size or an id.
    if (index === 0 || match[2] !== undefined || INTRODUCTION.test(text.slice(Math.max(0, index - 10), index)))
      replyCode = Number(code);
  }
  return { replyCode, statuses };
}

/** `5.7.606`, taken apart. */
export interface Status {
  readonly text: string;
  readonly class: number;
  readonly subject: number;
  readonly detail: number;
}

/** Null if it is no status. */
export function parseStatus(text: string): Status | null {
  const match = /^([245])\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  return match ? { text, class: Number(match[1]), subject: Number(match[2]), detail: Number(match[3]) } : null;
}
