/**
 * The words of the server that refused, without what the reporting MTA wrote around them: its host and address, the
 * command it had sent, `SMTP error from remote mail server`. Those are true of every refusal and say nothing of this one.
 */

const HOST = String.raw`\S{1,255}? ?\[[^\]\s]{1,60}\](?::\d{1,5})?`;
const ADDRESSEE = String.raw`(?:<?[^<>\s]{1,320}>?: ?)?`;

/** At the very beginning, and only these: an ordinary sentence is never shortened. */
const INTRODUCTIONS: readonly RegExp[] = [
  // Postfix
  new RegExp(String.raw`^${ADDRESSEE}(?:delivery temporarily suspended: )?host ${HOST} said: (?=\S)`, "i"),
  // Exim, and `host mx.example.org [192.0.2.1]: 550 …` where it wrote the first half on a line of its own
  new RegExp(
    String.raw`^${ADDRESSEE}SMTP error from remote (?:mail server|mailer) after [^:<]{1,40}(?::<[^<>]{0,320}>[^:]{0,80})?: (?:host ${HOST}: )?(?=\S)`,
    "i",
  ),
  new RegExp(String.raw`^host ${HOST}: (?=\d{3}[ -])`, "i"),
  // Sendmail
  /^(?:\.{3} )?while talking to \S{1,255}: (?:>>> [^<]{0,40}(?:<[^<>]{0,320}>[^<]{0,80})?)?<<< (?=\S)/i,
  // Exchange
  /^Remote Server returned '(?=\S)/i,
  // Google
  /^The response (?:from the remote server )?was: ?(?=\S)/i,
];
/** Postfix, behind it: `(in reply to RCPT TO command)`. */
const REMARK = /\s*\(in reply to [A-Za-z ]{3,40} command\)$/;

export function serverWords(text: string): string {
  for (const introduction of INTRODUCTIONS) {
    const found = introduction.exec(text);
    if (found) return text.slice(found[0].length).replace(REMARK, "");
  }
  return text.replace(REMARK, "");
}
