/** What tells an answer (vacation, ticket, challenge) from a report: who sends it and what its header promises. */
import { parseAddressList } from "../fields/address.ts";
import { decodeHeader } from "../fields/encoded-word.ts";
import { headerOf, type Mail } from "../mail.ts";
import { blankOriginal, referredMessageId } from "../original.ts";
import type { OriginalMessage, Report, ReportKind } from "../report.ts";
import { blankRecipient, blankReport } from "./blank-recipient.ts";
import { softwareOf } from "./software.ts";

const DAEMON =
  /^"?(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|postmaster|post_?office|mail[-_. ]?delivery|mailer|double-bounce|bounce[sr]?|mail[-_. ]?system|maildelivery\w*|delivery[-_.]?(?:status|subsystem|failure)\w*|microsoftexchange[0-9a-f]+|mmdf|uucp|smtp|mta|lotus ?notes|nobody)(?:[-+=][^@]*)?"?(?:@|$)/i;
const DAEMON_NAME =
  /mail(?:er)?[- ]?daemon|mail delivery (?:sub)?system|postmaster|mail administrator|system administrator|delivery (?:agent|subsystem|status)|mail system/i;

/** The address that the mail says it is from; null for `<>` and nonsense. */
export const senderOf = (mail: Mail): string | null => parseAddressList(headerOf(mail, "from") ?? "")[0] ?? null;

/** A machine that writes reports rather than a person's mailbox. */
export function isFromDaemon(mail: Mail): boolean {
  const from = headerOf(mail, "from");
  if (from === null) return false;
  const address = senderOf(mail);
  if (address !== null) return DAEMON.test(address) || DAEMON_NAME.test(decodeHeader(from).split("<", 1)[0]!);
  return DAEMON.test(from.replace(/^[\s<]+/, "")) || DAEMON_NAME.test(from) || /^\s*<>\s*$/.test(from);
}

export const subjectOf = (mail: Mail): string => decodeHeader((headerOf(mail, "subject") ?? "").slice(0, 1_000));

/** Titles of reports, in the languages that servers are translated into; never a word that people write about goods. */
const REPORT_SUBJECTS: readonly string[] = [
  "undeliverable|undelivered mail|undelivery|delivery (?:status|fail|error|problem|report|has failed|notification|delay)",
  "returned (?:mail|to sender|message)|failure notice|mail (?:delivery )?(?:fail|system error)|non-?delivery",
  "could not be delivered|message (?:not delivered|delivery)|warning: (?:could not|message)",
  "unzustellbar|nicht (?:zustellbar|zugestellt)|zustellungs?(?:fehler|bericht|problem)|zustellfehler|rückläufer",
  "non[- ]remis|non (?:distribu|délivr)|échec de (?:la )?(?:remise|distribution|livraison)",
  "no entregad|no se (?:ha )?(?:pudo|podido) entregar|error (?:de|en la) entrega|no entregable",
  "não (?:foi )?entregue|falha na entrega|mancat[oa] (?:recapito|consegna)|non (?:recapitabile|consegnat)",
  "onbestelbaar|niet (?:bezorgd|afgeleverd)|kunde inte levereras|kunne ikke leveres|ikke levert|olevererbar",
  "ei voitu toimittaa|toimittaminen epäonnistui|niedor[ęe]cz|nie dostarczon|nedoruč|kézbesíthetetlen",
  "не ?доставлен|ошибка доставки|недоставленн|teslim edilemedi|iletilemedi|αδυναμία παράδοσης",
  "配信不能|配信でき|送信でき|未配信|不達|退信|无法投递|無法傳遞|投递失败|傳遞失敗|배달되지|반송|전송 실패",
];
const REPORT_SUBJECT = new RegExp(REPORT_SUBJECTS.join("|"), "iu");

export const hasReportSubject = (mail: Mail): boolean => REPORT_SUBJECT.test(subjectOf(mail));

/** Marks that only reports carry; a vacation note has none of them. */
export function looksLikeReport(mail: Mail): boolean {
  return (
    headerOf(mail, "x-failed-recipients") !== null ||
    /report-type="?delivery-status/i.test(headerOf(mail, "content-type") ?? "") ||
    mail.parts.some((part) => /^message\/(?:global-)?delivery-status$/.test(part.contentType))
  );
}

/** For an answer the recipient is who answered; the original is what it answers to. */
export function answerReport(mail: Mail, kind: ReportKind): Report {
  const finalRecipient = senderOf(mail);
  return {
    ...blankReport,
    kind,
    recipients: finalRecipient === null ? [] : [{ ...blankRecipient, finalRecipient }],
    software: softwareOf(mail, []),
    original: answered(mail),
  };
}

function answered(mail: Mail): OriginalMessage | null {
  const messageId = referredMessageId(mail);
  return messageId === null ? null : { ...blankOriginal, messageId };
}
