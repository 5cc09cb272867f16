/** Reply codes in text, RFC 5321 section 4.2: three digits, then what the server says. */

/** Three digits that may be a code: not a part of a number, a name or an address (`550-5.2.2-full@example.org`). */
const DIGITS =
  /(?<![\w.,/])([245]\d\d)(?=[\s\-#:,.;)"']|$)(?!\.\d)(?![^\s@<>]{0,64}@)([ -]#?[245]\.\d{1,3}\.\d{1,3}(?!\w|\.\d))?/g;
/** `said: 550 …`, `responded: 550`, `error 550:`. */
const WORD_BEFORE =
  /(?:said|says|replied|responded|response|answer|returned|reply|error|code|status|reason|failed|<<<|SMTP|RCPT TO[^\n]{0,200}|data|connection)[\s:;=("'#<-]{1,10}$/i;
/** Characters before a code that are looked at. */
const MAX_BEFORE = 220;
const BEHIND_WORD = /^[\s\-:,#);"'.]|^$/;
/** Marks that introduce a quotation. */
const MARK_BEFORE = /(?:[:>;"(] ?|said |returned |with )$/;
const BEHIND_MARK = /^[ -]|^$/;
const UNIT = /^ ?(?:[kmg]?b|bytes?|octets?|s|ms|sec|seconds?|minutes?|hours?|days?|messages|recipients|times)\b/i;
const HEAD = /^\s*(?:<<<\s*)?$/;

/**
 * The reply code of a diagnostic text: of the last reply that it quotes, which is nearest to the server that refused. A
 * bare number in prose is a size or an id. Null where the text holds none.
 */
export function findReplyCode(text: string): number | null {
  let last: number | null = null;
  for (const match of text.matchAll(DIGITS)) {
    const [all, code = "", status] = match;
    const before = text.slice(Math.max(0, match.index - MAX_BEFORE), match.index);
    const behind = text.slice(match.index + all.length, match.index + all.length + 12);
    if (
      isReply(
        { before, behind, isAtHead: match.index < MAX_BEFORE && HEAD.test(before), hasStatus: status !== undefined },
        code,
      )
    )
      last = Number(code);
  }
  return last;
}

interface Surroundings {
  readonly before: string;
  readonly behind: string;
  readonly isAtHead: boolean;
  readonly hasStatus: boolean;
}

function isReply({ before, behind, isAtHead, hasStatus }: Surroundings, code: string): boolean {
  if (isAtHead) return true;
  // `250 queued` in the middle is what the server said before it refused.
  if (code.startsWith("2")) return false;
  if (hasStatus) return true;
  if (UNIT.test(behind)) return false;
  return (
    (BEHIND_WORD.test(behind) && WORD_BEFORE.test(before)) || (BEHIND_MARK.test(behind) && MARK_BEFORE.test(before))
  );
}
