/**
 * Attacks by somebody who knows what one of six attackers knows: `docs/proof.md` lists them by name. Whatever they send,
 * nobody but the attacker himself may come out as credible.
 */
import { createHmac } from "node:crypto";
import { createReturnPath } from "../../../src/client/return-path.ts";
import { createToken } from "../../../src/client/token.ts";
import type { ReportSignal } from "../../../src/event/event.ts";
import { ed25519Key, rsaKey, signed } from "../../support/dkim.ts";

export const DOMAIN = "bounces.example.com";
export const SECRET = "0123456789abcdef0123456789abcdef";
export const ME = "attacker@evil.test";
export const KEY = rsaKey();
export const VICTIMS = Array.from({ length: 5 }, (_, at) => `victim${at}@victims.test`);
const [V = "", W = ""] = VICTIMS;

export interface Attack {
  readonly attacker: string;
  /** As docs/proof.md names it. */
  readonly name: string;
  readonly messages: readonly {
    readonly to: string;
    readonly text: string;
    readonly signals?: readonly ReportSignal[];
  }[];
}

export const UNBOUND_KEY = "key-of-batv-and-srs";

const PLAIN = `b@${DOMAIN}`;
const path = createReturnPath({ domain: DOMAIN, recipient: ME, secrets: [SECRET] });
const token = createToken({ recipient: ME, secrets: [SECRET] });
const now = new Date();

const macOf = (signed: string): Buffer => createHmac("sha1", UNBOUND_KEY).update(signed).digest();
const today = Math.floor(now.getTime() / 86_400_000);
function batvPath(): string {
  const stamp = `0${String((today + 5) % 1000).padStart(3, "0")}`;
  return `prvs=${stamp}${macOf(`${stamp}${PLAIN}`).toString("hex").slice(0, 6)}=${PLAIN}`;
}
function srsPath(): string {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const stamp = `${digits[Math.floor((today % 1024) / 32)]}${digits[today % 32]}`;
  const hash = macOf(`${stamp}author.testann`.toLowerCase()).toString("base64").slice(0, 12);
  return `SRS0=${hash}=${stamp}=author.test=ann@${DOMAIN}`;
}
/** Everybody who got such mail holds one of each. */
export const UNBOUND_PATHS = [
  createReturnPath({ domain: DOMAIN, tag: "campaign-42", secrets: [SECRET] }),
  batvPath(),
  srsPath(),
];

interface Names {
  readonly final: string;
  readonly original?: string;
}
let count = 0;
const head = (from = "MAILER-DAEMON@mx.evil.test"): string =>
  `From: ${from}\nTo: ${PLAIN}\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <${++count}@mx.evil.test>\nMIME-Version: 1.0\n`;
const dsn = (names: readonly Names[], returned = "Subject: news"): string => {
  const groups = names.map(({ final, original }) =>
    [
      ...(original ? [`Original-Recipient: rfc822; ${original}`] : []),
      `Final-Recipient: rfc822; ${final}`,
      "Action: failed",
      "Status: 5.1.1",
      "Diagnostic-Code: smtp; 550 5.1.1 no such user here",
    ].join("\n"),
  );
  return `${head()}Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: text/plain\n\nIt failed.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.evil.test\n\n${groups.join("\n\n")}\n\n--b\nContent-Type: text/rfc822-headers\n\n${returned}\n--b--\n`;
};
const arf = (fields: string, returned: string): string =>
  `${head("fbl@isp.test")}Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n${fields}\n\n--b\nContent-Type: text/rfc822-headers\n\n${returned}\n--b--\n`;
const unsubscribe = (from: string, subject = "unsubscribe"): string =>
  `From: ${from}\nTo: ${PLAIN}\nSubject: ${subject}\nMessage-ID: <${++count}@evil.test>\n\nunsubscribe\n`;

/** Nothing in it is signed. */
const made = (to: string): string =>
  `Return-Path: <${PLAIN}>\nMessage-ID: <made-up@${DOMAIN}>\nFrom: news@${DOMAIN}\nTo: ${to}\nSubject: news`;
const pass = (check: ReportSignal["check"], domain: string, detail: string | null): ReportSignal => ({
  check,
  result: "pass",
  domain,
  detail,
});
const alone: readonly Names[] = VICTIMS.map((final) => ({ final }));
const beside: readonly Names[] = VICTIMS.map((final) => ({ final, original: ME }));
const mail = (to: string | readonly string[], changes: Partial<Parameters<typeof signed>[1]> = {}): string => {
  const named = typeof to === "string" ? [`To: ${to}`] : to;
  const fields = [
    "From: news@example.com",
    ...named,
    "Subject: news",
    `Date: ${now.toUTCString()}`,
    "Message-ID: <1@x>",
  ];
  return signed(fields, { key: KEY, domain: "example.com", ...changes }).replaceAll("\r\n", "\n");
};
const mine = mail(ME);
const at = (to: string, ...texts: readonly string[]): Attack["messages"] => texts.map((text) => ({ to, text }));
const plain = (...texts: readonly string[]): Attack["messages"] => at(PLAIN, ...texts);
const withSignal = (
  text: string,
  check: ReportSignal["check"],
  domain: string,
  detail: string | null,
): Attack["messages"] => [{ to: PLAIN, text, signals: [pass(check, domain, detail)] }];
const attacks = (attacker: string, list: Readonly<Record<string, Attack["messages"]>>): readonly Attack[] =>
  Object.entries(list).map(([name, messages]) => ({ attacker, name, messages }));

/** A letter of the MAC changed. */
const tampered = (text: string): string => text.replace(/.(?=@|$)/, (end) => (end === "a" ? "b" : "a"));
const thousand: readonly Names[] = Array.from({ length: 1000 }, (_, index) => ({ final: `v${index}@victims.test` }));

export const ATTACKS: readonly Attack[] = [
  ...attacks("a stranger", {
    "a report to a plain address or postmaster": [...plain(dsn(alone)), ...at(`postmaster@${DOMAIN}`, dsn(alone))],
    "a report to a VERP address of the victim": at(`b+victim0=victims.test@${DOMAIN}`, dsn([{ final: V }])),
    "a Message-ID, From and Return-Path of our domain": plain(
      dsn(alone, `Return-Path: <${PLAIN}>\nMessage-ID: <made-up@${DOMAIN}>\nFrom: news@example.com\nTo: ${V}`),
    ),
    "a signed path that he made up": at(tampered(path).replace("attacker", "victimqx"), dsn(alone)),
    "a token that he made up": plain(dsn(alone, `X-Bounced-Token: ${tampered(token)}\nTo: ${V}`)),
    "our DKIM signature by a key of his own": plain(dsn(alone, mail(V, { key: rsaKey() }))),
    "our DKIM signature by a weak key of his own": plain(dsn(alone, mail(V, { key: rsaKey(768) }))),
    "our DKIM signature by an algorithm of his choice": plain(dsn(alone, mail(V, { key: ed25519Key() }))),
    "an unsubscribe in the victim's name": plain(unsubscribe(V), unsubscribe(V, token)),
    "a complaint in the victim's name": plain(arf(`Original-Rcpt-To: ${V}`, `To: ${V}\nFrom: news@example.com`)),
    "a report signed by the victim's provider about mail that is not ours": withSignal(
      dsn(alone),
      "dkim",
      "victims.test",
      "mailer-daemon@victims.test",
    ),
  }),
  ...attacks("the holder of one mail of ours", {
    "its header, and victims alone": plain(dsn(alone, mine), arf(`Original-Rcpt-To: ${V}`, mine)),
    "its header, and his name beside each victim": plain(dsn(beside, mine)),
    "another To above or below the signed one": plain(
      dsn(alone, `To: ${V}\n${mine}`),
      dsn(alone, `${mine}\nTo: ${V}`),
      dsn(alone, `TO:\n ${V}\n${mine}`),
    ),
    "the signed To, changed": plain(dsn(alone, mine.replace(`To: ${ME}`, `To: ${V}`))),
    "a Cc or Resent-To that is not signed": plain(
      dsn(alone, `Cc: ${V}\n${mine}`),
      dsn(alone, `Resent-To: ${V}\n${mine}`),
    ),
    "mail to him and a victim": plain(
      dsn(alone, mail(`${ME}, ${V}`)),
      dsn(alone, mail([`To: ${ME}`, `Cc: ${V}`])),
      dsn(alone, mail(`${V}, ${ME}`)),
    ),
    "mail with hidden recipients": plain(dsn(alone, mail("undisclosed-recipients:;")), dsn(alone, mail([]))),
    "a display name like a victim": plain(
      dsn(alone, mail(`"${V}" <${ME}>`)),
      dsn(alone, mail(`${V} <${ME}>`)),
      dsn(alone, mail(`=?utf-8?q?victim0=40victims.test?= <${ME}>`)),
      dsn(alone, mail(`${ME} (${V})`)),
      dsn(alone, mail(`<@victims.test,@evil.test:${ME}>`)),
    ),
    "a domain of other letters that look alike": plain(
      dsn([{ final: "attacker@ev\u0456l.test" }, { final: "attacker@EVIL.test.victims.test" }], mine),
    ),
    "a body length, an expired or a repeated tag": plain(
      dsn(alone, mail(V, { key: rsaKey(), tags: "l=0" })),
      dsn([{ final: V }], mail(V, { tags: "l=0" })),
      dsn([{ final: V }], mail(V, { tags: `x=${Math.floor(now.getTime() / 1000) - 3600}` })),
      dsn([{ final: V }], mail(V, { tags: "d=example.com" })),
    ),
    "a header of many signatures and fields": plain(
      dsn(
        alone,
        `${Array<string>(500).fill(mine.split("\nFrom:")[0]!).join("\n")}\n${"To: x@y.test\n".repeat(900)}${mine}`,
      ),
      dsn(alone, `To:${"\n ".repeat(3000)}${V}\n${mine}`),
    ),
    "a report that he signs as a user of the victim's provider": withSignal(
      dsn(alone, mail(`${ME}, ${V}`)),
      "dkim",
      "victims.test",
      "attacker@victims.test",
    ),
    "a report that his own domain signs": withSignal(
      dsn([...alone, ...VICTIMS.map((original) => ({ final: ME, original }))], mail(`${V}, ${W}`)),
      "dkim",
      "evil.test",
      "mailer-daemon@evil.test",
    ),
    "a report that the victim's provider forwards, sealed by ARC": withSignal(
      dsn(alone, mail(`${ME}, ${V}`)),
      "arc",
      "victims.test",
      "mailer-daemon@victims.test",
    ),
    "a report from a host of the victim's provider": [
      ...withSignal(dsn(alone, mail(`${ME}, ${V}`)), "spf", "victims.test", "mailer-daemon@victims.test"),
      ...withSignal(dsn(alone, mail(`${ME}, ${V}`)), "host", "victims.test", "mailer-daemon@victims.test"),
    ],
  }),
  ...attacks("the holder of one signed path", {
    "a report to it about victims alone": at(path, dsn(alone), arf(`Original-Rcpt-To: ${V}`, "Subject: x")),
    "his name beside each victim": at(path, dsn(beside)),
    "the path in the returned header": plain(
      dsn(alone, `Return-Path: <${path}>\nTo: ${V}`),
      dsn(beside, `Return-Path: <${path}>\nTo: ${V}`),
    ),
    "a path of another case, tag or domain": [
      ...at(path.toUpperCase(), dsn(alone)),
      ...at(path.replace("attacker", "victimqh"), dsn(alone)),
      ...at(path.replace(DOMAIN, `x.${DOMAIN}`), dsn(alone)),
    ],
    "his path, and a signed mail to a victim and others": at(path, dsn(alone, mail(`${V}, ${W}`))),
    "an unsubscribe to it in the victim's name": at(path, unsubscribe(V)),
    "a token of his in any field, about victims": plain(
      dsn(alone, `X-Bounced-Token: ${token}\nTo: ${V}`),
      dsn(beside, `CFBL-Feedback-ID: ${token}\nTo: ${V}`),
      arf(`Original-Rcpt-To: ${V}`, `List-Unsubscribe: <https://u.example.com/u/${token}>`),
    ),
    "a token of his with a letter changed": plain(
      dsn(alone, `X-Bounced-Token: ${token.replace("attacker", "victimqx")}`),
    ),
  }),
  ...attacks("the holder of a path that names nobody", {
    "a report to it about a victim": UNBOUND_PATHS.flatMap((unbound) => at(unbound, dsn(alone), dsn([{ final: V }]))),
    "a header of ours that he made up, addressed to a victim": UNBOUND_PATHS.flatMap((unbound) =>
      at(
        unbound,
        dsn([{ final: V }], made(V)),
        dsn([{ final: ME, original: V }], made(V)),
        arf(`Original-Rcpt-To: ${V}`, made(V)),
      ),
    ),
    "the same, and mail of ours to him and a victim": UNBOUND_PATHS.flatMap((unbound) =>
      at(unbound, dsn([{ final: V }], mail(`${ME}, ${V}`)), dsn([{ final: V }], mail("undisclosed-recipients:;"))),
    ),
    "the same, signed as a user or a customer of the victim's provider": UNBOUND_PATHS.flatMap((unbound) => [
      { to: unbound, text: dsn([{ final: V }], made(V)), signals: [pass("dkim", "victims.test", "a@victims.test")] },
      { to: unbound, text: dsn([{ final: V }], made(V)), signals: [pass("spf", "victims.test", "HELO: pass")] },
      { to: unbound, text: dsn([{ final: V }], made(V)), signals: [pass("provider", "victims.test", "a host")] },
      { to: unbound, text: dsn([{ final: V }], made(V)), signals: [pass("arc", "victims.test", null)] },
    ]),
    "an unsubscribe or a complaint to it in the victim's name": UNBOUND_PATHS.flatMap((unbound) =>
      at(unbound, unsubscribe(V), arf("Original-Mail-From: <b@bounces.example.com>", made(V))),
    ),
  }),
  ...attacks("a replayer", {
    "one signed mail, a thousand recipients": plain(dsn(thousand, mine), dsn(thousand, mail(`${ME}, x@y.test`))),
    "one signed path, a thousand recipients": at(path, dsn(thousand)),
    "one token, a thousand recipients": plain(dsn(thousand, `X-Bounced-Token: ${token}`)),
    "a genuine report of a provider, with the victim's name put in": [
      {
        to: PLAIN,
        text: dsn(alone, mail(`${ME}, ${V}`)),
        signals: [{ check: "dkim", result: "fail", domain: "victims.test", detail: "mailer-daemon@victims.test" }],
      },
    ],
    "a signed mail older than it counts": plain(
      dsn([{ final: V }], mail(V, { time: new Date(now.getTime() - 40 * 86_400_000) })),
    ),
  }),
  ...attacks("the owner of a domain below", {
    "mail that a domain below ours signs": plain(dsn([{ final: V }], mail(V, { domain: "evil.example.com" }))),
    "mail of ours with an identity below ours": plain(
      dsn([{ final: V }], mail(V, { domain: "evil.example.com", tags: "i=@example.com" })),
    ),
    "a path at a domain below the bounce domain": at(path.replace("@", "@evil."), dsn(alone)),
    "a report that a domain below the victim's signs": withSignal(
      dsn(alone, mail(`${ME}, ${V}`)),
      "dkim",
      "evil.victims.test",
      "mailer-daemon@evil.victims.test",
    ),
    "a report that a domain above the victim's signs": withSignal(
      dsn([{ final: "victim@mail.victims.test" }], mail(`${ME}, victim@mail.victims.test`)),
      "dkim",
      "victims.test",
      "mailer-daemon@victims.test",
    ),
  }),
];
