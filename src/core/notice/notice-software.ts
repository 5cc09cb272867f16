/** Who wrote a notice, by words and addresses that only that program or service uses. */
import { softwareOf } from "../report/software.ts";
import type { Mail } from "../mime/mail.ts";
import { headerOf } from "../mime/mail.ts";
import type { Notice } from "./notice.ts";

/** Lower-case beginnings of sentences, or names, as they stand in the notice's words. */
const WORDS: readonly (readonly [software: string, ...marks: string[]])[] = [
  ["opensmtpd", "this is the mailer-daemon, please do not reply to this"],
  ["dma", "this is the dragonfly mail agent"],
  ["masqmail", "masqmail"],
  ["nullmailer", "this is the nullmailer delivery system"],
  ["james", "this is the james mail server", "apache james"],
  ["haraka", "intended recipients: <"],
  ["powermta", "immediately below you will find a list of the affected recipients"],
  ["mailenable", "mailenable: message could not be delivered"],
  ["lsmtp", "this list is in a special format that allows software like listserv"],
  [
    "mdaemon",
    "the attached message had permanent fatal delivery errors",
    "there is no user by that name at this server",
  ],
  ["hmailserver", "hmailserver"],
  ["sun-messaging-server", "this report relates to a message you sent with the following header fields"],
  ["intermail", "each of the following recipients was rejected by a remote mail server"],
  ["surfcontrol", "a transcript of the attempts to send the message follows"],
  ["mailmarshal", "the following recipients were affected: "],
  ["interscan", "message from interscan", "interscan messaging security"],
  ["symantec", "symantec"],
  ["mimecast", "this is a delivery failure notification message indicating that"],
  ["barracuda", "was blocked by our spam firewall"],
  ["m-filter", "m-filter"],
  ["indimail", "indimail"],
  ["google", "google groups", "google tried to deliver your message"],
  ["fml", "duplicated message-id in"],
];
const SENDERS: readonly (readonly [software: string, domains: RegExp])[] = [
  ["gmx", /@(?:mail\.)?gmx\./],
  ["1and1", /@kundenserver\.|@1and1\./],
  ["yahoo", /^mailer-daemon@yahoo\./],
  ["mail.ru", /@(?:mx\d*\.)?mail\.ru$/],
  ["yandex", /@yandex\./],
  ["zoho", /@(?:mail\.)?zoho\./],
  ["mxlogic", /@[\w.]*mxlogic\.net$/],
  ["messagelabs", /@messagelabs\.com$/],
  ["verizon", /@(?:[\w-]+\.)?(?:vtext|vzwpix)\.com$/],
  ["biglobe", /@biglobe\.ne\.jp$/],
  ["kddi", /@(?:ezweb|[\w.]*dion|[\w.]*au)\.ne\.jp$/],
  ["docomo", /@(?:[\w.]*\.)?docomo\.ne\.jp$/],
  ["softbank", /@(?:[\w.]*\.)?softbank\.(?:ne\.)?jp$/],
  ["sina", /@sina\.com(?:\.cn)?$/],
  ["outblaze", /@[\w.-]*outblaze\.com$/],
];
const MAILERS: readonly (readonly [software: string, mark: RegExp])[] = [
  ["imail", /SMTP32/],
  ["groupwise", /groupwise/i],
  ["m-filter", /m-FILTER/],
  ["exchange", /Internet Mail Service|Internet Mail Connector/],
  ["sina", /SinaMail/],
  ["spamlion", /SpamLion/],
];

/** Lower-case name, or null where nothing gives it away. */
export function softwareOfNotice(mail: Mail, notice: Notice): string | null {
  const mailer = headerOf(mail, "x-mailer") ?? "";
  const head = notice.words.slice(0, 3_000);
  return (
    SENDERS.find(([, domains]) => domains.test(notice.sender))?.[0] ??
    MAILERS.find(([, mark]) => mark.test(mailer))?.[0] ??
    WORDS.find(([, ...marks]) => marks.some((mark) => head.includes(mark)))?.[0] ??
    softwareOf(mail, [])
  );
}
