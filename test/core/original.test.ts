import { describe, expect, test } from "vitest";
import { parseMail } from "../../src/core/mime/mail.ts";
import {
  findOriginal,
  messageIdIn,
  quotedOriginal,
  readOriginal,
  referredMessageId,
} from "../../src/core/report/original.ts";

test.each([
  ["<a@b.example>", "<a@b.example>"],
  ["a@b.example", "<a@b.example>"],
  ["(comment) <a@b.example> more", "<a@b.example>"],
  ["two words", null],
  ["", null],
  [null, null],
])("messageIdIn(%j)", (value, expected) => expect(messageIdIn(value)).toBe(expected));

test("a header becomes a record with every key", () => {
  const fields = [
    { name: "return-path", value: "<b@bounces.example.com>" },
    { name: "from", value: '"Müller, K." <k@example.com>' },
    { name: "to", value: "a@example.org, B <b@example.org>" },
    { name: "subject", value: "=?utf-8?Q?Gr=C3=B6=C3=9Fe?=" },
    { name: "date", value: "Tue, 3 Mar 2026 09:15:00 +0100" },
    { name: "message-id", value: "<1@example.com>" },
    { name: "references", value: "<0@example.com> <00@example.com>" },
    { name: "x-job", value: "7" },
    { name: "x-job", value: "8" },
  ];
  expect(readOriginal(fields)).toEqual({
    messageId: "<1@example.com>",
    from: "k@example.com",
    to: ["a@example.org", "b@example.org"],
    subject: "Größe",
    date: "2026-03-03T08:15:00.000Z",
    returnPath: "b@bounces.example.com",
    listId: null,
    feedbackId: null,
    inReplyTo: null,
    references: ["<0@example.com>", "<00@example.com>"],
    headers: expect.any(Map),
  });
  expect(readOriginal(fields)?.headers.get("x-job")).toBe("7");
  expect(readOriginal([{ name: "x-job", value: "7" }])).toBeNull();
});

describe("quotedOriginal", () => {
  const header = "Received: by mx.example.net\nFrom: a@example.com\nSubject: Hello\nMessage-ID: <1@example.com>";
  test.each([
    ["at the margin", header],
    ["indented", header.replaceAll(/^/gm, "    ")],
    ["quoted", header.replaceAll(/^/gm, "> ")],
    ["folded without indenting", header.replace("by mx", "from x (via\nHTTP); by mx")],
  ])("%s", (_, quoted) => {
    const found = quotedOriginal(`It was not delivered.\n\n${quoted}\n\nHello\n`);
    expect(found?.messageId).toBe("<1@example.com>");
    expect(found?.subject).toBe("Hello");
  });

  test("one field alone is no header", () => {
    expect(quotedOriginal("Subject: your order\nwas not delivered")).toBeNull();
  });
});

test("the report's own reference names the message where nothing of it came back", async () => {
  const mail = await parseMail(Buffer.from("References: <0@example.com> <1@example.com>\n\nlost\n"));
  expect(referredMessageId(mail)).toBe("<1@example.com>");
  expect(findOriginal(mail)?.messageId).toBe("<1@example.com>");
  expect(findOriginal(await parseMail(Buffer.from("Subject: x\n\nlost\n")))).toBeNull();
});
