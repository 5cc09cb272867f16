/** Lines as each system writes them, and what is read of them. Those of Postfix, Exim, OpenSMTPD and sendmail also run live. */
import { expect, test } from "vitest";
import { reportedRefusalSchema, type ReportedRefusalInput } from "../../src/core/refusals/refusal.ts";
import type { LogFormatId } from "../../src/follow/formats/ids.ts";
import { LOG_FORMATS, logFormatOf } from "../../src/follow/formats/index.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");

function readAll(format: LogFormatId, text: string, state: unknown = null) {
  const reader = logFormatOf(format).create(state);
  const all: ReportedRefusalInput[] = [];
  const unreadable: string[] = [];
  for (const line of text.trim().split("\n")) {
    const reading = reader.read(line, NOW);
    if (reading.kind === "refusals") all.push(...reading.refusals);
    if (reading.kind === "unreadable") unreadable.push(line);
  }
  for (const refusal of all)
    expect(reportedRefusalSchema.safeParse(refusal).error, JSON.stringify(refusal)).toBeUndefined();
  const refusals = all.filter(({ action }) => action !== "delivered");
  const delivered = all.filter(({ action }) => action === "delivered");
  return { refusals, delivered, unreadable, state: () => JSON.parse(JSON.stringify(reader.state())) as unknown };
}

const POSTFIX = `
2026-11-29T10:00:00.100000+00:00 mx1 postfix/smtpd[1]: 4XyZ1: client=app[192.0.2.9]
2026-11-29T10:00:00.200000+00:00 mx1 postfix/cleanup[2]: 4XyZ1: message-id=<1@shop.example>
2026-11-29T10:00:00.300000+00:00 mx1 postfix/qmgr[3]: 4XyZ1: from=<b+x@bounces.example>, size=500, nrcpt=4 (queue active)
2026-11-29T10:00:01.000000+00:00 mx1 postfix/smtp[4]: 4XyZ1: to=<gone@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, delays=0.1/0/0.4/0.5, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 <gone@example.org>: User unknown (in reply to RCPT TO command))
2026-11-29T10:00:01.000000+00:00 mx1 postfix/smtp[4]: 4XyZ1: to=<final@example.net>, orig_to=<alias@shop.example>, relay=none, delay=1, delays=0.1/0/1/0, dsn=4.4.1, status=deferred (connect to mx.example.net[192.0.2.2]:25: Connection timed out)
2026-11-29T10:00:01.000000+00:00 mx1 postfix/smtp[4]: 4XyZ1: to=<late@example.org>, relay=mx.example.org[192.0.2.1]:25, conn_use=2, delay=1, delays=0.1/0/1/0, dsn=4.7.1, status=deferred (host mx.example.org[192.0.2.1] said: 451 4.7.1 Greylisted (in reply to RCPT TO command))
2026-11-29T10:00:01.000000+00:00 mx1 postfix/smtp[4]: 4XyZ1: to=<fine@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, delays=0.1/0/1/0, dsn=2.0.0, status=sent (250 2.0.0 OK)
2026-11-29T10:10:01.000000+00:00 mx1 postfix/smtp[4]: 4XyZ1: to=<late@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=601, delays=0.1/0/1/0, dsn=2.0.0, status=sent (250 2.0.0 OK)
`;
const EXPIRED = `
2026-11-29T11:00:00.000000+00:00 mx1 postfix/qmgr[3]: 4XyZ1: from=<b+x@bounces.example>, status=expired, returned to sender
2026-11-29T11:00:00.000000+00:00 mx1 postfix/bounce[5]: 4XyZ1: sender non-delivery notification: 4XyZ2
2026-11-29T11:00:00.000000+00:00 mx1 postfix/qmgr[3]: 4XyZ1: removed
`;
const shared = {
  returnPath: "b+x@bounces.example",
  messageId: "<1@shop.example>",
  queueId: "4XyZ1",
  reportingMta: "mx1",
  software: "postfix",
};

test("Postfix: one refusal for each recipient and attempt, joined by queue id; an expiry fails who was still delayed", () => {
  const before = readAll("postfix", POSTFIX);
  expect(before.unreadable).toEqual([]);
  expect(before.refusals).toEqual([
    {
      ...shared,
      recipient: "gone@example.org",
      action: "failed",
      status: "5.1.1",
      remoteMta: "mx.example.org",
      at: "2026-11-29T10:00:01.000Z",
      diagnostic:
        "host mx.example.org[192.0.2.1] said: 550 5.1.1 <gone@example.org>: User unknown (in reply to RCPT TO command)",
    },
    expect.objectContaining({
      recipient: "final@example.net",
      originalRecipient: "alias@shop.example",
      action: "delayed",
      status: "4.4.1",
    }),
    expect.objectContaining({ recipient: "late@example.org", action: "delayed", status: "4.7.1" }),
  ]);
  expect(before.refusals[1]).not.toHaveProperty("remoteMta");
  // As after a restart: the state is what was stored.
  const after = readAll("postfix", EXPIRED, before.state());
  expect(after.refusals).toEqual([
    {
      ...shared,
      recipient: "final@example.net",
      originalRecipient: "alias@shop.example",
      action: "failed",
      status: "4.4.1",
      diagnostic: "connect to mx.example.net[192.0.2.2]:25: Connection timed out",
      at: "2026-11-29T11:00:00.000Z",
    },
  ]);
  expect(after.state()).toEqual([]);
});

const postfixLine = (rest: string, program = "postfix/smtp[4]") => `Nov 29 10:00:01 mx1 ${program}: ${rest}`;
const OUTCOME = "relay=evil.test[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced";

test("Postfix: nothing that a stranger writes makes a line about another recipient", () => {
  const forged =
    "to=<victim@example.org>, relay=mx[1.2.3.4]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (550 no";
  const lines = [
    // A reply.
    postfixLine(`4XyZ1: to=<me@evil.test>, ${OUTCOME} (host evil.test[192.0.2.1] said: 550 x) 4XyZ2: ${forged})`),
    // A Message-ID, a subject that header_checks logs, HELO and sender of a client.
    postfixLine(`4XyZ1: message-id=<x> ${forged}`, "postfix/cleanup[1]"),
    postfixLine(`4XyZ1: warning: header Subject: ${forged} from x[1.2.3.4]; from=<a@b.test>`, "postfix/cleanup[1]"),
    postfixLine(
      `NOQUEUE: reject: RCPT from x[1.2.3.4]: 554 5.7.1 ${forged}; proto=ESMTP helo=<${forged}>`,
      "postfix/smtpd[1]",
    ),
    // A program of another name.
    postfixLine(`4XyZ1: ${forged})`, "sshd[1]"),
    postfixLine(`4XyZ1: ${forged})`, "smtp[1]"),
    // An address that was signed up, as new versions write it, and as old ones do.
    postfixLine(`4XyZ1: to=<"a@evil.test>, orig_to=<victim@example.org>, ${OUTCOME} ("@evil.test>, ${OUTCOME} (said)`),
    postfixLine(`4XyZ1: to=<a@evil.test>, orig_to=<victim@example.org>, ${OUTCOME} (@evil.test>, ${OUTCOME} (said)`),
    postfixLine(`4XyZ1: to=<a@evil.test>, orig_to=<victim@example.org>, x@evil.test>, ${OUTCOME} (said)`),
  ];
  expect(readAll("postfix", lines.join("\n")).refusals).toEqual([]);
  const [first, ...others] = readAll("postfix", lines[0]!.replace(", relay=mx[1.2.3.4]:25", "")).refusals;
  expect([first?.recipient, others]).toEqual(["me@evil.test", []]);
});

test("Postfix: notices, probes, other programs and head-less lines", () => {
  const { refusals, unreadable } = readAll(
    "postfix",
    [
      postfixLine("4Null: from=<>, size=500, nrcpt=1 (queue active)", "postfix/qmgr[3]"),
      postfixLine(`4Null: to=<stranger@example.org>, ${OUTCOME} (host said: 550 no)`),
      postfixLine(`4Prob: to=<probe@example.org>, ${OUTCOME.replace("bounced", "undeliverable")} (host said: 550 no)`),
      postfixLine("connect from app[192.0.2.9]", "postfix/smtpd[3]"),
      postfixLine("4XyZ1: to=<cut@example.org>, relay=mx"),
      "no head",
    ].join("\n"),
  );
  expect(refusals).toEqual([]);
  expect(unreadable).toHaveLength(2);
});

test("a date without a year is of the last twelve months", () => {
  const at = (stamp: string): string | undefined =>
    readAll("postfix", postfixLine(`4XyZ1: to=<a@b.test>, ${OUTCOME} (550 no)`).replace("Nov 29 10:00:01", stamp))
      .refusals[0]?.at;
  const local = (...parts: [number, number, number, number]): string =>
    new Date(parts[0], parts[1], parts[2], parts[3]).toISOString();
  expect(at("Nov 29 10:00:00")).toBe(local(2026, 10, 29, 10));
  expect(at("Nov  9 10:00:00")).toBe(local(2026, 10, 9, 10));
  expect(at("Dec 31 10:00:00")).toBe(local(2025, 11, 31, 10));
});

test("Exim: failures and delays, with the sender and Message-ID of the arrival", () => {
  const { refusals, unreadable } = readAll(
    "exim",
    `
2026-11-29 10:00:00 +0000 1tABCD-00000001abc-2XyZ <= b+x@bounces.example H=app (helo) [192.0.2.9] P=esmtp S=500 id=1@shop.example T="say \\"x\\" id=forged@evil.test"
2026-11-29 10:00:01 +0000 1tABCD-00000001abc-2XyZ ** gone@example.org <alias@shop.example> R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<gone@example.org>: 550 5.1.1 User unknown
2026-11-29 10:00:01 +0000 1tABCD-00000001abc-2XyZ == late@example.org R=dnslookup T=remote_smtp defer (-44) H=mx.example.org [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<late@example.org>: 451 4.7.1 Greylisted
2026-11-29 10:05:01 +0000 1tABCD-00000001abc-2XyZ == late@example.org R=dnslookup T=remote_smtp defer (-53): retry time not reached for any host
2026-11-29 11:00:01 +0000 [77] 1tABCD-00000001abc-2XyZ ** late@example.org: retry timeout exceeded
2026-11-29 11:00:01 +0000 1tABCD-00000001abc-2XyZ Completed
2026-11-29 11:00:02 +0000 1tABCE-00000001abc-2XyZ <= <> R=1tABCD-00000001abc-2XyZ U=exim P=local S=900
2026-11-29 11:00:02 +0000 1tABCE-00000001abc-2XyZ ** stranger@example.org R=dnslookup T=remote_smtp H=mx [192.0.2.1]: 550 no
2026-11-29 11:00:03 +0000 SMTP connection from x closed ** victim@example.org
`,
  );
  expect(unreadable).toEqual([]);
  expect(refusals).toMatchObject([
    {
      recipient: "gone@example.org",
      originalRecipient: "alias@shop.example",
      action: "failed",
      returnPath: "b+x@bounces.example",
      messageId: "<1@shop.example>",
      remoteMta: "mx.example.org",
      queueId: "1tABCD-00000001abc-2XyZ",
      at: "2026-11-29T10:00:01.000Z",
      diagnostic: "SMTP error from remote mail server after RCPT TO:<gone@example.org>: 550 5.1.1 User unknown",
    },
    { recipient: "late@example.org", action: "delayed" },
    {
      recipient: "late@example.org",
      action: "failed",
      remoteMta: "mx.example.org",
      diagnostic: expect.stringMatching(/451 4\.7\.1 Greylisted: retry timeout exceeded$/),
    },
  ]);
});

test("Sendmail: one line may name several recipients; mail that is given up fails who was still delayed", () => {
  const { refusals, unreadable } = readAll(
    "sendmail",
    `
Nov 29 10:00:00 mx1 sm-mta[1]: 4ATA0001000001: from=<b+x@bounces.example>, size=500, class=0, nrcpts=3, msgid=<1@shop.example>, proto=ESMTP, daemon=MTA, relay=app [192.0.2.9]
Nov 29 10:00:01 mx1 sm-mta[2]: 4ATA0001000001: to=<gone@example.org>,<also@example.org>, delay=00:00:01, xdelay=00:00:01, mailer=esmtp, pri=120500, relay=mx.example.org. [192.0.2.1], dsn=5.1.1, reply=550 5.1.1 No such user, stat=User unknown
Nov 29 10:00:01 mx1 sm-mta[2]: 4ATA0001000001: to=<late@example.net>, delay=00:00:01, xdelay=00:00:00, mailer=esmtp, pri=120500, relay=mx.example.net., dsn=4.0.0, stat=Deferred: Connection refused by mx.example.net.
Nov 29 10:00:01 mx1 sm-mta[2]: 4ATA0001000001: to=<fine@example.org>, delay=00:00:01, xdelay=00:00:01, mailer=esmtp, pri=120500, relay=mx.example.org. [192.0.2.1], dsn=2.0.0, stat=Sent (250 OK)
Nov 29 11:00:01 mx1 sm-mta[2]: 4ATA0001000001: 4ATA0001000002: sender notify: Cannot send message for 5 days
`,
  );
  expect(unreadable).toEqual([]);
  const mail = { returnPath: "b+x@bounces.example", messageId: "<1@shop.example>", queueId: "4ATA0001000001" };
  expect(refusals).toMatchObject([
    {
      ...mail,
      recipient: "gone@example.org",
      action: "failed",
      remoteMta: "mx.example.org",
      diagnostic: "550 5.1.1 No such user (User unknown)",
    },
    { ...mail, recipient: "also@example.org", action: "failed", status: "5.1.1" },
    {
      ...mail,
      recipient: "late@example.net",
      action: "delayed",
      diagnostic: "Deferred: Connection refused by mx.example.net.",
    },
    { ...mail, recipient: "late@example.net", action: "failed", status: "4.0.0" },
  ]);
});

test("OpenSMTPD: its one line for each delivery", () => {
  const line = (result: string, stat: string): string =>
    `Nov 29 10:00:01 mx1 smtpd[1]: 0b1d6a4e3c0f1a77 mta delivery evpid=9a1c4d2b5d1f0c33 from=<b+x@bounces.example> to=<gone@example.org> rcpt=<-> source="192.0.2.9" relay="192.0.2.1 (mx.example.org)" delay=1s result="${result}" stat="${stat}"`;
  const { refusals, unreadable } = readAll(
    "opensmtpd",
    [
      line("PermFail", '550 5.1.1 No "such" user'),
      line("TempFail", "451 4.7.1 later"),
      line("Ok", "250 OK"),
      line("PermFail", "550 x").replace("from=<b+x@bounces.example>", "from=<>"),
      "Nov 29 10:00:01 mx1 smtpd[1]: 0b1d6a4d9a1e5a5c smtp connected address=192.0.2.9 host=app",
    ].join("\n"),
  );
  expect(unreadable).toEqual([]);
  const mail = {
    recipient: "gone@example.org",
    queueId: "9a1c4d2b5d1f0c33",
    remoteMta: "mx.example.org",
    returnPath: "b+x@bounces.example",
  };
  expect(refusals).toMatchObject([
    { ...mail, action: "failed", diagnostic: '550 5.1.1 No "such" user' },
    { ...mail, action: "delayed", diagnostic: "451 4.7.1 later" },
  ]);
});

const KUMO = {
  type: "Bounce",
  id: "d7ef132b5d7711eea8c8000c29c33806",
  sender: "b+x@bounces.example",
  recipient: "gone@example.org",
  queue: "campaign:tenant@example.org",
  site: "mx.example.org->smtp_client",
  size: 500,
  response: {
    code: 550,
    enhanced_code: { class: 5, subject: 1, detail: 1 },
    content: "No such user",
    command: "RCPT TO:<gone@example.org>",
  },
  peer_address: { name: "mx.example.org.", addr: "192.0.2.1" },
  timestamp: 1_795_946_401,
  created: 1_795_946_400,
  num_attempts: 0,
  bounce_classification: "InvalidRecipient",
  egress_pool: null,
  meta: { campaign: "c42" },
  headers: { "Message-ID": "<1@shop.example>", Subject: "Hello" },
};

test("KumoMTA: records of failures; recipients may be a list", () => {
  const { refusals, unreadable } = readAll(
    "kumomta",
    [
      KUMO,
      { ...KUMO, type: "TransientFailure", num_attempts: 2, event_time: "2026-11-29T10:00:01.5Z" },
      { ...KUMO, type: "Expiration", recipient: ["a@example.org", "b@example.org"] },
      { ...KUMO, type: "Delivery" },
      { ...KUMO, type: "OOB" },
      { ...KUMO, recipient: 7 },
      { ...KUMO, sender: "" },
    ]
      .map((record) => JSON.stringify(record))
      .join("\n") + "\n{",
  );
  expect(unreadable).toHaveLength(2);
  expect(refusals).toMatchObject([
    {
      recipient: "gone@example.org",
      action: "failed",
      reply: "550 5.1.1 No such user",
      status: "5.1.1",
      messageId: "<1@shop.example>",
      tag: "c42",
      headers: { Subject: "Hello" },
    },
    { action: "delayed", attempt: 2, at: "2026-11-29T10:00:01.500Z" },
    { recipient: "a@example.org", action: "failed" },
    { recipient: "b@example.org", action: "failed" },
  ]);
});

test("PowerMTA: the columns are those of the first line, in whatever order, also after a restart", () => {
  const head =
    "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,vmta,jobId,header_Message-Id";
  const row = (type: string, rcpt = "gone@example.org"): string =>
    `${type},2026-11-29 10:00:01+0000,2026-11-29 10:00:00+0000,b+x@bounces.example,${rcpt},,failed,5.1.1 (bad destination mailbox address),"smtp;550 5.1.1 No ""such"" user, sorry",mx.example.org (192.0.2.1),bad-mailbox,smtp,v1,c42,<1@shop.example>`;
  const first = readAll("powermta", [head, row("b"), row("d"), row("rb")].join("\n"));
  expect(first.unreadable).toEqual([]);
  expect(first.refusals).toMatchObject([
    {
      recipient: "gone@example.org",
      action: "failed",
      status: "5.1.1",
      diagnostic: 'smtp;550 5.1.1 No "such" user, sorry',
      remoteMta: "mx.example.org",
      tag: "c42",
      messageId: "<1@shop.example>",
      returnPath: "b+x@bounces.example",
      at: "2026-11-29T10:00:01.000Z",
    },
  ]);
  const seconds = readAll(
    "powermta",
    `type,timeLogged,orig,rcpt,bounceCat\nb,1795946401,a@shop.example,gone@example.org,other`,
  );
  expect(seconds.refusals).toMatchObject([{ diagnostic: "other", at: "2026-11-29T10:00:01.000Z" }]);
  const second = readAll("powermta", [row("t"), row("b").replace('"smtp', '"sm"tp')].join("\n"), first.state());
  expect(second.refusals).toMatchObject([{ action: "delayed" }]);
  expect(second.unreadable).toHaveLength(1);
  const other = readAll(
    "powermta",
    "type,rcpt,timeLogged,dsnDiag\nb,gone@example.org,2026-11-29 10:00:01+0000,smtp;550 no",
  );
  expect(other.refusals).toMatchObject([{ recipient: "gone@example.org", diagnostic: "smtp;550 no" }]);
});

test("deliveries, of every format; mail that a filter on this machine takes is none yet", () => {
  const recipientsOf = (format: LogFormatId, text: string): readonly string[] => {
    const { delivered, unreadable } = readAll(format, text);
    expect(unreadable).toEqual([]);
    return delivered.map(({ recipient, remoteMta = "", sendingAddress = "" }) =>
      [recipient, remoteMta, sendingAddress].filter((word) => word !== "").join(" "),
    );
  };
  const head = "2026-11-29T10:00:00Z mx1";
  expect(recipientsOf("postfix", POSTFIX)).toEqual([
    "fine@example.org mx.example.org",
    "late@example.org mx.example.org",
  ]);
  const sent = (service: string, relay: string): string =>
    `${head} postfix/${service}[4]: 4XyZ9: to=<a@example.org>, relay=${relay}, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 OK)`;
  const lines = [sent("smtp", "127.0.0.1[127.0.0.1]:10024"), sent("pipe", "filter"), sent("discard", "none")];
  expect(
    recipientsOf("postfix", [...lines, sent("local", "local"), sent("lmtp", "mx.example[192.0.2.7]:24")].join("\n")),
  ).toEqual(["a@example.org local", "a@example.org mx.example"]);
  const exim = `2026-11-29 10:00:00 1tABCD-00000001abc-2XyZ <= b@bounces.example H=app [192.0.2.9] P=esmtp S=500 id=1@shop.example
2026-11-29 10:00:01 1tABCD-00000001abc-2XyZ => user@example.org <alias@example.com> R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.1] X=TLS1.3 C="250 OK H=evil.example [1.2.3.4]"
2026-11-29 10:00:01 1tABCD-00000001abc-2XyZ -> ann@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.1] C="250 OK"
2026-11-29 10:00:01 1tABCD-00000001abc-2XyZ => bob <bob@shop.example> R=localuser T=local_delivery
2026-11-29 10:00:01 1tABCD-00000001abc-2XyZ => eve@example.org R=scan T=filter H=localhost [127.0.0.1]
2026-11-29 10:00:01 1tABCD-00000001abc-2XyZ => |/usr/bin/procmail <x@shop.example> R=pipe T=address_pipe
2026-11-29 10:00:01 1tABCD-00000001abc-2XyZ *> dry@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.1]`;
  expect(recipientsOf("exim", exim)).toEqual([
    "user@example.org mx.example.org",
    "ann@example.org mx.example.org",
    "bob@shop.example",
    "x@shop.example",
  ]);
  const sendmail = (to: string, relay: string, stat: string): string =>
    `${head} sm-mta[13]: 4ATA0001234567: to=${to}, delay=00:00:01, xdelay=00:00:01, mailer=esmtp, pri=120500, relay=${relay}, dsn=2.0.0, stat=${stat}`;
  const mailer = [
    sendmail("<a@example.org>,<b@example.org>", "mx.example.org. [192.0.2.1]", "Sent (OK)"),
    sendmail("<c@example.org>", "[127.0.0.1] [127.0.0.1]", "Sent (4ATA0001234568 Message accepted for delivery)"),
  ];
  expect(recipientsOf("sendmail", mailer.join("\n"))).toEqual([
    "a@example.org mx.example.org",
    "b@example.org mx.example.org",
  ]);
  expect(
    recipientsOf(
      "opensmtpd",
      `${head} smtpd[12]: 0b1d6a4e3c0f1a77 mta delivery evpid=9a1c4d2b5d1f0c33 from=<b@bounces.example> to=<user@example.org> rcpt=<-> source="192.0.2.9" relay="192.0.2.1 (mx.example.org)" delay=1s result="Ok" stat="250 2.0.0 OK"`,
    ),
  ).toEqual(["user@example.org mx.example.org 192.0.2.9"]);
  const record = {
    type: "Delivery",
    id: "K1",
    sender: "b@bounces.example",
    recipient: ["ann@example.org"],
    response: { code: 250, content: "OK" },
    peer_address: { name: "mx.example.org.", addr: "192.0.2.1" },
    source_address: { address: "192.0.2.9:0" },
    timestamp: 1795946400,
  };
  expect(recipientsOf("kumomta", JSON.stringify(record))).toEqual(["ann@example.org mx.example.org. 192.0.2.9"]);
  const powermta = `type,timeLogged,orig,rcpt,dsnStatus,dsnMta,dlvSourceIp,jobId
d,2026-11-29 10:00:00+0000,b@bounces.example,ann@example.org,2.0.0 (success),mx.example.org (192.0.2.1),192.0.2.9,spring`;
  expect(recipientsOf("powermta", powermta)).toEqual(["ann@example.org mx.example.org 192.0.2.9"]);
});

test("no line makes a reader throw, and a state that is none of its own is as if there were none", () => {
  const odd = [
    "",
    "\0",
    "{}",
    "[]",
    "null",
    ",",
    '"',
    "a".repeat(60_000),
    `${"<".repeat(30_000)}>`,
    "to=<".repeat(10_000),
    POSTFIX,
  ];
  for (const format of LOG_FORMATS)
    for (const state of [null, 7, "x", {}, [["a", 1]], [["a", { delayed: [{}] }]]])
      for (const line of odd)
        expect(["other", "refusals", "unreadable"], format.id).toContain(format.create(state).read(line, NOW).kind);
});

test("what is remembered of mail in the queue is bounded", () => {
  const reader = logFormatOf("postfix").create(null);
  for (let n = 0; n < 60_000; n++)
    reader.read(postfixLine(`Q${n}aaaa: from=<a@b.test>, size=1, nrcpt=1 (queue active)`, "postfix/qmgr[1]"), NOW);
  const { length } = reader.state() as readonly unknown[];
  expect(length).toBeGreaterThan(40_000);
  expect(length).toBeLessThanOrEqual(50_000);
});
