/**
 * What servers answer in the demo: the wording is that of the providers, every name in it ends in .test or .example.
 * `{to}` is the recipient, `{id}` differs from message to message.
 */
import type { Reason, Severity } from "../event/event.ts";

export interface DemoRefusal {
  readonly id: string;
  /** How often it happens, in proportion to the others. */
  readonly weight: number;
  /** Of the recipient. */
  readonly domain: string;
  readonly host: string;
  readonly status: string;
  readonly text: string;
  readonly stage: "RCPT TO" | "end of DATA";
  /** What the reader makes of it; a test asks. */
  readonly severity: Severity;
  readonly reason: Reason;
  readonly provider: string | null;
}

type Row = readonly [
  id: string,
  weight: number,
  domain: string,
  status: string,
  text: string,
  severity: Severity,
  reason: Reason,
  provider: string | null,
];

const ROWS: readonly Row[] = [
  [
    "google-unknown",
    16,
    "bigmail.test",
    "5.1.1",
    "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550-5.1.1 unnecessary spaces. 550 5.1.1 {id} - gsmtp",
    "hard",
    "mailbox_unknown",
    "google",
  ],
  [
    "google-disabled",
    3,
    "bigmail.test",
    "5.2.1",
    "550 5.2.1 The email account that you tried to reach is inactive. {id} - gsmtp",
    "hard",
    "mailbox_disabled",
    "google",
  ],
  [
    "google-full",
    6,
    "bigmail.test",
    "5.2.2",
    "552 5.2.2 The recipient's inbox is out of storage space and inactive. {id} - gsmtp",
    "soft",
    "mailbox_full",
    "google",
  ],
  [
    "google-reputation",
    3,
    "bigmail.test",
    "5.7.1",
    "550 5.7.1 This message is likely suspicious due to the very low reputation of the sending IP address. {id} - gsmtp",
    "block",
    "ip_reputation",
    "google",
  ],
  [
    "google-dmarc",
    // Only in the incident.
    0,
    "bigmail.test",
    "5.7.26",
    "550-5.7.26 Unauthenticated email from shop.test is not accepted due to domain's 550-5.7.26 DMARC policy. Please contact the administrator of shop.test domain if 550-5.7.26 this was a legitimate mail. {id} - gsmtp",
    "block",
    "auth_failed",
    "google",
  ],
  [
    "microsoft-unknown",
    12,
    "officehub.test",
    "5.1.10",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup [{id}.eop-EUR01.prod.protection.outlook.com.example]",
    "hard",
    "mailbox_unknown",
    "microsoft",
  ],
  [
    "microsoft-edge",
    5,
    "northwind.example",
    "5.4.1",
    "550 5.4.1 Recipient address rejected: Access denied. [{id}.eop-EUR01.prod.protection.outlook.com.example]",
    "hard",
    "mailbox_unknown",
    "microsoft",
  ],
  [
    "outlook-list",
    5,
    "hotpost.test",
    "5.7.1",
    "550 5.7.1 Unfortunately, messages from [192.0.2.10] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140). https://postmaster.live.com.example [{id}]",
    "block",
    "ip_reputation",
    "outlook",
  ],
  [
    "yahoo-unknown",
    8,
    "purplemail.test",
    "5.0.0",
    "554 delivery error: dd This user doesn't have a purplemail.test account ({to}) [-5] - mta4.mail.yahoo.com.example",
    "hard",
    "mailbox_unknown",
    "yahoo",
  ],
  [
    "yahoo-full",
    3,
    "purplemail.test",
    "5.0.0",
    "554 delivery error: dd Sorry, your message to {to} cannot be delivered. This account is over quota. - mta4.mail.yahoo.com.example",
    "soft",
    "mailbox_full",
    "yahoo",
  ],
  [
    "yahoo-policy",
    3,
    "purplemail.test",
    "5.7.9",
    "554 5.7.9 Message not allowed - [299] Email not accepted for policy reasons. Please visit https://postmaster.yahooinc.com.example/error-codes",
    "block",
    "policy",
    "yahoo",
  ],
  [
    "apple-alias",
    5,
    "fruitcloud.test",
    "5.1.1",
    "550 5.1.1 unknown or illegal alias: {to} (support.apple.com.example)",
    "hard",
    "mailbox_unknown",
    "apple",
  ],
  [
    "gmx-unknown",
    4,
    "nordpost.test",
    "5.1.1",
    "550 Requested action not taken: mailbox unavailable (mxgmx016) Nemesis ESMTP {id}",
    "hard",
    "mailbox_unknown",
    "gmx",
  ],
  [
    "t-online-block",
    3,
    "rosapost.test",
    "5.7.0",
    "554 IP=192.0.2.10 - A problem occurred. (Ask your postmaster for help or to contact tosa@rx.t-online.de.example to clarify.) (BL)",
    "block",
    "ip_reputation",
    "t-online",
  ],
  [
    "mimecast-policy",
    3,
    "harbour-law.example",
    "5.0.0",
    "554 Email rejected due to security policies - https://community.mimecast.com.example/docs/DOC-1369#554 [{id}]",
    "block",
    "attachment_blocked",
    "mimecast",
  ],
  [
    "spamhaus",
    3,
    "quartz-tools.example",
    "5.7.1",
    "554 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.example",
    "block",
    "ip_reputation",
    null,
  ],
  [
    "postfix-unknown",
    8,
    "maple-books.example",
    "5.1.1",
    "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table",
    "hard",
    "mailbox_unknown",
    null,
  ],
  [
    "dovecot-full",
    5,
    "lakeside.example",
    "5.2.2",
    "552 5.2.2 <{to}> Quota exceeded (mailbox for user is full)",
    "soft",
    "mailbox_full",
    null,
  ],
  [
    "too-big",
    2,
    "quartz-tools.example",
    "5.3.4",
    "552 5.3.4 Message size exceeds fixed limit",
    "soft",
    "message_too_large",
    null,
  ],
];

export const DEMO_REFUSALS: readonly DemoRefusal[] = ROWS.map(
  ([id, weight, domain, status, text, severity, reason, provider]) => ({
    id,
    weight,
    domain,
    host: `mx1.${domain}`,
    status,
    text,
    stage: severity === "block" ? "end of DATA" : "RCPT TO",
    severity,
    reason,
    provider,
  }),
);
