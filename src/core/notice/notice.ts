/** A returned-mail notice in prose: the words the reporting server wrote, kept apart from the message it returns. */
import { decodeHeader } from "../fields/encoded-word.ts";
import { parseAddress, parseAddressList } from "../fields/address.ts";
import { decodeOctal } from "../fields/octal.ts";
import { isDaemonAddress, isFromDaemon, isNamedDaemon } from "../mime/sender.ts";
import { type Mail, headerOf } from "../mime/mail.ts";
import { shownText } from "../mime/shown-text.ts";
import { lazily } from "./lazily.ts";
import { plain } from "../knowledge/plain.ts";
import { DELAY_WORDS, SUBJECT_WORDS, WEAK_SUBJECT_WORDS, holdsOneOf } from "./phrases.ts";
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
/** A notice goes to one address, rarely to a few. */
const MAX_SENT_TO = 20;
/** Openings that no person writes. */
const MACHINE_OPENINGS: readonly string[] = [
  "--- non-delivery report ---",
  "this is an automatically generated delivery status notification",
  "this message was created automatically by mail delivery software",
  "this is a delivery failure notification message",
  "automatic bounce notification",
  "message from interscan",
];

interface Shown {
  readonly all: readonly string[];
  /** Where the returned message begins. */
  readonly end: number;
}

const shownIn = lazily<Shown, Mail>({
  all: (_, mail) => linesOf(shownText(mail)),
  end: ({ all }) => findReturned(all),
});

interface NoticeSource {
  readonly mail: Mail;
  readonly from: string | null;
  readonly shown: Shown;
}

const noticeFrom = lazily<Notice, NoticeSource>({
  lines: (_, { shown }) => shown.all.slice(0, shown.end),
  words: ({ lines }) => plain(lines.join(" ")),
  returned: (_, { shown }) => shown.all.slice(shown.end),
  subject: (_, { mail }) => decodeHeader(headerOf(mail, "subject") ?? ""),
  sender: (_, { from }) => (parseAddress(from ?? "") ?? "").toLowerCase(),
  sentTo: (_, { mail }) =>
    parseAddressList(headerOf(mail, "to") ?? "", MAX_SENT_TO).map((address) => address.toLowerCase()),
  isMachineSender: ({ isDaemon }, { mail }) => isDaemon || isNamedDaemon(mail),
  isDaemon: (notice, { mail }) => isDaemonSender(mail) || opensLikeMachine(notice.words),
  isFailureSubject: ({ subject }, { mail }) => isAboutFailure(plain(subject), isFromDaemon(mail)),
});

/** Total. Each part is read when it is first asked for: the structure of most reports says enough, without a word. */
export const readNotice = (mail: Mail): Notice =>
  noticeFrom({ mail, from: headerOf(mail, "from"), shown: shownIn(mail) });

const linesOf = (text: string): readonly string[] =>
  decodeOctal(text)
    .slice(0, MAX_CHARS)
    .split(/\r\n|\n|\r/, MAX_LINES)
    .map((line) => line.slice(0, MAX_LINE).replaceAll("\u00a0", " ").trimEnd());

const opensLikeMachine = (words: string): boolean =>
  MACHINE_OPENINGS.some((opening) => words.slice(0, 300).includes(opening));

const isAboutFailure = (subject: string, fromDaemon: boolean): boolean =>
  holdsOneOf(subject, SUBJECT_WORDS) ||
  (fromDaemon && (holdsOneOf(subject, WEAK_SUBJECT_WORDS) || holdsOneOf(subject, DELAY_WORDS))) ||
  (subject.includes("fail") && /mail|message|deliver|send|sent|post/.test(subject));

function isDaemonSender(mail: Mail): boolean {
  // fml sends its loop alerts from the list's administrator.
  if (["x-failed-recipients", "x-mlserver", "x-ms-embedded-report"].some((name) => headerOf(mail, name) !== null))
    return true;
  // Italian certified mail: the provider writes for the recipient's.
  if (/errore|non-accettazione/.test(headerOf(mail, "x-ricevuta") ?? "")) return true;
  return isDaemonAddress(mail);
}
