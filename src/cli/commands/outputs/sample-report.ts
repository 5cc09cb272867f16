/** A bounce that says what it is for. */
export const sampleReport = (what: string): Buffer =>
  Buffer.from(`From: MAILER-DAEMON@mx.example.net
To: test@bounces.example.com
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=sample

--sample
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; test@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <test@example.org>: User unknown (${what})

--sample--
`);
