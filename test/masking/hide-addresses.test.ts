/** Local parts in every spelling that our answers have; what is no address stays as it is. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hideAddresses } from "../../src/masking/hide-addresses.ts";
import { createPseudonyms } from "../../src/masking/pseudonyms.ts";

test.each([
  ["to ann@example.org.", "to ***@example.org."],
  ["<ann.b+c@example.org>,bob@example.org", "<***@example.org>,***@example.org"],
  ["bounces+ann=example.org@b.example", "***@b.example"],
  ["o'brien@example.org", "***@example.org"],
  ["o&#39;brien&amp;co@example.org", "***@example.org"],
  ['\\"ann smith\\"@example.org', "***@example.org"],
  ['550 "@example.org" is refused', '550 "@example.org" is refused'],
  ['no opening"@example.org', "no ***@example.org"],
  ["ann&#064;example.org, ann＠example.org", "***&#064;example.org, ***＠example.org"],
  ["ann @ example.org, ann@ example.org", "*** @ example.org, ***@ example.org"],
  ["ann(at)example.org or ann [AT] example.org", "***(at)example.org or *** [AT] example.org"],
  ["{ann}@example.org", "***@example.org"],
  ["ann@[IPv6:2001:db8::1]", "***@[IPv6:2001:db8::1]"],
  ["ann@%65xample.org", "***@%65xample.org"],
  ["ann(Smith)@example.org, (ann)@example.org", "***@example.org, ***@example.org"],
  ["ann\n@example.org, ann\u200b@\u200bexample.org", "***\n@example.org, ***\u200b@\u200bexample.org"],
  ["said (at) 5 pm, lost @ 5.1.1 x", "said (at) 5 pm, lost @ 5.1.1 x"],
  ["bounces+ann=40example.org", "***=40example.org"],
  ["envid=ann+2Bx+40example.org", "***+40example.org"],
  ["/log?x=ann%2540example.org", "/log?x=***%2540example.org"],
  ["/messages/%3Cmasked-abcdefgh%40example.org%3E", "/messages/%3Cmasked-abcdefgh%40example.org%3E"],
  ["/messages/%3Cann%40example.org%3E", "/messages/%3C***%40example.org%3E"],
  ["/log?limit=400&page=40.", "/log?limit=400&page=40."],
  ["call +40 744.123.456 or +40744.x, width=40 a.b", "call +40 744.123.456 or +40744.x, width=40 a.b"],
  ['"ann smith"@example.org', "***@example.org"],
  ["&quot;ann smith&quot;@example.org", "***@example.org"],
  ["ann&#64;example.org", "***&#64;example.org"],
  ["/recipients/ann%2Bb%40example.org?x=1", "/recipients/***%40example.org?x=1"],
  ["/log?recipient=ann%40example.org&amp;page=2", "/log?recipient=***%40example.org&amp;page=2"],
  ["j\u00fcrgen@b\u00fccher.example", "***@b\u00fccher.example"],
  ["ann@[192.0.2.1]", "***@[192.0.2.1]"],
  ["person:ann@example.org", "person:***@example.org"],
  [
    "masked-abcdefgh@example.org and /masked-abcdefgh%40example.org",
    "masked-abcdefgh@example.org and /masked-abcdefgh%40example.org",
  ],
  ["a @ b, @media, 5@", "a @ b, @media, 5@"],
  ["no address", "no address"],
])("%s", (text, hidden) => {
  expect(hideAddresses(text)).toBe(hidden);
  // What is hidden stays hidden, and is found hidden.
  expect(hideAddresses(hidden)).toBe(hidden);
});

test("in markup a quotation mark belongs to the markup", () => {
  const inMarkup = (text: string): string => hideAddresses(text, undefined, true);
  const untouched = '<a class="x" title="@example.org said">';
  expect(inMarkup(untouched)).toBe(untouched);
  expect(inMarkup('<a title="ann@example.org">&quot;ann smith&quot;@example.org')).toBe(
    '<a title="***@example.org">***@example.org',
  );
  const apart = '<i title="&quot;"></i><b title="&quot;@example.org">';
  expect(inMarkup(apart)).toBe(apart);
});

test("a local part of any length", () => {
  expect(hideAddresses(`zwiebel${"a".repeat(2000)}@example.org`)).toBe("***@example.org");
  expect(hideAddresses(`"zwiebel ${"a".repeat(2000)}"@example.org`)).toBe("***@example.org");
});

test("whatever stands around it, no local part is left, and it costs no more than the text is long", () => {
  const around = fc.string({ unit: "binary-ascii", maxLength: 40 });
  fc.assert(
    fc.property(around, around, (before, after) => {
      expect(hideAddresses(`${before} zwiebel99@example.org ${after}`)).not.toContain("zwiebel99");
      expect(hideAddresses(`${before}/zwiebel99%40example.org${after}`)).not.toContain("zwiebel99");
    }),
  );
  expect(hideAddresses("@".repeat(200_000)).length).toBe(200_000);
  for (const text of ["a ", " ", "(", "a)@x.y ", "masked-abcdefgh%40", "a%40%", '"@x.y ', "&quot;@x.y "])
    expect(hideAddresses(text.repeat(50_000)).length).toBeGreaterThan(0);
  expect(hideAddresses(`${"a".repeat(300)}@b.example `.repeat(2000))).not.toContain("a@");
});

test("a pseudonym is of the address, whatever its case, and of the key; only its request knows the address", () => {
  const [one, other] = [createPseudonyms(Buffer.alloc(32, 1)), createPseudonyms(Buffer.alloc(32, 2))];
  const name = one.nameOf("Ann@Example.org");
  expect(name).toMatch(/^masked-[a-z2-7]{8}$/);
  expect([one.nameOf("ann@example.org"), other.nameOf("ann@example.org") === name]).toEqual([name, false]);
  one.run(true, () => {
    expect(one.isOn()).toBe(true);
    one.nameOf("ann@example.org");
    expect(one.addressOf(`${name}@example.org`)).toBe("ann@example.org");
  });
  one.run(false, () =>
    expect([one.isOn(), one.addressOf(`${name}@example.org`)]).toEqual([false, `${name}@example.org`]),
  );
  // Where nobody has decided, nothing is shown.
  expect(one.isOn()).toBe(true);
});
