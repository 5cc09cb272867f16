import { describe, expect, test } from "vitest";
import {
  addressesIn,
  decodeEmbeddedUnicode,
  decodeXtext,
  parseAddress,
  parseAddressList,
  parseTypedAddress,
  withoutRunningText,
} from "../../../src/core/fields/address.ts";
import { isAddress } from "../../../src/addresses/is-address.ts";
import { domainOf } from "../../../src/addresses/domain.ts";

describe("parseTypedAddress", () => {
  test.each([
    ["rfc822; user@example.org", "user@example.org"],
    ["RFC822;user@example.org", "user@example.org"],
    ["rfc822; <user@example.org>", "user@example.org"],
    ["<user@example.org>", "user@example.org"],
    ["user@example.org", "user@example.org"],
    ["rfc822; Some User <user@example.org>", "user@example.org"],
    ["rfc822; user@example.org (was moved)", "user@example.org"],
    ['rfc822; "odd local"@example.org', '"odd local"@example.org'],
    ["rfc822; user@[192.0.2.1]", "user@[192.0.2.1]"],
    ["rfc822; user+40example.org", "user@example.org"],
    ["rfc822; user+tag@example.org", "user+tag@example.org"],
    ["utf-8; m\\x{FC}ller@example.org", "müller@example.org"],
    ["utf-8; \\x{43F}\\x{43E}@b\\x{FC}cher.example", "по@bücher.example"],
    ["utf-8; müller@bücher.example", "müller@bücher.example"],
    ["rfc822; =?utf-8?Q?m=C3=BCller?=@example.org", "=?utf-8?Q?m=C3=BCller?=@example.org"],
    ["utf-8; =?utf-8?Q?m=C3=BCller?=@example.org", "müller@example.org"],
    ["rfc822; =?utf-8?Q?user=40example.org?=", "user@example.org"],
    ["local; root", "root"],
    ["rfc822; @relay.example:user@example.org", "user@example.org"],
    ["rfc822;", null],
    ["", null],
  ])("%j", (value, expected) => expect(parseTypedAddress(value)).toBe(expected));
});

test.each([
  ["a@b", true],
  ["a@b.example", true],
  ["ä@ö.example", true],
  ["a b@c.example", false],
  ["@example.org", false],
  ["a@", false],
  ["a@b@c.example", false],
  ["", false],
])("isAddress(%j)", (text, expected) => expect(isAddress(text)).toBe(expected));

test("xtext and embedded Unicode decode what is well formed and leave the rest", () => {
  expect(decodeXtext("a+2Bb+3D+ZZ+2b")).toBe("a+b=+ZZ+2b");
  expect(decodeEmbeddedUnicode("\\x{FC}\\x{110000}\\x{D800}\\x{0A}\\x{}")).toBe("ü\\x{110000}\\x{D800}\\x{0A}\\x{}");
});

test("domainOf takes the part after the last @", () => {
  expect(domainOf('"a@b"@Example.ORG')).toBe("example.org");
  expect(domainOf("root")).toBeNull();
});

test("addresses in loose text, in order, once each", () => {
  expect(addressesIn("<a@example.org>, 'b@example.org'. mail c@example.org. A@example.org x@")).toEqual([
    "a@example.org",
    "b@example.org",
    "c@example.org",
  ]);
  expect(parseAddressList('"Doe, J. (x@y.example)" <j@example.org>, k@example.org (old: l@example.org)')).toEqual([
    "j@example.org",
    "k@example.org",
  ]);
  expect(parseAddress("undisclosed-recipients:;")).toBeNull();
});

test.each([
  ["li@example.org的邮件", "li@example.org"],
  ["您发往li@example.org", "li@example.org"],
  ["kim@example.org로", "kim@example.org"],
  ["sato@example.co.jp宛", "sato@example.co.jp"],
  ["佐藤@example.jp", "佐藤@example.jp"],
  ["li@例子.中国", "li@例子.中国"],
  ["jörg@bücher.example", "jörg@bücher.example"],
])("the address in the running text %s", (text, address) => expect(withoutRunningText(text)).toBe(address));

test("wide punctuation is no part of an address", () => {
  expect(addressesIn("收件人：li@example.org，抄送：wu@example.org。")).toEqual(["li@example.org", "wu@example.org"]);
  expect(isAddress("收件人：li@example.org")).toBe(false);
});
