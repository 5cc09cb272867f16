import { expect, test } from "vitest";
import { marksIn } from "../../../src/core/proof/marks.ts";
import { createToken, readToken } from "../../../src/return-path/token.ts";
import { createReturnPath } from "../../../src/return-path/create.ts";
import type { ReturnPathSettings } from "../../../src/return-path/settings.ts";

const NOW = "2026-11-23T10:00:00.000Z";
const settings: ReturnPathSettings = {
  secrets: ["key"],
  prefix: "b",
  maxAgeDays: 30,
  tokenMaxAgeDays: 400,
  verp: { separator: "+", at: "=" },
};
const USER = "user@example.org";
const token = (recipient: string = USER, tag?: string, at = NOW): string =>
  createToken({ recipient, tag }, settings, at);

test.each([
  [USER, "campaign-42"],
  ["Ünïcode+x@GRÜN.example", undefined],
  ["o'brien@example.org", "Q3 / news qr qb"],
  [`${"long".repeat(15)}@${"sub.".repeat(20)}example.org`, "c"],
])("%s with the tag %s comes back, from capitals too", (recipient, tag) => {
  const made = createToken({ recipient, tag }, settings, NOW);
  expect(made).toMatch(/^bt1[a-z0-9]{20,497}$/);
  for (const text of [made, made.toUpperCase()]) {
    const reading = readToken(text, settings, NOW);
    expect(reading).toMatchObject({
      scheme: "token",
      check: "valid",
      tag: tag ?? null,
      issuedAt: "2026-11-23T00:00:00.000Z",
    });
    expect(reading?.bindsRecipient?.(recipient)).toBe(true);
    expect(reading?.bindsRecipient?.(`x${recipient}`)).toBe(false);
  }
});

test.each([
  ["another letter", token().replace("user", "uses"), "bad"],
  ["another key", createToken({ recipient: USER }, { secrets: ["other"] }, NOW), "unknown-key"],
  ["too old", token(USER, undefined, "2025-10-01T00:00:00Z"), "expired"],
  ["from next month", token(USER, undefined, "2026-12-23T00:00:00Z"), "bad"],
])("%s", (_, text, check) => {
  expect(readToken(text, settings, NOW)).toMatchObject({ check });
  expect(marksIn([{ name: "feedback-id", value: text }], settings, NOW)).toEqual([]);
});

test("a return path's signature makes no token, and a token's no return path", () => {
  const path = createReturnPath({ domain: "bounces.example.com", recipient: USER }, settings, NOW);
  const local = path.slice(2, path.indexOf("@"));
  expect(readToken(`bt${local}`, settings, NOW)?.check ?? "bad").toBe("bad");
  expect(readToken("bt1", settings, NOW)).toBeNull();
});

test("what cannot be made says why", () => {
  expect(() => createToken({ recipient: "nobody" }, settings, NOW)).toThrow("not an address: nobody");
  expect(() => createToken({ recipient: USER, tag: "T".repeat(300) }, settings, NOW)).toThrow("too long for a token");
  expect(() => createToken({ recipient: USER }, { secrets: [] }, NOW)).toThrow("no key to sign with");
});

const path = createReturnPath({ domain: "bounces.example.com", recipient: USER, tag: "c7" }, settings, NOW);
test.each([
  [
    "list-unsubscribe",
    `<mailto:u@example.com?subject=unsubscribe%20${token()}>, <https://example.com/u/${token()}>`,
    "token",
  ],
  ["list-unsubscribe", `<mailto:${path.replace("+", "%2B")}>`, "quoted_path"],
  ["cfbl-feedback-id", token(), "token"],
  ["feedback-id", `${token()}:customer:shop`, "token"],
  ["x-anything", token().toUpperCase(), "token"],
  ["message-id", `<${token()}.1@app.example.com>`, "token public"],
  ["in-reply-to", `<${token()}@app.example.com>`, "token public"],
  ["received", `from a by b (envelope-from <${path}>) id 1; Mon, 23 Nov 2026 10:00:00 +0000`, "quoted_path"],
  ["x-original-return-path", `<${path.toUpperCase()}>`, "quoted_path"],
  ["received-spf", `pass (x: domain of ${path} designates …) envelope-from="${path}";`, "quoted_path"],
  ["authentication-results", `mx; spf=pass smtp.mailfrom=${path}`, "quoted_path"],
  ["x", "bt1abc b+1abc@example.com bt1", ""],
])("in %s: %s", (name, value, expected) => {
  const [mark, ...more] = marksIn([{ name, value }], settings, NOW);
  expect(mark ? `${mark.kind}${mark.isPublic ? " public" : ""}` : "").toBe(expected);
  expect(mark?.reading.recipient ?? USER).toBe(USER);
  expect(more).toEqual([]);
});

test("a token that stands in a Message-ID and in a field of its own counts for the field", () => {
  const value = token();
  const fields = [
    { name: "message-id", value: `<${value}@example.com>` },
    { name: "x-bounced-token", value },
  ];
  expect(marksIn(fields, settings, NOW)).toMatchObject([{ kind: "token", isPublic: false }]);
});

test("a header full of what looks like one costs a bounded number of signatures", () => {
  const fields = Array.from({ length: 500 }, (_, at) => ({
    name: "x",
    value: `bt1aa${token().slice(5, -4)}${1000 + at}`,
  }));
  expect(marksIn([...fields, { name: "x", value: token() }], settings, NOW)).toEqual([]);
  expect(marksIn([{ name: "x", value: token() }, ...fields], settings, NOW)).toHaveLength(1);
});
