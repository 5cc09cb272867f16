/**
 * Who sent a mail: a machine that writes reports, or somebody with an address of his own. Every format reads it here.
 * The reverse-path comes from `Return-Path`, where final delivery wrote it (RFC 5321 section 4.4).
 */
import { parseAddress, parseAddressList } from "../fields/address.ts";
import { decodeHeader } from "../fields/encoded-word.ts";
import { headerOf, type WithHeaders } from "../fields/header-block.ts";

/** The address that the mail says it is from; null for `<>` and nonsense. */
export const senderOf = (mail: WithHeaders): string | null => parseAddressList(headerOf(mail, "from") ?? "")[0] ?? null;

/** Lower-case, without brackets; `""` for the null reverse-path; null where nobody wrote it down. */
export const reversePathOf = (mail: WithHeaders): string | null =>
  headerOf(mail, "return-path")
    ?.replaceAll(/^[\s<]+|[\s>]+$/g, "")
    .toLowerCase() ?? null;

/** RFC 5321 section 4.5.5: nobody is to answer. */
export const hasNullPath = (mail: WithHeaders): boolean => reversePathOf(mail) === "";

/** The null reverse-path, or the MAILER-DAEMON that old servers write for it. */
export const isFromNobody = (mail: WithHeaders): boolean => /^(?:mailer-daemon)?$/.test(reversePathOf(mail) ?? "none");

/** A reverse-path of its own: whoever sent it takes answers. */
export const hasReversePath = (mail: WithHeaders): boolean => reversePathOf(mail) !== null && !isFromNobody(mail);

/** Local parts that only mail systems have. */
const DAEMONS =
  /^"?(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|post[-_.]?master|post_?office|mail[-_.]?system|mail[-_. ]?delivery\w*|delivery[-_.]?(?:status|subsystem|failure)\w*|double-bounce|microsoftexchange[0-9a-f]+|imss|interscan|ndr|mailgateway|mailsweeper|mmdf|uucp|lotus ?notes)(?![a-z0-9])/;
/** Shops, newsletters and alias services write as these too, but then with a reverse-path of their own. */
const WEAK_DAEMONS = /^"?(?:daemon|mailer|delivery|bounce[sr]?|smtp|mta|nobody)(?:[-+=][^@]*)?"?(?:@|$)/;
const DAEMON_PATHS = /^(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|post[-_.]?master|double-bounce)\b/;
const DAEMON_NAMES =
  /mail(?:er)?[- ]?deliver|delivery (?:sub)?system|mail(?:er)?[- ]?daemon|mail system|postmaster|system administrator|mail administrator|delivery (?:status|service|agent)|smtp_mail_service|mail ?server|ndr administrator|antivirus|virusscan|smtp gateway|smtp_gateways/i;

/** Lower-case address in `From`, or what stands for it: `MAILER-DAEMON` alone, `<>` as `""`. */
function writtenSender(from: string): string {
  const address = parseAddress(from) ?? parseAddressList(from)[0];
  return (address ?? decodeHeader(from).replaceAll(/[<>\s]/g, "")).toLowerCase();
}

/** By the display name, or by the words in the local part: `AntiVirus_for_SMTP_Gateways@example.org`. */
export function isNamedDaemon(mail: WithHeaders): boolean {
  const from = headerOf(mail, "from");
  return from !== null && DAEMON_NAMES.test(decodeHeader(from).replaceAll(/@[\w.-]+/g, " "));
}

/** By address or reverse-path, more than a display name says. */
export function isDaemonAddress(mail: WithHeaders): boolean {
  const path = reversePathOf(mail);
  if (path !== null && (path === "" || DAEMON_PATHS.test(path))) return true;
  const from = headerOf(mail, "from");
  if (from === null) return false;
  const sender = writtenSender(from);
  return sender === "" || DAEMONS.test(sender) || (path === null && WEAK_DAEMONS.test(sender));
}

/** By a name in `From` that only mail systems have: `daemon@` is also whoever runs jobs. */
export function isMailSystem(mail: WithHeaders): boolean {
  const from = headerOf(mail, "from");
  if (from === null) return false;
  const sender = writtenSender(from);
  return sender === "" || DAEMONS.test(sender) || isNamedDaemon(mail);
}

/** Says in `From` that it is one, however it was sent. */
export const isFromDaemon = (mail: WithHeaders): boolean =>
  isMailSystem(mail) || WEAK_DAEMONS.test(writtenSender(headerOf(mail, "from") ?? "-"));
