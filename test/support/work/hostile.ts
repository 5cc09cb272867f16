/** Mail made to cost much: for each kind a builder that takes the size in characters, so that work can be compared. */

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join("");
/** `piece` again and again, `size` characters in all. */
const fill = (size: number, piece: string): string => piece.repeat(Math.max(1, Math.floor(size / piece.length)));
const listed = (size: number, make: (index: number) => string): string =>
  times(Math.max(1, Math.floor(size / make(100).length)), make);

const DAEMON = "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: bounce@bounces.example\nReturn-Path: <>\n";
const NOTICE = `${DAEMON}Subject: Undelivered Mail Returned to Sender\n`;
const notice = (text: string): string => `${NOTICE}\n${text}\n`;
const html = (markup: string): string => `${NOTICE}Content-Type: text/html; charset=utf-8\n\n${markup}\n`;
const GROUP = "Final-Recipient: rfc822; user@example.org\nAction: failed\nStatus: 5.1.1\n";
const report = (parts: {
  text?: string;
  message?: string;
  fields?: string;
  returned?: string;
  header?: string;
}): string =>
  `${NOTICE}${parts.header ?? ""}MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b1"\n\n` +
  `--b1\nContent-Type: text/plain\n\n${parts.text ?? "Not delivered."}\n\n` +
  `--b1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n${parts.message ?? ""}\n${parts.fields ?? GROUP}\n` +
  `--b1\nContent-Type: message/rfc822\n\n${parts.returned ?? "From: a@bounces.example\nSubject: x\n\nbody"}\n--b1--\n`;
const feedback = (fields: string): string =>
  `From: fbl@isp.example\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="b1"\n\n` +
  `--b1\nContent-Type: text/plain\n\nComplaint.\n\n--b1\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x\nVersion: 1\n${fields}\n` +
  `--b1\nContent-Type: message/rfc822\n\nFrom: a@bounces.example\nSubject: x\n\nbody\n--b1--\n`;

/** Runs of one thing, which patterns that try every start, or two neighbours of a kind, scan again and again. */
const FILLERS: Readonly<Record<string, string>> = {
  blanks: " ",
  tabs: "\t",
  letters: "a",
  words: "ab ",
  capitals: "Ab ",
  dots: ".",
  "dotted words": "ab.",
  digits: "5",
  statuses: "5.1.1 ",
  replies: "550 ",
  colons: ":",
  "labels in a line": "a: ",
  semicolons: ";",
  hyphens: "-",
  "opening angles": "<",
  "closing angles": ">",
  parentheses: "(",
  brackets: "[",
  quotes: '"',
  apostrophes: "'",
  "at signs": "@",
  "addresses run together": "a@",
  "addresses in brackets": "<a@b.c>",
  backslashes: "\\",
  octal: "\\303\\274",
  "code points": "\\x{fc}",
  "encoded words": "=?utf-8?Q?a?= ",
  "opened encoded words": "=?utf-8?Q?a",
  "percent and equals": "=3D",
  "wide letters": "\u00e9",
  "host words": "host a ",
  said: "said: ",
  "in reply to": "in reply to a ",
  "while sending": "while sending the ",
  "connect to": "connect to ",
  "could not": "could not be delivered to ",
  "RCPT TO": "RCPT TO:<a ",
  "because of": "because ",
  dates: "1 Jan 2026 ",
};
const PLACES: Readonly<Record<string, (filler: string) => string>> = {
  "a line of a notice": (filler) => notice(`Could not be delivered to:\n\n<user@example.org>: ${filler}x`),
  "a line of its own in a notice": (filler) =>
    notice(`Could not be delivered:\n\n${filler}\n${filler}x\n-- ${filler}\n`),
  "a line of its own in a report": (filler) => report({ text: `${filler}\n${filler}x\n>>> ${filler}\n<<< ${filler}` }),
  "a line of its own in a letter": (filler) => `From: a@b.example\nSubject: hello\n\n${filler}\n${filler}x\n`,
  "a line of a report": (filler) => report({ text: `<user@example.org>: ${filler}x` }),
  "a line of prose": (filler) => notice(`Your message could not be delivered. ${filler}x`),
  "a line of a letter": (filler) => `From: a@b.example\nSubject: hello\n\n${filler}x\n`,
  "a subject": (filler) => `${DAEMON}Subject: ${filler}x\n\nCould not be delivered.\n`,
  "a sender": (filler) => `From: ${filler}x\nSubject: Undelivered mail\n\nCould not be delivered.\n`,
  "a recipient header": (filler) => `To: ${filler}x\n${NOTICE}\nCould not be delivered to <user@example.org>.\n`,
  "a type": (filler) => `${NOTICE}Content-Type: multipart/report; boundary="${filler}x"\n\nCould not be delivered.\n`,
  "a diagnostic": (filler) => report({ fields: `${GROUP}Diagnostic-Code: smtp; ${filler}x\n` }),
  "a status": (filler) =>
    report({ fields: `Final-Recipient: rfc822; user@example.org\nAction: failed\nStatus: ${filler}x\n` }),
  "a recipient": (filler) => report({ fields: `Final-Recipient: ${filler}x\nAction: failed\nStatus: 5.1.1\n` }),
  "a remote host": (filler) => report({ fields: `${GROUP}Remote-MTA: ${filler}x\nLast-Attempt-Date: ${filler}x\n` }),
  "an envelope id": (filler) => report({ message: `Original-Envelope-Id: ${filler}x\n` }),
  "a returned header": (filler) =>
    report({ returned: `From: ${filler}x\nTo: ${filler}x\nMessage-ID: ${filler}x\nSubject: ${filler}x\n\nbody` }),
  "a quoted header": (filler) =>
    notice(`Could not be delivered.\n\nReceived: ${filler}x\nFrom: ${filler}\nSubject: x\nTo: a@b.c`),
  markup: (filler) => html(`<p>Could not be delivered to user@example.org</p>${filler}x`),
};
const LINES: Readonly<Record<string, (size: number) => string>> = {
  "folded header": (size) => `${DAEMON}Subject: a${fill(size, "\n b")}\n\nCould not be delivered.\n`,
  "many headers": (size) => `${DAEMON}${listed(size, (index) => `X-H${index}: a\n`)}Subject: Undelivered mail\n\nNo.\n`,
  "same header again": (size) =>
    `${DAEMON}${fill(size, "Received: from a by b; x\n")}Subject: Undelivered mail\n\nNo.\n`,
  "folded header in the returned part": (size) => report({ returned: `Received: a${fill(size, "\n b")}\n\nbody` }),
  "unindented folds in quoted header": (size) => notice(`Could not be delivered.\n\nReceived: a\n${fill(size, "b\n")}`),
  "quoted header blocks": (size) =>
    notice(`Could not be delivered.\n\n${fill(size, "> From: a@b.c\n> Subject: x\n\n")}`),
  "quoted header blocks that overlap": (size) =>
    notice(`Could not be delivered.\n\n${fill(size, "Received: a\n> From: b\n")}`),
  "comments opened": (size) => html(fill(size, "<!--")),
  "comments half closed": (size) => html(fill(size, "<!-- -")),
  "head opened": (size) => html(fill(size, "<head>")),
  "style opened": (size) => html(fill(size, "<style>")),
  "script and title opened": (size) => html(fill(size, "<script ><title>")),
  "tags opened": (size) => html(fill(size, "<a b ")),
  "break tags opened": (size) => html(fill(size, "<br ")),
  "declarations opened": (size) => html(fill(size, "<!a ")),
  tags: (size) => html(fill(size, "<td></td>")),
  entities: (size) => html(fill(size, "&#65;&amp;&x")),
  "blank markup": (size) => html(fill(size, "<br> \n")),
  groups: (size) =>
    report({ fields: listed(size, (index) => `Final-Recipient: rfc822; u${index}@example.org\nAction: failed\n\n`) }),
  "groups and transcript": (size) =>
    report({
      text: listed(size / 2, (index) => `>>> RCPT TO:<u${index}@example.org>\n<<< 550 no\n`),
      fields: listed(
        size / 2,
        (index) => `Final-Recipient: rfc822; u${index}@example.org\nAction: failed\nStatus: 5.1.1\n\n`,
      ),
    }),
  "groups and one transcript reply": (size) =>
    report({
      text: `<<< 550-no\n${listed(size / 2, () => `<<< 550-no\n`)}`,
      fields: listed(size / 2, (index) => `Final-Recipient: rfc822; u${index}@example.org\nAction: failed\n\n`),
    }),
  "groups and human text": (size) =>
    report({
      text: listed(size / 2, (index) => `<u${index}@example.org>: host a said: 550 no\n`),
      fields: listed(size / 2, (index) => `Final-Recipient: rfc822; v${index}@example.org\nAction: failed\n\n`),
    }),
  "groups named in one paragraph": (size) =>
    report({
      text: `u1@example.org u2@example.org: ${fill(size / 2, "no such user ")}`,
      fields: listed(size / 2, (index) => `Final-Recipient: rfc822; u${index}@example.org\nAction: failed\n\n`),
    }),
  "fields of a group": (size) => report({ fields: `${GROUP}${listed(size, (index) => `X-F${index}: a\n`)}` }),
  "diagnostics of a group": (size) => report({ fields: `${GROUP}${fill(size, "Diagnostic-Code: smtp; 550 no\n")}` }),
  "fields of the message": (size) => report({ message: listed(size, (index) => `X-F${index}: a\n`) }),
  "folded field": (size) => report({ fields: `${GROUP}Diagnostic-Code: smtp; 550 a${fill(size, "\n b")}\n` }),
  "base64 groups": (size) =>
    report({ fields: `${GROUP}${fill(size, "Content-Transfer-Encoding: base64\nContent-x\n")}` }),
  "blank lines": (size) => report({ fields: `${GROUP}${fill(size, "\n \n")}` }),
  "fields in the text": (size) =>
    notice(
      `Reporting-MTA: dns; a\n\n${listed(size, (index) => `Final-Recipient: rfc822; u${index}@example.org\nAction: failed\n\n`)}`,
    ),
  "sendmail transcript": (size) =>
    notice(
      `   ----- Transcript of session follows -----\n${listed(size, (index) => `>>> RCPT To:<u${index}@example.org>\n<<< 550 no\n`)}`,
    ),
  "sendmail verdicts": (size) =>
    notice(
      `   ----- Transcript of session follows -----\n${listed(size, (index) => `550 <u${index}@example.org>... User unknown\n`)}`,
    ),
  "sendmail addresses and verdicts": (size) =>
    notice(
      `   ----- The following addresses had permanent fatal errors -----\n${listed(size / 2, (index) => `<u${index}@example.org>\n`)}\n` +
        `   ----- Transcript of session follows -----\n${listed(size / 2, (index) => `550 <u${index}@example.org>... User unknown\n`)}`,
    ),
  "sendmail titles": (size) => notice(fill(size, "   ----- Transcript of session follows -----\n")),
  "sendmail successes": (size) =>
    report({ text: listed(size, (index) => `<u${index}@example.org>... Successfully delivered\n`), fields: "\n" }),
  "qmail recipients": (size) =>
    notice(
      `Hi. This is the qmail-send program at a.\n\n${listed(size, (index) => `<u${index}@example.org>:\nSorry, no mailbox here. (#5.1.1)\n\n`)}`,
    ),
  "qmail common reason": (size) =>
    notice(
      `Hi. This is the qmail-send program at a.\n${fill(size / 2, "Remote host said: 550 no\n")}\n${listed(size / 2, (index) => `<u${index}@example.org>:\n`)}`,
    ),
  "recipients with one reason behind": (size) =>
    notice(
      `Could not be delivered to:\n\n${listed(size / 2, (index) => `<u${index}@example.org>\n`)}\n${fill(size / 2, "550 no such user\n")}`,
    ),
  "exim recipients": (size) =>
    notice(
      `This message was created automatically by mail delivery software.\nThe following address(es) failed:\n\n${listed(size, (index) => `  u${index}@example.org\n    Unrouteable address\n`)}`,
    ),
  "failed recipients header": (size) =>
    `X-Failed-Recipients: ${listed(size, (index) => `u${index}@example.org,\n `)}a@example.org\n${NOTICE}\nNo.\n`,
  "failed recipients headers": (size) =>
    `${listed(size, (index) => `X-Failed-Recipients: u${index}@example.org\n`)}${NOTICE}\nNo.\n`,
  "failed recipients header and list": (size) =>
    `X-Failed-Recipients: ${listed(size / 2, (index) => `u${index}@example.org,\n `)}a@example.org\n${NOTICE}\n` +
    `Could not be delivered to:\n\n${listed(size / 2, (index) => `  v${index}@example.org\n`)}`,
  "recipients of the notice": (size) =>
    `To: ${listed(size, (index) => `u${index}@example.org, `)}a@b.example\n${NOTICE}\nCould not be delivered:\n\n<user@example.org>\n`,
  "recipients of the returned message": (size) =>
    report({
      returned: `From: a@b.example\nTo: ${listed(size, (index) => `"N ${index}" <u${index}@example.org>,\n `)}a@b.example\n\nbody`,
    }),
  "recipients of the notice and sentences": (size) =>
    `To: ${listed(size / 2, (index) => `u${index}@example.org, `)}a@b.example\n${NOTICE}\n${listed(size / 2, (index) => `Could not deliver to v${index}@example.org. `)}`,
  references: (size) =>
    report({ returned: `From: a@b.example\nReferences: ${listed(size, (index) => `<i${index}@b.example> `)}\n\nbody` }),
  "labelled recipients": (size) =>
    notice(listed(size, (index) => `Recipient: u${index}@example.org\nReason: 550 no such user\n`)),
  "labels in two languages": (size) => notice(fill(size, "Grund / Reason (An) : ann@example.org\n")),
  "labels without a value": (size) => notice(`Could not be delivered.\n${fill(size, "Empfänger:\nann@example.org\n")}`),
  "a subject of prefixes": (size) => `From: a@b.example\nSubject: ${fill(size, "Re: ")}\n\nx\n`,
  "a request to unsubscribe": (size) => `From: a@b.example\nSubject: \n\nunsubscribe${fill(size, ".) ")}x\n`,
  "a list's warning": (size) =>
    `From: users-help@b.example\nReturn-Path: <users-return@b.example>\nMailing-List: x\n\n${fill(size, "messages to you ")}\n`,
  "labelled recipients without reason": (size) =>
    notice(`Reason: 550 no\n${listed(size, (index) => `Recipient: u${index}@example.org\n`)}`),
  "labelled recipients and replies": (size) =>
    notice(
      `${fill(size / 2, "550 5.1.1 no such user\n")}${listed(size / 2, (index) => `Recipient: u${index}@example.org\n`)}`,
    ),
  sentences: (size) => notice(listed(size, (index) => `The message to u${index}@example.org could not be delivered. `)),
  "sentences in paragraphs": (size) =>
    notice(listed(size, (index) => `The message to u${index}@example.org could not be delivered.\n\n`)),
  "sentences without end": (size) => notice(`It could not be delivered${fill(size, " to a@b.c")}`),
  "addresses of a paragraph": (size) =>
    notice(`Could not be delivered: ${listed(size, (index) => `u${index}@example.org `)}`),
  paragraphs: (size) => notice(`Could not be delivered to:\n\n<user@example.org>\n\n${fill(size, "no\n\n")}`),
  "one recipient again": (size) =>
    notice(`Could not be delivered to:\n\n${fill(size, "<user@example.org>\n550 no\n")}`),
  "domino recipients": (size) =>
    notice(`Your message was not delivered to: ${listed(size, (index) => `u${index}@example.org\n`)}because: no\n`),
  "domino starts": (size) => notice(fill(size, "was not delivered to:\n")),
  "exchange recipients": (size) =>
    notice(
      `did not reach the following recipient(s):\n\n${listed(size, (index) => `u${index}@example.org on Thu, 29 Apr 2004 10:00:00 +0200\n    No\n`)}`,
    ),
  "screen names": (size) =>
    `From: MAILER-DAEMON@aol.com\n\nYour mail could not be delivered because:\n${listed(size, (index) => `    name${index}\n`)}`,
  "postfix recipients": (size) =>
    notice(
      `This is the mail system at host a.\n\n${listed(size, (index) => `<u${index}@example.org>: host b[192.0.2.1] said: 550 no\n\n`)}`,
    ),
  announcements: (size) => notice(fill(size, "Could not be delivered:\n")),
  "octal lines": (size) => notice(`Could not be delivered to:\n\n<user@example.org>\n${fill(size, "\\303\\274\\")}`),
  complainants: (size) => feedback(listed(size, (index) => `Original-Rcpt-To: u${index}@example.org\n`)),
  "reported addresses": (size) => feedback(listed(size, (index) => `Reported-URI: http://a${index}.example/\n`)),
  "unknown feedback fields": (size) => feedback(listed(size, (index) => `X-F${index}: a\n`)),
  parts: (size) => `${NOTICE}Content-Type: multipart/mixed; boundary="b"\n\n${fill(size, "--b\n\na\n")}--b--\n`,
  "nested parts": (size) =>
    `${NOTICE}${listed(size, (index) => `Content-Type: multipart/mixed; boundary="b${index}"\n\n--b${index}\n`)}`,
  "lost boundaries": (size) => `${NOTICE}\n${listed(size, (index) => `--b${index}\n\n`)}`,
  "lines of a lost boundary": (size) => `${NOTICE}\n${fill(size, "--b b b b b\n\n")}`,
  "mbox lines before the header": (size) => `${fill(size, "From a\n")}${notice("Could not be delivered.")}`,
  "carriage returns": (size) => notice(fill(size, "\r")),
  "attached reports": (size) =>
    `${NOTICE}Content-Type: multipart/mixed; boundary="b"\n\n${fill(size, "--b\nContent-Type: message/rfc822\n\nFrom: a\n\nx\n")}--b--\n`,
  JSON: (size) => `From: a@b.example\n\n{ "notificationType": ${fill(size, '{ "')}`,
};

export interface HostileKind {
  readonly name: string;
  readonly build: (size: number) => string;
}

/** One thing again and again, in one place. */
export const RUNS: readonly (HostileKind & { readonly place: string })[] = Object.entries(PLACES).flatMap(
  ([place, put]) =>
    Object.entries(FILLERS).map(([name, piece]) => ({ name, place, build: (size: number) => put(fill(size, piece)) })),
);

/** Lines, parts, recipients that are many. */
export const MANY: readonly HostileKind[] = Object.entries(LINES).map(([name, build]) => ({ name, build }));
