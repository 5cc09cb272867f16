import { createTransport } from "nodemailer";
import { expect, test } from "vitest";
import { onlyAddressIn } from "../../../src/core/proof/dkim/addressee.ts";
import { signingDomainsOf } from "../../../src/proof/dkim-settings.ts";
import { verifyReturned } from "../../../src/core/proof/dkim/verify.ts";
import { ed25519Key, rsaKey, signed, type TestKey } from "../../support/dkim.ts";

const NOW = "2026-11-23T10:00:00.000Z";
const time = new Date("2026-11-20T10:00:00Z");
const DOMAIN = "example.com";
const KEY = rsaKey();
const HEADER = [
  'From: "News" <news@example.com>',
  "To: A User <user@example.org>",
  "Subject: news",
  "Date: Fri, 20 Nov 2026 10:00:00 +0000",
  "Message-ID: <1@example.com>",
];
const settings = { domains: [DOMAIN], maxAgeDays: 30, keys: new Map<string, string>() };

function read(header: string, record = KEY.record, more: Partial<typeof settings> = {}, at: string | null = NOW) {
  const keys = new Map([["s1._domainkey.example.com", record]]);
  const { mails, wanted } = verifyReturned(Buffer.from(header, "latin1"), { ...settings, ...more }, keys, at);
  expect(wanted).toEqual([]);
  return mails.map(({ domain, recipient }) => ({ domain, recipient }));
}
const OURS = [{ domain: DOMAIN, recipient: "user@example.org" }];
const NOBODY = [{ domain: DOMAIN, recipient: null }];
const mail = (changes: Partial<Parameters<typeof signed>[1]> = {}, header: readonly string[] = HEADER): string =>
  signed(header, { key: KEY, domain: DOMAIN, time, ...changes });

test.each([
  ["RSA of 2048 bits", KEY],
  ["RSA of 1024 bits", rsaKey(1024)],
  ["Ed25519", ed25519Key()],
])("%s: the header alone says whom the mail went to", (_, key) => {
  expect(read(mail({ key }), key.record)).toEqual(OURS);
});

test("as it comes back: other line ends, fields above, a body below, fields folded anew", () => {
  expect(read(mail().replaceAll("\r\n", "\n"))).toEqual(OURS);
  expect(read(`Received: from a by b\r\nReturn-Path: <x@y.test>\r\n${mail()}\r\n\r\nbody\r\nTo: x@y.test`)).toEqual(
    OURS,
  );
  expect(read(mail().replace("To: A User", "To:\r\n\tA  User"))).toEqual(OURS);
});

test("what Nodemailer signs", async () => {
  const privateKey = KEY.privateKey.export({ type: "pkcs8", format: "pem" });
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: "windows",
    dkim: { domainName: DOMAIN, keySelector: "s1", privateKey },
  });
  const sent = await transport.sendMail({
    from: "news@example.com",
    to: '"User, A" <user@example.org>',
    subject: "ü",
    text: "x",
  });
  const message = sent.message as Buffer;
  const header = message.subarray(0, message.indexOf("\r\n\r\n") + 2).toString("latin1");
  expect(read(header, KEY.record, {}, new Date().toISOString())).toEqual(OURS);
});

// RFC 8463 appendix A.3.
const RFC8463 = [
  "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;",
  " d=football.example.com; i=@football.example.com;",
  " q=dns/txt; s=brisbane; t=1528637909; h=from : to :",
  " subject : date : message-id : from : subject : date;",
  " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;",
  " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus",
  " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==",
  "From: Joe SixPack <joe@football.example.com>",
  "To: Suzie Q <suzie@shopping.example.net>",
  "Subject: Is dinner ready?",
  "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)",
  "Message-ID: <20030712040037.46341.5F8J@football.example.com>",
].join("\r\n");

test("the example of RFC 8463, and its key is named where it is missing", () => {
  const key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  const name = "brisbane._domainkey.football.example.com";
  const given = { ...settings, domains: ["football.example.com"] };
  const verify = (keys: ReadonlyMap<string, string>) =>
    verifyReturned(Buffer.from(RFC8463), given, keys, "2018-06-11T00:00:00.000Z");
  expect(verify(new Map())).toEqual({ mails: [], wanted: [name] });
  expect(verify(new Map([[name, key]])).mails).toMatchObject([{ recipient: "suzie@shopping.example.net" }]);
});

const other = rsaKey();
const WORTHLESS: readonly (readonly [name: string, header: string, record?: string])[] = [
  ["another recipient", mail().replace("user@example.org", "victim@example.org")],
  ["a To above the signed one", `To: victim@example.org\r\n${mail()}`],
  ["a To below it", `${mail()}\r\nTo: victim@example.org`],
  ["a Cc that is not signed", mail({ fields: "from:to:date" }).concat("\r\nCc: victim@example.org")],
  ["a second From", `From: x@y.test\r\n${mail()}`],
  ["To not signed", mail({ fields: "from:subject:date" })],
  ["From not signed", mail({ fields: "to:subject:date" })],
  ["the wrong key", mail({ key: other })],
  ["a revoked key", mail(), "v=DKIM1; k=rsa; p="],
  ["a key for something else", mail(), KEY.record.replace("v=DKIM1;", "v=DKIM1; s=tlsrpt;")],
  ["a key for SHA-1 alone", mail(), KEY.record.replace("v=DKIM1;", "v=DKIM1; h=sha1;")],
  ["no key at all", mail(), "v=spf1 -all"],
  ["half the body signed", mail({ tags: "l=10" })],
  ["expired", mail({ tags: "x=1795000000" })],
  ["old", mail({ time: new Date("2026-10-01T00:00:00Z") })],
  ["from next week", mail({ time: new Date("2026-11-30T00:00:00Z") })],
  ["a domain below ours", mail({ domain: "evil.example.com" })],
  ["i= elsewhere", mail({ tags: "i=@evil.test" })],
  ["i= below, where the key forbids it", mail({ tags: "i=@x.example.com" }), `${KEY.record}; t=s`],
  ["a tag twice", mail({ tags: "d=evil.test" })],
  ["another version", mail().replace("v=1;", "v=2;")],
  ["SHA-1", mail().replace("rsa-sha256", "rsa-sha1")],
];
test.each(WORTHLESS.map(([name, header, record = KEY.record]) => [name, header, record] as const))(
  "%s proves nothing",
  (_, header, record) => {
    expect(read(header, record)).toEqual([]);
  },
);

const to = (value: string): string => mail({}, [...HEADER.filter((line) => !line.startsWith("To")), `To: ${value}`]);
test.each([
  ["several recipients", to("user@example.org, victim@example.org")],
  ["another in Cc", mail({}, [...HEADER, "Cc: victim@example.org"])],
  ["a To that a display name plays", to("victim@example.org <user@example.org>")],
  ["hidden recipients", to("undisclosed-recipients:;")],
])("%s: ours, and bound to nobody", (_, header) => {
  expect(read(header)).toEqual(NOBODY);
});

test("a signature has one id, however its base64 is written", () => {
  const keys = new Map([["s1._domainkey.example.com", KEY.record]]);
  const idOf = (header: string) => verifyReturned(Buffer.from(header, "latin1"), settings, keys, NOW).mails[0]?.id;
  const header = mail();
  const id = idOf(header);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  // The last two bits before `==` say nothing, and folds may be anywhere.
  const end = /([A-Za-z0-9+/])==\r\nFrom/.exec(header)?.[1] ?? "";
  const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const other = BASE64[BASE64.indexOf(end) ^ 1];
  expect(idOf(header.replace(`${end}==\r\nFrom`, `${other}==\r\nFrom`))).toBe(id);
  expect(idOf(header.replace(/b=(.{20})/, "b=$1\r\n\t"))).toBe(id);
  expect(idOf(mail({ time: new Date("2026-11-21T10:00:00Z") }))).not.toBe(id);
});

test("RSA keys of fewer than 1024 bits are too short", () => {
  const short: TestKey = rsaKey(768);
  expect(read(mail({ key: short }), short.record)).toEqual([]);
});

test.each([
  ["user@example.org", "user@example.org"],
  ["<user@example.org>", "user@example.org"],
  ['"x@y.test, \\"z" <user@example.org>', "user@example.org"],
  ["=?utf-8?Q?victim=40example.org?= <user@example.org>", "user@example.org"],
  ["victim@example.org <user@example.org>", null],
  ["victim@example.org, user@example.org", null],
  ["<victim@example.org> <user@example.org>", null],
  ["group: victim@example.org, user@example.org;", null],
  ["user@example.org (victim@example.org)", null],
  ['"unclosed <user@example.org>', null],
  ["undisclosed-recipients:;", null],
  ["", null],
])("only address in %s: %s", (value, expected) => expect(onlyAddressIn(value)).toBe(expected));

test("our domains are the bounce domains and those above", () => {
  expect(signingDomainsOf(["bounces.mail.example.com", "b.example.com", "localhost"])).toEqual([
    "bounces.mail.example.com",
    "mail.example.com",
    "example.com",
    "b.example.com",
  ]);
});

test("a header full of signatures costs a bounded number of verifications, and names few keys", () => {
  const many = Array.from({ length: 60 }, (_, at) => mail({ selector: `x${at}` }).split("\r\nFrom:")[0]!);
  const { wanted } = verifyReturned(Buffer.from([...many, ...HEADER].join("\r\n")), settings, new Map(), NOW);
  expect(wanted.length).toBeLessThanOrEqual(4);
});
