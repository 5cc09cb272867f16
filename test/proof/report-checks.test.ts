import { createTransport } from "nodemailer";
import { expect, test, vi } from "vitest";
import { createDnsAnswers } from "../../src/proof/dns-answers.ts";
import type { CheckedReport } from "../../src/proof/checked-report.ts";
import { createReportChecks } from "../../src/proof/report-checks.ts";
import { rsaKey } from "../support/dkim.ts";

const KEY = rsaKey();
const WEAK = rsaKey(768);
const HOST = "8.8.4.4";
const ZONE: Readonly<Record<string, readonly unknown[]>> = {
  "TXT s1._domainkey.googlemail.com": [[KEY.record]],
  "TXT weak._domainkey.googlemail.com": [[WEAK.record]],
  "TXT isp.test": [[`v=spf1 ip4:${HOST} -all`]],
  "TXT loop.test": [["v=spf1 include:loop.test -all"]],
  "A mx.isp.test": [HOST],
  "A other.test": ["8.8.8.8"],
  "TXT mx.isp.test": [[`v=spf1 ip4:${HOST} -all`]],
  "MX hosted.test": [
    { exchange: "backup.other.test", priority: 20 },
    { exchange: "mx.big.test", priority: 10 },
  ],
  "MX own.test": [{ exchange: "mx.own.test", priority: 10 }],
  "PTR 4.4.8.8.in-addr.arpa": ["Out.Big.test"],
  "A out.big.test": [HOST],
  "PTR 5.4.8.8.in-addr.arpa": ["mx.isp.test"],
  "PTR 6.4.8.8.in-addr.arpa": ["out.big.test"],
  [`PTR ${"8.".repeat(16)}${"0.".repeat(12)}0.0.a.2.ip6.arpa`]: ["six.big.test"],
  "AAAA six.big.test": ["2a00::8888:8888:8888:8888"],
};
const zone = async (name: string, type: string): Promise<unknown> => {
  const found = ZONE[`${type} ${name}`];
  if (!found) throw Object.assign(new Error(`${type} ${name}`), { code: "ENOTFOUND" });
  return found;
};
const check = async (octets: Buffer, more: Partial<CheckedReport> = {}, ask = zone) =>
  createReportChecks(createDnsAnswers({ ask }), (host) => (host.endsWith(".big.test") ? "big" : null))({
    octets,
    truncated: false,
    remoteAddress: HOST,
    reversePath: "",
    hosts: [],
    recipientDomains: [],
    ...more,
  });

async function signed(from = "mailer-daemon@googlemail.com", key = KEY, keySelector = "s1"): Promise<Buffer> {
  const privateKey = key.privateKey.export({ type: "pkcs8", format: "pem" });
  const dkim = { domainName: "googlemail.com", keySelector, privateKey };
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows", dkim });
  const sent = await transport.sendMail({ from, to: "b@bounces.example.com", subject: "failed", text: "It failed." });
  return sent.message as Buffer;
}
const GENUINE = await signed();
const PASS = { check: "dkim", result: "pass", domain: "googlemail.com", detail: "mailer-daemon@googlemail.com" };
const FAIL = { check: "dkim", result: "fail", domain: "googlemail.com", detail: null };

test("a signature of the report says whose From it covers", async () => {
  expect(await check(GENUINE)).toEqual([PASS]);
  expect(await check(Buffer.from(GENUINE.toString("latin1").replaceAll("\r\n", "\n"), "latin1"))).toEqual([PASS]);
  expect(await check(Buffer.from("Subject: x\r\n\r\nx"))).toEqual([{ ...FAIL, result: "none", domain: null }]);
});

const before = (line: string): Buffer => Buffer.concat([Buffer.from(`${line}\r\n`), GENUINE]);
test.each<[string, Buffer, object]>([
  ["a changed body", Buffer.concat([GENUINE, Buffer.from("more")]), FAIL],
  ["a changed From", Buffer.from(GENUINE.toString("latin1").replace("mailer-", "mailerx-"), "latin1"), FAIL],
  ["a second From above", before("From: victim@x.test"), { ...PASS, detail: null }],
  ["a From of several", await signed("mailer-daemon@googlemail.com, x@y.test"), { ...PASS, detail: null }],
  ["a short key", await signed(undefined, WEAK, "weak"), FAIL],
  ["a limited body", Buffer.from(GENUINE.toString("latin1").replace("v=1;", "v=1; l=0;"), "latin1"), FAIL],
  ["a key that is not there", await signed(undefined, KEY, "gone"), FAIL],
])("%s covers nothing", async (_, octets, expected) => expect(await check(octets)).toEqual([expected]));

test.each([
  ["no field", "BADLINE"],
  ["a name of several words", "X y: z"],
  ["a control character", "X\u0001: a"],
  ["a line of mbox", "From attacker"],
  ["an octet of eight bits", "X\u00e9: a"],
])("a From above %s, which another reader does not see, is not the one that is signed", async (_, line) => {
  const genuine = await signed("attacker@googlemail.com");
  const junk = "DKIM-Signature: v=1; a=rsa-sha256; d=x.test; s=s1; h=from; bh=AA; b=AA";
  const above = Buffer.from(`From: mailer-daemon@googlemail.com\r\n${junk}\r\n${line}\r\n`, "latin1");
  const found = await check(Buffer.concat([above, genuine]));
  expect(found).toMatchObject([{ check: "dkim", result: "unknown", detail: "the header is damaged" }]);
});

test("what would take long is not checked: a head alone, many signatures, a header of many lines", async () => {
  const unknown = { check: "dkim", result: "unknown", domain: null };
  const reasons = async (octets: Buffer, more: Partial<CheckedReport> = {}) => {
    const [found] = await check(octets, more);
    expect(found).toMatchObject(unknown);
    return found?.detail;
  };
  expect(await reasons(GENUINE, { truncated: true })).toBe("only the beginning of the message is kept");
  const line = "DKIM-Signature: v=1; a=rsa-sha256; d=x.test; s=s1; h=from; bh=AA; b=AA";
  const head = (text: string): Buffer => Buffer.from(`${line}\r\n${text}\r\n\r\nbody`);
  expect(await reasons(before(Array<string>(5).fill(line).join("\r\n")))).toBe("too much to check");
  expect(await reasons(head(`X: a${"\r\n b".repeat(2000)}`))).toBe("too much to check");
  expect(await reasons(head(`X: ${"a".repeat(40_000)}`))).toBe("too much to check");
});

test("SPF of the host, and whether it is one that the report names", async () => {
  const text = Buffer.from("Subject: x\r\n\r\nx");
  const of = async (more: Partial<CheckedReport>) =>
    (await check(text, more))
      .filter(({ check: name }) => name !== "dkim")
      .map(({ check: name, result, domain }) => [name, result, domain].join(" "));
  expect(await of({ reversePath: "a@isp.test" })).toEqual(["spf pass isp.test"]);
  expect(await of({ reversePath: "a@isp.test", remoteAddress: "8.8.8.8" })).toEqual(["spf fail isp.test"]);
  expect(await of({ reversePath: "a@none.test" })).toEqual(["spf none none.test"]);
  expect(await of({ reversePath: "a@loop.test" })).toEqual(["spf fail loop.test"]);
  expect(await of({ hosts: ["other.test", "MX.isp.test"] })).toEqual(["host pass mx.isp.test"]);
  expect(await of({ hosts: ["other.test"] })).toEqual(["host fail other.test"]);
  expect(await of({ hosts: ["gone.test"] })).toEqual(["host none gone.test"]);
  // Behind a relay nobody knows who brought it; and a name that is none is not asked for.
  expect(await of({ reversePath: "a@isp.test", hosts: ["mx.isp.test"], remoteAddress: "127.0.0.1" })).toEqual([]);
  expect(await of({ reversePath: "a@isp.test", hosts: ["mx.isp.test"], remoteAddress: null })).toEqual([]);
  expect(await of({ hosts: ["localhost", "a b.test", "[8.8.4.4]", `${"a".repeat(300)}.test`] })).toEqual([]);
});

test("SPF of a report, which has no MAIL FROM, is about the name in HELO", async () => {
  const text = Buffer.from("Subject: x\r\n\r\nx");
  const of = async (more: Partial<CheckedReport>) =>
    (await check(text, more))
      .filter(({ check: name }) => name === "spf")
      .map(({ result, detail }) => `${result} ${detail}`);
  expect(await of({ helo: "mx.isp.test" })).toEqual([`pass HELO: pass for ${HOST}`]);
  expect(await of({ helo: "mx.isp.test", remoteAddress: "8.8.8.8" })).toEqual(["fail HELO: fail for 8.8.8.8"]);
  expect(await of({ helo: "gone.test" })).toEqual([`none HELO: none for ${HOST}`]);
  expect(await of({ helo: "mx.isp.test", reversePath: "a@isp.test" })).toEqual([`pass MAIL FROM: pass for ${HOST}`]);
  // Nobody knows the envelope of a file.
  expect(await of({ helo: "mx.isp.test", reversePath: null })).toEqual([]);
  expect(await of({})).toEqual([]);
});

test("the provider of a domain by its MX, and whether the host that brought the report is one of his", async () => {
  const of = async (more: Partial<CheckedReport>, ask = zone) =>
    (await check(Buffer.from("Subject: x\r\n\r\nx"), { recipientDomains: ["Hosted.test"], ...more }, ask))
      .filter(({ check: name }) => name === "provider")
      .map(({ result, domain, detail }) => [result, domain, detail].join(" "));
  expect(await of({})).toEqual(["pass hosted.test out.big.test is a host of big"]);
  expect(await of({ remoteAddress: "2a00::8888:8888:8888:8888" })).toEqual([
    "pass hosted.test six.big.test is a host of big",
  ]);
  // Reverse DNS says what the owner of the address likes: the name must lead back.
  const noName = "has no name; MX of big";
  for (const remoteAddress of ["8.8.4.5", "8.8.4.6", "8.8.4.7"])
    expect(await of({ remoteAddress })).toEqual([`none hosted.test ${remoteAddress} ${noName}`]);
  const elsewhere = async (name: string, type: string): Promise<unknown> =>
    name === "4.4.8.8.in-addr.arpa" ? ["mx.isp.test"] : zone(name, type);
  expect(await of({}, elsewhere)).toEqual(["fail hosted.test mx.isp.test is no host of big"]);
  // Nothing is known of who hosts the domain, or who brought it.
  expect(await of({ recipientDomains: ["own.test"] })).toEqual([]);
  expect(await of({ remoteAddress: "10.0.0.1" })).toEqual([]);
  expect(await of({ recipientDomains: [] })).toEqual([]);
  expect(await of({ recipientDomains: ["gone.test"] })).toEqual([]);
});

test("a name server that does not answer, or fails, says nothing", async () => {
  const failing = () => Promise.reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
  expect(await check(GENUINE, {}, failing)).toEqual([{ ...FAIL, result: "unknown" }]);
  vi.useFakeTimers();
  try {
    const asked = check(GENUINE, { hosts: ["mx.isp.test"] }, () => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(2100);
    for (const { result } of await asked) expect(["unknown", "none"]).toContain(result);
  } finally {
    vi.useRealTimers();
  }
});

test("names are asked for once, strangers' names at most 300 a minute", async () => {
  let at = 0;
  const ask = vi.fn(zone);
  const answers = createDnsAnswers({ ask, now: () => at });
  await Promise.all([answers("mx.isp.test", "A"), answers("MX.isp.test", "A")]);
  expect(ask).toHaveBeenCalledTimes(1);
  const codes = new Set<unknown>();
  for (let name = 0; name < 1000; name++)
    await answers(`x${name}.test`, "A").catch((error: { code: string }) => codes.add(error.code));
  expect(ask).toHaveBeenCalledTimes(300);
  expect(codes).toEqual(new Set(["ENOTFOUND", "ETIMEOUT"]));
  at += 61_000;
  await answers("mx.isp.test", "A");
  expect(ask).toHaveBeenCalledTimes(300);
  await answers("x1.test", "A").catch(() => undefined);
  expect(ask).toHaveBeenCalledTimes(300);
  at += 60 * 60_000;
  await answers("mx.isp.test", "A");
  expect(ask).toHaveBeenCalledTimes(301);
});

test("a name server that does not answer is left alone for half a minute", async () => {
  let at = 0;
  const ask = vi.fn(async () => {
    throw Object.assign(new Error("silent"), { code: "ETIMEOUT" });
  });
  const answers = createDnsAnswers({ ask, now: () => at });
  for (let name = 0; name < 20; name++) await answers(`x${name}.test`, "A").catch(() => undefined);
  expect(ask).toHaveBeenCalledTimes(5);
  at += 31_000;
  await answers("y.test", "A").catch(() => undefined);
  expect(ask).toHaveBeenCalledTimes(6);
});
