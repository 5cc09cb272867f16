import { expect, test } from "vitest";
import { addressesWrittenIn, addressesInMessage, addressesInValue } from "../../src/erasure/addresses-in.ts";

test.each([
  ["plain", "rfc822;Bob@Example.org", "bob@example.org"],
  ["in angle brackets", '"Bob, B." <bob@example.org>', "bob@example.org"],
  ["at the end of a sentence", "Write to bob@example.org.", "bob@example.org"],
  ["a link", "mailto:bob@example.org?subject=x", "bob@example.org"],
  ["in a URL", "https://example.com/u/bob@example.org/x", "bob@example.org"],
  ["percent-encoded", "https://example.com/?e=bob%40example.org&x=1", "bob@example.org"],
  ["a parameter", "to=bob@example.org, relay=none", "bob@example.org"],
  ["emphasised", "*bob@example.org*", "bob@example.org"],
  ["VERP", "bounces+bob=example.org@list.example", "bob@example.org"],
  ["VERP with a hyphen", "list-bob=example.org@list.example", "bob@example.org"],
  ["VERP of an address with a tag", "b+bob+tag=example.org@list.example", "bob+tag@example.org"],
  ["another script", "jörg@bücher.example", "jörg@xn--bcher-kva.example"],
])("%s", (_name, text, address) => expect(addressesWrittenIn(text)).toContain(address));

test.each([
  ["a longer local part", "xbob@example.org"],
  ["a longer domain", "bob@example.org.uk"],
  ["a tag", "bob+x@example.org"],
  ["nothing before it", "@example.org"],
  ["nothing behind it", "bob@"],
])("%s is another address", (_name, text) => expect(addressesWrittenIn(text)).not.toContain("bob@example.org"));

test("transfer encodings and encoded words hide nothing", () => {
  const base64 = Buffer.from("The mailbox of bob@example.org has been closed for good.").toString("base64");
  for (const message of [
    "Content-Transfer-Encoding: quoted-printable\r\n\r\nbo=\r\nb@exam=70le=2Eorg",
    `Content-Transfer-Encoding: base64\r\n\r\n${base64.slice(0, 60)}\r\n${base64.slice(60)}\r\n`,
    `Subject: =?utf-8?B?${Buffer.from("for bob@example.org").toString("base64")}?=\r\n\r\n`,
    "Subject: =?utf-8?Q?for_bob=40example.org?=\r\n\r\n",
  ])
    expect(addressesInMessage(Buffer.from(message)), message).toContain("bob@example.org");
});

test("every string of a value is looked at by itself", () => {
  expect(addressesInValue({ a: ["x\nbob@example.org", null, 7, { b: "ann@example.org" }] })).toEqual(
    new Set(["bob@example.org", "ann@example.org"]),
  );
});

/** What is found grows with the text at most, and so does the work: no address is longer than its bounds. */
test.each(["@", "a@", "a@b", "a@b.c,", "=@", "a=b@", "%40", "=?b?B?", "A".repeat(60) + "\n"])(
  "a quarter of a megabyte of %j",
  (part) => {
    const text = part.repeat(Math.ceil(262_144 / part.length));
    for (const address of addressesInMessage(Buffer.from(text))) expect(address.length).toBeLessThan(600);
  },
);
