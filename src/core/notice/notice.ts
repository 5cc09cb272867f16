/** A returned-mail notice in prose: the words the reporting server wrote, kept apart from the message it returns. */
import { decodeText, guessText } from "../fields/charset.ts";
import { decodeHeader } from "../fields/encoded-word.ts";
import { htmlText } from "../fields/html-text.ts";
import { parseAddress, parseAddressList } from "../fields/address.ts";
import { isFromDaemon } from "../formats/answer.ts";
import { type Mail, headerOf } from "../mail.ts";
import { plain } from "../knowledge/plain.ts";
import { SUBJECT_WORDS, WEAK_SUBJECT_WORDS, holdsOneOf } from "./phrases.ts";
import { findReturned } from "./returned-part.ts";

export interface Notice {
  /** What the reporting server wrote, up to the returned message. Indentation kept, nothing at line ends. */
  readonly lines: readonly string[];
  /** `lines` in `plain` form. */
  readonly words: string;
  /** The returned message as far as it stands in the text; empty if it does not. */
  readonly returned: readonly string[];
  /** Decoded. */
  readonly subject: string;
  /** Address in `From`, lower-case; empty for `<>` and where there is none. */
  readonly sender: string;
  /** Lower-case addresses the notice itself was sent to. */
  readonly sentTo: readonly string[];
  readonly isMachineSender: boolean;
  /** More than a display name says so: the address, the null reverse-path, a header or an opening of such programs. */
  readonly isDaemon: boolean;
  readonly isFailureSubject: boolean;
}

/** Far above what any server writes; what is beyond is not read, so that a hostile message costs little. */
const MAX_LINES = 4_000;
const MAX_LINE = 2_000;
const MAX_CHARS = 128 * 1024;
const MAX_RAW = 256 * 1024;
/** A notice goes to one address, rarely to a few. */
const MAX_SENT_TO = 20;
const DAEMONS =
  /^(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|post[-_.]?master|daemon|mailer|mail[-_.]?system|postoffice|mail-?delivery[-_.]?(?:system|subsystem)|delivery|bounces?|imss|interscan|ndr|mailgateway|mailsweeper)\b/;
const DAEMON_PATHS = /^(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|post[-_.]?master|double-bounce)\b/;
const DAEMON_NAMES =
  /mail(?:er)? deliver|delivery (?:sub)?system|mailer-daemon|mail system|postmaster|system administrator|mail administrator|delivery status|delivery service|smtp_mail_service|mailserver|mail server|ndr administrator|antivirus|virusscan|smtp gateway|smtp_gateways/i;
/** Openings that no person writes. */
const MACHINE_OPENINGS: readonly string[] = [
  "--- non-delivery report ---",
  "this is an automatically generated delivery status notification",
  "this message was created automatically by mail delivery software",
  "this is a delivery failure notification message",
  "automatic bounce notification",
  "message from interscan",
];
const notices = new WeakMap<Mail, Notice>();

/** Total, and computed once per mail: every prose reader asks for it. */
export function readNotice(mail: Mail): Notice {
  const known = notices.get(mail);
  if (known) return known;
  const text = textOf(mail);
  const all = withoutOctal(text)
    .slice(0, MAX_CHARS)
    .split(/\r\n|\n|\r/, MAX_LINES)
    .map((line) => line.slice(0, MAX_LINE).replaceAll("\u00a0", " ").trimEnd());
  const end = findReturned(all);
  const lines = all.slice(0, end);
  const from = headerOf(mail, "from");
  const words = plain(lines.join(" "));
  const isDaemon =
    isDaemonSender(mail, from) || MACHINE_OPENINGS.some((opening) => words.slice(0, 300).includes(opening));
  const subject = decodeHeader(headerOf(mail, "subject") ?? "");
  const notice: Notice = {
    lines,
    words,
    returned: all.slice(end),
    subject,
    sender: (parseAddress(from ?? "") ?? "").toLowerCase(),
    sentTo: parseAddressList(headerOf(mail, "to") ?? "", MAX_SENT_TO).map((address) => address.toLowerCase()),
    isMachineSender: isDaemon || isNamedDaemon(from),
    isDaemon,
    isFailureSubject: isAboutFailure(plain(subject), isFromDaemon(mail)),
  };
  notices.set(mail, notice);
  return notice;
}

/** The text; else what the HTML says; else, where a wrong boundary hid every part, the body as it stands. */
function textOf(mail: Mail): string {
  // `Content-Type: text/plain charset=…` without the semicolon makes an attachment of the text.
  const misread = mail.parts.filter(
    ({ contentType, fileName }) => fileName === null && /^text\/plain\s/.test(contentType),
  );
  const text = [...misread.map(({ content }) => guessText(content)), mail.text].join("\n");
  if (text.trim() !== "") return text;
  if (mail.html !== "") return htmlText(mail.html);
  if (mail.parts.length > 0) return attachedText(mail);
  const raw = guessText(mail.raw.subarray(0, MAX_RAW));
  const body = raw.search(/\r?\n\r?\n/);
  return body < 0 ? "" : raw.slice(body);
}

const isAboutFailure = (subject: string, fromDaemon: boolean): boolean =>
  holdsOneOf(subject, SUBJECT_WORDS) ||
  (fromDaemon && holdsOneOf(subject, WEAK_SUBJECT_WORDS)) ||
  (subject.includes("fail") && /mail|message|deliver|send|sent|post/.test(subject));

const isNamedDaemon = (from: string | null): boolean => from !== null && DAEMON_NAMES.test(decodeHeader(from));

/** Text parts that a gateway turned into attachments, up to the returned message. */
function attachedText(mail: Mail): string {
  const end = mail.parts.findIndex(({ contentType }) => contentType.startsWith("message/"));
  const parts = end < 0 ? mail.parts : mail.parts.slice(0, end);
  return parts
    .filter(({ contentType }) => contentType === "text/plain")
    .map(({ content, charset }) => decodeText(content.subarray(0, MAX_RAW), charset))
    .join("\n");
}

const OCTAL = /(?:\\[23][0-7]{2}){2,80}/g;

/** Exim prints what is not ASCII as octets: `b\303\274cher.test`. */
const withoutOctal = (text: string): string =>
  text.replace(OCTAL, (run) =>
    guessText(Uint8Array.from(run.slice(1).split("\\"), (digits) => Number.parseInt(digits, 8))),
  );

function isDaemonSender(mail: Mail, from: string | null): boolean {
  // fml sends its loop alerts from the list's administrator.
  if (["x-failed-recipients", "x-mlserver", "x-ms-embedded-report"].some((name) => headerOf(mail, name) !== null))
    return true;
  const path = headerOf(mail, "return-path")?.replace(/^<|>$/g, "").trim().toLowerCase();
  // Newsletters and shops have `bounces@` and `delivery@` for a reverse-path.
  if (path !== undefined && (path === "" || DAEMON_PATHS.test(path))) return true;
  if (from === null) return false;
  const name = decodeHeader(from);
  const address = parseAddress(from)?.toLowerCase() ?? name.replace(/[<>"\s]/g, "").toLowerCase();
  return address === "" || DAEMONS.test(address);
}
