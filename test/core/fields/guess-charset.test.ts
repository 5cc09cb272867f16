import { expect, test } from "vitest";
import { guessText } from "../../../src/core/fields/charset.ts";
import { parseEnvelopeId } from "../../../src/core/fields/envelope-id.ts";
import { decodeOctal } from "../../../src/core/fields/octal.ts";

const hex = (digits: string): Uint8Array => Buffer.from(digits.replaceAll(" ", ""), "hex");
const ascii = (text: string, digits: string): Uint8Array => Buffer.concat([Buffer.from(text), hex(digits)]);

test.each([
  ["UTF-8", ascii("550 ", "c3a4c3b6"), "550 äö"],
  ["GBK", ascii("550 ", "d3c3bba7b2bbb4e6d4da"), "550 用户不存在"],
  ["GBK, cut within a character", ascii("550 ", "d3c3bba7b2bbb4e6d4dad3"), "550 用户不存在�"],
  ["EUC-JP", ascii("550 ", "a5e6a1bca5b6a1bca4aca4a4a4dea4bba4f3"), "550 ユーザーがいません"],
  ["Shift_JIS", ascii("550 ", "83868 15b83 5581 5b82aa82a282dc82b982f1"), "550 ユーザーがいません"],
  ["EUC-KR", ascii("550 ", "bbe7bfebc0dab8a620c3a3c0bb"), "550 사용자를 찾을"],
  ["ISO-2022-JP", ascii("550 ", "1b2442245524221b2842"), "550 ふあ"],
  ["windows-1251", ascii("550 ", "cfeeebfce7eee2e0f2e5ebfc20ede520ede0e9e4e5ed"), "550 Пользователь не найден"],
  ["KOI8-R", ascii("550 ", "f0cfccd8dacfd7c1d4c5ccd820cec520cec1cac4c5ce"), "550 Пользователь не найден"],
  ["Western", ascii("550 bo", "ee74652070 6c65696e65 20e0 2072e9 6573736179e9"), "550 boîte pleine à réessayé"],
  ["one letter", ascii("550 M", "fc6c6c6572"), "550 Müller"],
  ["typographic quotes", ascii("550 ", "93 6e6f 94 20 92 96"), "550 “no” ’–"],
])("%s", (_, octets, text) => expect(guessText(octets)).toBe(text));

test.each([
  ["encoded", "camp+3D77+2Fmsg+2B12", "camp=77/msg+12"],
  ["decoded already", "camp=77/msg+12", "camp=77/msg+12"],
  ["a plus that begins no pair", "QQ314159+x", "QQ314159+x"],
  ["a number behind a plus", "msg+12", "msg+12"],
  ["nothing to decode", "abc123", "abc123"],
  ["none", null, null],
])("envelope id, %s", (_, value, expected) => expect(parseEnvelopeId(value)).toBe(expected));

test.each([
  ["UTF-8", String.raw`b\303\274cher`, "bücher"],
  ["GBK", String.raw`550 \323\303\273\247\262\273\264\346\324\332`, "550 用户不存在"],
  ["one octet alone is no run", String.raw`C:\303`, String.raw`C:\303`],
  ["none", "plain", "plain"],
])("octal, %s", (_, text, expected) => expect(decodeOctal(text)).toBe(expected));
