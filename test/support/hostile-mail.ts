/** Messages that cost more than they weigh: each is small on the wire, and large, slow or both to read. */

const report = (type: string, ...parts: readonly string[]): string =>
  [
    "From: MAILER-DAEMON@mx.example.net",
    "To: b@bounces.example.com",
    "Subject: Undelivered Mail Returned to Sender",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=${type}; boundary=cut`,
    "",
    ...parts.flatMap((part) => ["--cut", part]),
    "--cut--",
    "",
  ].join("\r\n");

/** A complaint (RFC 5965) about mail to many, with long addresses of pages. */
export const feedbackOfMany = (recipients: number, pages: number): string =>
  report(
    "feedback-report",
    "Content-Type: text/plain\r\n\r\nThis is a complaint.",
    [
      "Content-Type: message/feedback-report",
      "",
      "Feedback-Type: abuse",
      "User-Agent: made-up/1",
      "Version: 1",
      ...Array.from({ length: recipients }, (_, n) => `Original-Rcpt-To: user${n}@example.org`),
      ...Array.from({ length: pages }, (_, n) => `Reported-URI: https://example.com/${n}${"x".repeat(1950)}`),
      "",
    ].join("\r\n"),
    "Content-Type: message/rfc822\r\n\r\nFrom: news@example.com\r\nSubject: hello\r\n\r\ntext\r\n",
  );

/** A delivery status notification (RFC 3464) on many recipients, each with these fields besides. */
export const dsnOfMany = (recipients: number, fields = "", addressees = 1): string =>
  report(
    "delivery-status",
    "Content-Type: text/plain\r\n\r\nYour message could not be delivered.",
    [
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.example.net",
      "",
      ...Array.from(
        { length: recipients },
        (_, n) => `Final-Recipient: rfc822; user${n}@example.org\r\n${fields}Action: failed\r\nStatus: 5.1.1\r\n`,
      ),
    ].join("\r\n"),
    [
      "Content-Type: text/rfc822-headers",
      "",
      "From: news@example.com",
      `To: ${Array.from({ length: addressees }, (_, n) => `addressee-${n}-${"y".repeat(60)}@example.org`).join(",\r\n ")}`,
      "Subject: hello",
      "",
    ].join("\r\n"),
  );

/** Read by what backtracked or copied once for each line: a quarter of a megabyte of it took seconds. */
export const SLOW_MAIL: Readonly<Record<string, string>> = {
  "folded lines without end in quoted headers": `From: a@example.net\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program\r\n<a@example.org>:\r\nno\r\n\r\n--- Below this line is a copy of the message.\r\n\r\nReceived: a\r\n${" b\r\n".repeat(60_000)}`,
  "folded header of the returned message": report(
    "delivery-status",
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; a@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n",
    `Content-Type: text/rfc822-headers\r\n\r\nSubject: a\r\n${" b\r\n".repeat(60_000)}\r\n`,
  ),
  "comments of HTML that never end": `From: MAILER-DAEMON@example.net\r\nContent-Type: text/html\r\n\r\n${"<!--".repeat(62_000)}`,
  "styles of HTML that never end": `From: MAILER-DAEMON@example.net\r\nContent-Type: text/html\r\n\r\n${"<style>".repeat(35_000)}`,
};
