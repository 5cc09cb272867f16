/** Reply codes, RFC 5321 section 4.2: three digits at the head of a reply. */

const AT_HEAD = /^\s*(?:<<<\s*)?([245]\d\d)(?=[\s\-#:,.]|$)/;
/** `said: 550 …`, `responded: 550`, `error 550:`, `(550)`; a bare number in prose is none. */
const IN_TEXT =
  /(?:said|says|replied|responded|response|answer|returned|reply|error|code|status|reason|failed|<<<|SMTP|RCPT TO[^\n]{0,200}?|data|connection)[\s:;=("'#<-]{1,10}([45]\d\d)(?=[\s\-:,#);"'.]|$)/gi;
const WITH_STATUS = /(?<![\d.])([45]\d\d)[ -]#?[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/;

/** The basic reply code of a diagnostic text, or null where it holds none. */
export function findReplyCode(text: string): number | null {
  const head = AT_HEAD.exec(text) ?? WITH_STATUS.exec(text);
  if (head) return Number(head[1]);
  let last: number | null = null;
  for (const match of text.matchAll(IN_TEXT)) last = Number(match[1]);
  return last;
}
