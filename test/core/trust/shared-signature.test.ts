import { expect, test } from "vitest";
import type { ReportSignal } from "../../../src/event/event.ts";
import { judgeReport } from "../../../src/core/trust/judge.ts";
import { isVouchedFor } from "../../../src/core/trust/vouch.ts";

const dkim = (domain: string, detail: string | null, result: ReportSignal["result"] = "pass"): ReportSignal => ({
  check: "dkim",
  result,
  domain,
  detail,
});
const OWN: ReportSignal = { check: "reporter", result: "pass", domain: null, detail: "192.0.2.10" };
const GOOGLE = dkim("googlemail.com", "mailer-daemon@googlemail.com");

test.each<[string, string, readonly ReportSignal[], boolean]>([
  ["nothing", "user@gmail.com", [], false],
  ["a server of ours", "user@gmail.com", [OWN], true],
  ["his provider", "user@gmail.com", [GOOGLE], true],
  ["his provider, in another case", "User@GMAIL.com", [dkim("googlemail.com", "Mailer-Daemon@GoogleMail.com")], true],
  ["another's provider", "user@example.org", [GOOGLE], false],
  ["a user of his provider", "user@gmail.com", [dkim("gmail.com", "attacker@gmail.com")], false],
  ["a customer of his provider", "user@gmail.com", [dkim("evil.test", "mailer-daemon@evil.test")], false],
  ["a wrong signature", "user@gmail.com", [dkim("googlemail.com", "mailer-daemon@googlemail.com", "fail")], false],
  ["a signature that covers no From", "user@gmail.com", [dkim("googlemail.com", null)], false],
  ["a signature of another than From", "user@gmail.com", [dkim("evil.test", "mailer-daemon@googlemail.com")], false],
  ["his own server", "user@example.org", [dkim("example.org", "MAILER-DAEMON@example.org")], true],
  ["his neighbour", "user@example.org", [dkim("example.org", "attacker@example.org")], false],
  ["a domain below his", "user@example.org", [dkim("evil.example.org", "mailer-daemon@evil.example.org")], false],
  ["a domain above his", "user@mail.example.org", [dkim("example.org", "mailer-daemon@example.org")], false],
  ["a domain that ends alike", "user@example.org", [dkim("evilexample.org", "mailer-daemon@evilexample.org")], false],
  ["a name that ends alike", "user@gmail.com.evil.test", [GOOGLE], false],
  ["Outlook's complaints", "user@hotmail.co.uk", [dkim("hotmail.com", "staff@hotmail.com")], true],
  ["Yahoo's complaints", "user@yahoo.com", [dkim("mail.yahoo.com", "feedback@arf.mail.yahoo.com")], true],
  ["SPF of his provider", "user@gmail.com", [{ ...GOOGLE, check: "spf" }], false],
  ["ARC of his provider", "user@gmail.com", [{ ...GOOGLE, check: "arc" }], false],
  ["the host it names", "user@gmail.com", [{ ...GOOGLE, check: "host" }], false],
  [
    "a domain with an umlaut",
    "user@b\u00fccher.test",
    [dkim("xn--bcher-kva.test", "postmaster@xn--bcher-kva.test")],
    true,
  ],
  ["a domain that looks like it", "user@gm\u0430il.com", [GOOGLE], false],
])("%s vouches for %s", (_, address, signals, expected) => expect(isVouchedFor(address, signals)).toBe(expected));

const mail = (recipient: string | null) => ({ domain: "example.com", recipient, id: "s1" });
const judge = (
  claims: readonly (readonly [final: string | null, original: string | null])[],
  { signed = [mail(null)], report = [OWN] as readonly ReportSignal[] } = {},
): string[] =>
  judgeReport(
    {
      returnPath: null,
      original: null,
      shown: [],
      signed,
      report,
      receivedAt: null,
      settings: { secrets: [], prefix: "b", maxAgeDays: 30, tokenMaxAgeDays: 400, verp: { separator: "+", at: "=" } },
    },
    claims.map(([finalRecipient, originalRecipient]) => ({ finalRecipient, originalRecipient })),
  ).map(({ authenticity, proof, mailed }) => `${authenticity} ${proof} ${mailed}`);

test("a signature that names several is likely for whom somebody vouches, and nothing for the others", () => {
  expect(judge([["a@x.test", null]])).toEqual(["likely shared_dkim a@x.test"]);
  expect(judge([["a@x.test", null]], { report: [] })).toEqual(["unproven null a@x.test"]);
  expect(judge([["a@x.test", null]], { signed: [] })).toEqual(["unproven null a@x.test"]);
  expect(
    judge(
      [
        ["a@gmail.com", null],
        ["b@x.test", null],
      ],
      { report: [GOOGLE] },
    ),
  ).toEqual(["likely shared_dkim a@gmail.com", "unproven null b@x.test"]);
});

test("who vouches for a final recipient says nothing of another original one", () => {
  expect(judge([["x@gmail.com", "victim@x.test"]], { report: [GOOGLE] })).toEqual(["unproven null victim@x.test"]);
  expect(judge([["x@gmail.com", "alias@x.test"]])).toEqual(["likely shared_dkim alias@x.test"]);
});

test("a signature that names one proves that one, and is likely for a hidden one only", () => {
  const signed = [mail("me@x.test")];
  expect(
    judge(
      [
        ["me@x.test", null],
        ["bcc@x.test", null],
      ],
      { signed },
    ),
  ).toEqual(["proven dkim me@x.test", "likely shared_dkim bcc@x.test"]);
  expect(judge([["victim@x.test", null]], { signed, report: [] })).toEqual(["unproven null victim@x.test"]);
});
