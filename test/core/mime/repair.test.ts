import { describe, expect, test } from "vitest";
import { parseMail } from "../../../src/core/mime/mail.ts";
import { isCutShort, repairOctets } from "../../../src/core/mime/repair.ts";

const octets = (text: string): Buffer => Buffer.from(text, "latin1");
const repaired = (text: string): string => Buffer.from(repairOctets(octets(text)).raw).toString("latin1");

describe("repairOctets", () => {
  test.each([
    ["a: b\r\n\r\nc\r\n", "a: b\r\n\r\nc\r\n"],
    ["a: b\n\nc\n", "a: b\n\nc\n"],
    ["a: b\r\rc\r", "a: b\n\nc\n"],
    ["a: b\r\r\nc", "a: b \r\nc"],
    ["\r\n\n a: b\n", " a: b\n"],
    ["From x@y.example Mon Jan  1 00:00:00 2026\na: b\n", "a: b\n"],
    [">From x@y.example Mon Jan  1 00:00:00 2026\r\na: b\n", "a: b\n"],
    ["From: x@y.example\n", "From: x@y.example\n"],
    ["From x", "From x"],
    ["", ""],
  ])("%j", (before, after) => expect(repaired(before)).toBe(after));

  test("says what it changed, and copies nothing where nothing is wrong", () => {
    const whole = octets("a: b\r\n\r\nc\r\n");
    expect(repairOctets(whole)).toEqual({ raw: whole, text: "a: b\r\n\r\nc\r\n", warnings: [] });
    expect(repairOctets(whole).raw).toBe(whole);
    expect(repairOctets(octets("a\rb")).warnings).toEqual([{ code: "bare-cr" }]);
  });
});

const multipart = (body: string, header = 'Content-Type: multipart/mixed; boundary="B"') => `${header}\n\n${body}`;
const report = `From: MAILER-DAEMON@mx.example.net
Content-Type: multipart/report; report-type=delivery-status; boundary=R

--R
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; user@example.org
Action: failed
Status: 5.1.1
--R--
`;

test.each([
  [multipart("--B\n\na\n--B--\n"), false],
  [multipart("--B\n\na\n"), true],
  [multipart("--B\n\na\n--B"), true],
  ["Subject: a\n\nno parts", false],
])("isCutShort(%j)", async (text, expected) => {
  const mail = await parseMail(octets(text));
  expect(isCutShort(mail)).toBe(expected);
  expect(mail.warnings.some(({ code }) => code === "truncated")).toBe(expected);
});

test("a report attached to another mail is parsed with it, at most three deep", async () => {
  const wrap = (inner: string, level: number) =>
    `From: MAILER-DAEMON@mx.example.net\nContent-Type: multipart/mixed; boundary=W${level}\n\n--W${level}\nContent-Type: message/rfc822\n\n${inner}\n--W${level}--\n`;
  let text = report;
  for (let level = 0; level < 6; level++) text = wrap(text, level);
  let depth = 0;
  for (let mail = (await parseMail(octets(text))).inner?.mails[0] ?? null; mail; mail = mail.inner?.mails[0] ?? null)
    depth++;
  expect(depth).toBe(3);
});

test("a returned message is no report", async () => {
  const mail = await parseMail(
    octets(multipart("--B\nContent-Type: message/rfc822\n\nFrom: a@b.example\n\nx\n--B--\n")),
  );
  expect(mail.inner).toBeNull();
});

test.each([
  [
    "the header names another boundary",
    multipart("--R\n\nx\n--R\nContent-Type: message/delivery-status\n\nAction: failed\n--R--\n"),
  ],
  [
    "there is no Content-Type",
    `Subject: a\n\nx\n--R\n\nx\n--R\nContent-Type: message/delivery-status\n\nAction: failed\n--R--\n`,
  ],
])("parts are found where %s", async (_, text) => {
  const mail = await parseMail(octets(text));
  expect(mail.parts.map(({ contentType }) => contentType)).toEqual(["message/delivery-status"]);
  expect(mail.warnings).toContainEqual({ code: "lost-boundary" });
});

test("a multipart without any delimiter is text", async () => {
  expect((await parseMail(octets(multipart("only words\n")))).text).toBe("only words\n");
});
