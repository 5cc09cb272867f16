import { expect, test } from "vitest";
import { createReturnPath } from "../../src/return-path/create.ts";
import { checkForwardPath } from "../../src/return-path/check-forward-path.ts";
import { readReturnPath } from "../../src/return-path/read.ts";
import type { ReturnPathSettings } from "../../src/return-path/settings.ts";

const NOW = "2026-11-23T10:00:00.000Z";
const settings: ReturnPathSettings = {
  secrets: ["correct horse battery staple"],
  prefix: "b",
  maxAgeDays: 30,
  tokenMaxAgeDays: 400,
  verp: { separator: "+", at: "=" },
  batv: { secrets: ["secret"] },
  srs: { secrets: ["other", "secret"] },
};
const read = (address: string, now = NOW, given = settings) => {
  const reading = readReturnPath(address, given, now);
  return reading && [reading.scheme, reading.recipient, reading.tag, reading.check];
};

test.each([
  ["bounces+user=example.org@b.example", "user@example.org"],
  ["bounces+user+tag=example.org@b.example", "user+tag@example.org"],
  ["bounces+first.last=mx.example.co.uk@b.example", "first.last@mx.example.co.uk"],
  ["bounces+a=b=example.org@b.example", "a=b@example.org"],
  ["bounces+user=grün.example@b.example", "user@grün.example"],
])("VERP %s", (address, recipient) => expect(read(address)).toEqual(["verp", recipient, null, "unchecked"]));

test("VERP separators are configurable", () => {
  const other = { ...settings, prefix: "list", verp: { separator: "-", at: "=" } };
  const address = createReturnPath({ domain: "b.example", recipient: "a@c.example", scheme: "verp" }, other, NOW);
  expect(address).toBe("list-a=c.example@b.example");
  expect(read(address, NOW, other)).toEqual(["verp", "a@c.example", null, "unchecked"]);
  expect(() =>
    createReturnPath({ domain: "b.example", recipient: `${"a".repeat(60)}@c.example`, scheme: "verp" }, other, NOW),
  ).toThrow("64 are allowed");
});

test.each(["bounces@b.example", "bounces+tag@b.example", "bounces+=x.example@b.example", "a+b=localhost@b.example"])(
  "%s is plain",
  (address) => expect(read(address)).toEqual(["plain", null, null, "unchecked"]),
);

test.each(["", "nobody", "@b.example", "nobody@"])("%j is no address", (address) => expect(read(address)).toBeNull());

// Written by Exim 4.96 on 2026-11-23 with the key `secret`: ${prvs{user@example.org}{secret}} and {3}.
test.each([
  ["prvs=078775d06f=user@example.org", NOW, "valid"],
  ["PRVS=078775D06F=user@EXAMPLE.org", NOW, "valid"],
  ["prvs=3787c83f78=User@Example.org", NOW, "valid"],
  ["prvs=078775d060=user@example.org", NOW, "bad"],
  ["prvs=078875d06f=user@example.org", NOW, "bad"],
  ["prvs=078775d06f=user@example.org", "2026-11-30T10:00:00Z", "valid"],
  ["prvs=078775d06f=user@example.org", "2026-12-02T10:00:00Z", "expired"],
])("BATV %s at %s: %s", (address, now, check) => expect(read(address, now)).toEqual(["batv", null, null, check]));

test("BATV is read without a key, in both orders", () => {
  const given = { ...settings, batv: { secrets: [] } };
  expect(read("prvs=078775d06f=user@example.org", NOW, given)).toEqual(["batv", null, null, "unchecked"]);
  expect(read("prvs=user=078775d06f@example.org", NOW, given)).toEqual(["batv", null, null, "unchecked"]);
  expect(read("prvs=user=078775d06f@example.org")).toEqual(["batv", null, null, "valid"]);
});

// Written on 2026-11-23 with the key `secret` by Mail::SRS 0.31 and, the last, by Exim 4.96.
test.each([
  ["SRS0=yMi4=JM=sender.example=user@fwd.example", NOW, "valid"],
  ["srs0=ymi4=jm=sender.example=user@fwd.example", NOW, "valid"],
  ["SRS0=yMi5=JM=sender.example=user@fwd.example", NOW, "bad"],
  ["SRS0=yMi=JM=sender.example=user@fwd.example", NOW, "bad"],
  ["SRS0=yMi4=JM=sender.example=victim@fwd.example", NOW, "bad"],
  ["SRS0=yMi4=JM=sender.example=user@fwd.example", "2026-12-30T10:00:00Z", "expired"],
  ["SRS1=STwi=fwd.example==yMi4=JM=sender.example=user@second.example", NOW, "valid"],
  ["SRS1=STwj=fwd.example==yMi4=JM=sender.example=user@second.example", NOW, "bad"],
  ["SRS0=0e48=jm=sender.example=user@fwd.example", NOW, "bad"],
])("SRS %s at %s: %s", (address, now, check) =>
  expect(read(address, now)).toEqual([
    "srs",
    null,
    address.includes("victim") ? "victim@sender.example" : "user@sender.example",
    check,
  ]),
);

test("at RCPT everybody but the owner of a valid address hears the same", () => {
  const policy = { domains: ["b.example"], requireSigned: true, returnPath: settings };
  const valid = createReturnPath({ domain: "b.example", recipient: "user@example.org" }, settings, NOW);
  const check = (address: string, now = NOW, given = policy) => {
    const answer = checkForwardPath(address, given, now);
    return answer.isAccepted ? "accepted" : answer.reason;
  };
  expect(check(valid)).toBe("accepted");
  expect(check(valid.toUpperCase())).toBe("accepted");
  expect(check(valid, "2027-11-23T10:00:00Z")).toBe("expired");
  expect(check(valid.replace(/.@/, (end) => (end === "a@" ? "b@" : "a@")))).toBe("bad");
  expect(check("bounces@b.example")).toBe("unsigned");
  expect(check("b+user=example.org@b.example")).toBe("unsigned");
  expect(check("bounces@other.example")).toBe("domain");
  expect(check("bounces")).toBe("syntax");
  const open = { ...policy, requireSigned: false };
  expect(check("bounces@b.example", NOW, open)).toBe("accepted");
  // What looks signed and is not is refused in any case.
  expect(check(valid, "2027-11-23T10:00:00Z", open)).toBe("expired");
});

test("Exim's hashes are read where that is asked for: four digits, which prove nothing, and a day that nobody signed", () => {
  const exim = { ...settings, srs: { secrets: ["secret"], exim: true } };
  for (const day of ["jm", "aa"]) {
    const reading = readReturnPath(`SRS0=0e48=${day}=sender.example=user@fwd.example`, exim, NOW);
    expect(reading).toMatchObject({ check: "valid", isGuessable: true, issuedAt: null });
  }
  expect(readReturnPath("SRS0=0e49=jm=sender.example=user@fwd.example", exim, NOW)?.check).toBe("bad");
});
