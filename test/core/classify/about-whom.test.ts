/** Whom a refusal is about, and for how long: kinds that words alone get wrong. */
import { describe, expect, test } from "vitest";
import { classify, emptyRefusal } from "../../../src/core/classify/classify.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const rules = loadRules();
const verdictOf = (text: string) => classify({ ...emptyRefusal, text, action: "failed" }, { rules });

describe("the recipient is unknown, whatever else stands there", () => {
  test.each([
    "550 5.4.1 All recipient addresses rejected : Access denied [DB5EUR03FT012.eop-EUR03.prod.protection.outlook.com]",
    "550 5.4.1 Recipient address rejected: Access denied. [AM7EUR06FT003.eop-eur06.prod.protection.outlook.com]",
    "550 5.1.1 <jo@shop.example>: Recipient address rejected: User unknown in virtual mailbox table",
    "550 No such user here",
    "550 Unrouteable address",
    "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)",
    "550 unknown user <jo@spam.example>",
    "550 5.1.1 <full.disabled@quota.example>: no such recipient",
    "550 Mailbox of this user does not exist",
    "550 one of the recipients is unknown",
    "550 two of the recipients are unknown",
    "550 User clement not found",
    "550 the user's account was not found",
    "550 Lookup for user returned: no such user",
    "550 La cuenta del usuario no existe",
    "550 Helaas bestaat de gebruiker niet",
    "550 Diese Adresse existiert nicht, da der Benutzer unbekannt ist",
  ])("%s", (text) => expect(verdictOf(text)).toMatchObject({ reason: "mailbox_unknown", severity: "hard" }));
});

describe("an unknown user who is only counted, or named with something else, is no unknown recipient", () => {
  test.each([
    "550 5.7.1 unknown user limit exceeded for your network",
    "554 5.7.1 You may not connect, user unknown attempts exceeded",
    "550 invalid recipient rate too high",
    "550 zu viele unbekannte Adressaten von Ihrem Server",
    "550 trop de destinataires inexistants",
    "550 Ihr Server wurde wegen Mails an unbekannte Nutzer gesperrt",
    "554 Your host is suspended: mail to unknown users",
    "451 No se encuentra la base de datos de usuarios",
    "550 המוען אינו קיים",
    "550 5.3.5 virtual alias domain map not found",
    "451 unknown user database error",
    "550 Mailbox store of this user is not available",
    "554 5.3.0 user's vacation program not found",
    "554 5.4.6 unknown loop for user detected",
    "550 5.6.0 header Reply-To: contains an invalid address",
    '550 5.6.0 Invalid recipient header: "To" is missing',
    "550 Error in processing: user script not found",
    "550 Address family not known",
    "550 mailbox folder not found",
    "550 user lookup script does not exist",
    "550 account type invalid",
    "550 Mail filter for user not found, contact support",
    "550 home directory of user not found",
    "550 delivery agent unknown for this user",
    "550 You are not known to this user, permission denied",
    "550 sieve ruleset of user does not exist",
    "550 No autoresponder for user",
    "550 public key of recipient not found",
    "550 storage pool for the mailbox does not exist",
    "550 user's time zone is invalid",
    "550 the user's vacation text was not found",
    "550 user authorisation not found",
    "550 mailbox replication partner unknown",
    "550 Zertifikat des Empfängers nicht gefunden",
    "550 certificat du destinataire introuvable",
    "550 la regla del usuario no existe",
    "550 certificato del destinatario non trovato",
    "451 4.3.0 unknown user lookup error, please try later",
  ])("%s", (text) => {
    expect(verdictOf(text).severity).not.toBe("hard");
    expect(verdictOf(text).reason).not.toBe("mailbox_unknown");
  });
});

describe("who takes no mail from us is there", () => {
  test.each([
    "550 Der Empfänger nimmt von Ihnen keine Mail an",
    "550 This user takes no messages from your domain",
    "550 The recipient accepts no mail from you",
    "550 L'utilisateur ne reçoit aucun mail de votre domaine",
    "550 El destinatario no acepta ningún correo de usted",
    "550 Modtageren tager ikke imod mail fra dig",
  ])("%s", (text) => {
    expect(verdictOf(text).severity).not.toBe("hard");
    expect(verdictOf(text).reason).not.toBe("mailbox_unknown");
  });
});

test("a word that begins like the recipient and goes on as the domain is the domain", () => {
  expect(verdictOf("550 Die Empfängerdomain existiert nicht").reason).toBe("domain_unknown");
});

test("a word of one language that begins one of another counts where its language explains the clause", () => {
  expect(verdictOf("550 Kotak surat tidak wujud")).toMatchObject({ reason: "mailbox_unknown", severity: "hard" });
  expect(verdictOf("550 Posta kutusunun kotası doldu")).toMatchObject({ reason: "mailbox_full" });
});

describe("a status of 5.1.1 gives way to words about somebody else", () => {
  test.each([
    [
      "550 5.1.1 <jo@shop.example>: blocked by administrator policy",
      ["policy", "recipient_other", "recipient_restricted"],
    ],
    ["550 5.1.1 Client host rejected: no reverse DNS for [203.0.113.9]", ["dns_misconfigured"]],
    ["550 5.1.1 <jo@shop.example>: user is overquota", ["mailbox_full"]],
    ["550 5.1.1 Sender address rejected: mailbox unavailable", ["sender_rejected"]],
    ["550 5.1.1 Sender verify failed: mailbox disabled", ["sender_rejected"]],
  ])("%s", (text, reasons) => {
    const { reason, severity } = verdictOf(text);
    expect(reasons).toContain(reason);
    expect(severity).not.toBe("hard");
  });
});

describe("a callout of theirs tells about our address", () => {
  test.each([
    "550 Verification failed for <news@sender.example>: mailbox unavailable. Sender verify failed",
    "550 Verification failed for <news@sender.example> The mail server could not deliver mail to news@sender.example. The account or domain may not exist. Sender verify failed",
    "550-Verification failed for <news@sender.example>",
    "553 5.1.7 Invalid address",
    "554 Message rejected: Email address is not verified. The following identities failed the check: news@sender.example",
    "There was an error delivering your mail to <jo@shop.example>.",
    "550-Verification failed for <news@sender.example>\n550-Called: 198.51.100.4\n550-Sent: RCPT TO:<news@sender.example>\n550-Response: 550 5.1.1 User unknown\n550 Sender verify failed",
    "550 5.7.1 Callback setup failed while verifying <news@sender.example>: user unknown",
    "450 4.1.7 <news@sender.example>: Sender address rejected: unverified address: host mx.sender.example[198.51.100.4] said: 550 5.1.1 User unknown",
  ])("%s", (text) => {
    expect(verdictOf(text).severity).not.toBe("hard");
    expect(verdictOf(text).reason).not.toBe("mailbox_unknown");
  });
});

describe("what passes is soft", () => {
  test.each([
    ["550 5.2.1 This mailbox is temporarily inactive", "mailbox_disabled"],
    ["550 The account is currently disabled, please try again later", "mailbox_disabled"],
    ["550 User account temporarily suspended", "mailbox_disabled"],
    ["450 4.2.1 Mailbox inactive", "mailbox_disabled"],
  ])("%s", (text, reason) => expect(verdictOf(text)).toMatchObject({ reason, severity: "soft" }));
});

test.each([
  ["550 5.2.1 The mailbox is inactive", "mailbox_disabled", "hard"],
  ["550 Temporarily inactive", "mailbox_disabled", "soft"],
  ["550 mailbox currently disabled, try again", "mailbox_disabled", "soft"],
  ["550 destin. sconosciuto", "mailbox_unknown", "hard"],
  ["550 La dirección no se encuentra en la libreta de direcciones", "mailbox_unknown", "hard"],
  ["550 該用戶不存在", "mailbox_unknown", "hard"],
  ["550 5.1.20 Multiple From addresses are not allowed without Sender address", "content_invalid", "soft"],
  ["451 4.7.0 Temporary server error. Please try again later. Session not proxied", "system_unavailable", "soft"],
  ["450 4.4.22 Cannot connect to the next server", "connection_failed", "soft"],
  ["550 5.7.40 gsmtp: the MAIL FROM domain does not have a DMARC record", "auth_failed", "block"],
  ["550 Jo Miller left us in March, please write to office@shop.example", "mailbox_disabled", "hard"],
  [
    "550 5.7.32 gsmtp: the From: header is not aligned with either the authenticated SPF or DKIM organizational domain",
    "auth_failed",
    "block",
  ],
  ["550 may not exist: jo@shop.example", "mailbox_unknown", "soft"],
  ["550 5.1.1 No valid recipients", "mailbox_unknown", "hard"],
  ["503 5.5.1 Error: need RCPT command", "protocol_error", "soft"],
])("%s is %s, %s", (text, reason, severity) => expect(verdictOf(text)).toMatchObject({ reason, severity }));

test("a login that failed says nothing of the recipient", () => {
  expect(verdictOf("535 Authentication error: unknown user or bad password").severity).not.toBe("hard");
  expect(verdictOf("535 Błąd: niepoprawny użytkownik").severity).not.toBe("hard");
});

describe("a group that may not exist, or that strangers may not write to, is a closed group", () => {
  test.each([
    "550 The group does not exist or you do not have permission to post",
    "550 5.1.1 Die Liste gibt es nicht, oder Sie dürfen dort nicht schreiben",
    "550 Group not found, or members only",
  ])("%s", (text) => expect(verdictOf(text)).toMatchObject({ reason: "recipient_restricted", severity: "block" }));
  test("without the alternative it does not exist", () =>
    expect(verdictOf("550 5.1.1 No such mailing list")).toMatchObject({ reason: "mailbox_unknown", severity: "hard" }));
});

test("hosts that a log names say nothing of a refusal in words that nobody knows", () => {
  const text =
    "postfix/smtp[811]: to=<jo@shop.example>, relay=mx.shop.example[192.0.2.3]:25, status=bounced (host mx.shop.example[192.0.2.3] said: 550 Empfaenger xyzzy (in reply to RCPT TO command))";
  expect(verdictOf(text)).not.toMatchObject({ reason: "ip_reputation" });
});

test("letters that a log escaped are read", () => {
  const text = String.raw`{"response":"550 \u7528\u6237\u4e0d\u5b58\u5728"}`;
  expect(verdictOf(text)).toMatchObject({ reason: "mailbox_unknown", severity: "hard" });
});

test("`do not try again` is no promise that it passes", () => {
  expect(verdictOf("550 5.1.1 No such user. Do not try again").severity).toBe("hard");
  expect(verdictOf("554 Message refused, do not try again").reason).toBe("policy");
});

describe("the server that decided is read, whoever quotes it", () => {
  const REPLIES = [
    ["550 5.1.1 <jo@shop.example>: Recipient address rejected: User unknown", "mailbox_unknown", "hard"],
    ["552 5.2.2 Mailbox is full", "mailbox_full", "soft"],
    ["550 5.7.1 Sender address rejected: user unknown", "sender_rejected", "block"],
    ["550 5.7.1 Client host [203.0.113.9] blocked using zen.spamhaus.org", "ip_reputation", "block"],
  ] as const;
  const WRAPPERS = [
    (reply: string) =>
      `<jo@shop.example>: host mx.shop.example[192.0.2.7] said: ${reply} (in reply to RCPT TO command)`,
    (reply: string) => `SMTP error from remote mail server after RCPT TO:<jo@shop.example>: ${reply}`,
    (reply: string) =>
      `Nov 29 10:11:12 out postfix/smtp[4711]: 4bXq2: to=<jo@shop.example>, relay=mx.shop.example[192.0.2.7]:25, delay=1.2, dsn=${reply.slice(4, 9)}, status=bounced (host mx.shop.example[192.0.2.7] said: ${reply} (in reply to RCPT TO command))`,
    (reply: string) =>
      `2026-11-29 10:11:12 1abcDE-000123-AB ** jo@shop.example R=dnslookup T=remote_smtp H=mx.shop.example [192.0.2.7]: SMTP error from remote mail server after RCPT TO:<jo@shop.example>: ${reply}`,
    (reply: string) =>
      `delivery 17: failure: 192.0.2.7_does_not_like_recipient./Remote_host_said:_${reply.replaceAll(" ", "_")}/Giving_up_on_192.0.2.7./`,
    (reply: string) => `Error: Can't send mail - all recipients were rejected: ${reply}`,
    (reply: string) => `SMTP Error: data not accepted. SMTP server error: DATA END command failed Detail: ${reply}`,
    (reply: string) =>
      `An error occurred while sending mail. The mail server responded:  ${reply}. Please check the message recipient and try again.`,
    (reply: string) =>
      `Your message did not reach some or all of the intended recipients. The server responded: ${reply}`,
    (reply: string) => `{"error":{"code":"EENVELOPE","response":"${reply}","responseCode":${reply.slice(0, 3)}}}`,
    (reply: string) =>
      `jo@shop.example\n    host mx.shop.example [192.0.2.7]\n    SMTP error from remote mail server after RCPT TO:<jo@shop.example>:\n    ${reply}`,
    (reply: string) => `Remote host said: ${reply}\nGiving up on 192.0.2.7.`,
    (reply: string) => reply.replace(/^(\d{3}) (\d\.\d\.\d) (\S+) /, "$1-$2 $3\r\n$1 $2 "),
  ];
  const CASES = REPLIES.flatMap(([reply, reason, severity]) =>
    WRAPPERS.map((wrap) => [wrap(reply), reason, severity] as const),
  );
  test.each(CASES)("%s", (text, reason, severity) => expect(verdictOf(text)).toMatchObject({ reason, severity }));
});
