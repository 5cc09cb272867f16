import { expect, test } from "vitest";
import { markEvidence } from "../../src/web/parts/mark-evidence.ts";
import { readableReply } from "../../src/event/reply-lines.ts";
import { html, renderHtml, type HtmlValue } from "../../src/web/html.ts";
import { safeNext } from "../../src/web/paths.ts";

const rendered = (value: HtmlValue) => renderHtml(html`${value}`);

test.each([
  [`<script>alert("1")</script>`, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;"],
  [`' onmouseover='x`, "&#39; onmouseover=&#39;x"],
  ["a & b", "a &amp; b"],
  [0, "0"],
  [null, ""],
  [undefined, ""],
  [false, ""],
  [["<", html`<b>x</b>`, null], "&lt;<b>x</b>"],
])("%j becomes %s", (value, expected) => {
  expect(rendered(value as HtmlValue)).toBe(expected);
});

test("what would change how the rest is read is left out, what languages need stays", () => {
  expect(rendered("a\u202Eb\u2066c\u200Bd\u0000e\u001B[31mf\u0085g\uFEFF")).toBe("abcde[31mfg");
  expect(rendered("می\u200Cخواهم 👩\u200D💻\n\t.")).toBe("می\u200Cخواهم 👩\u200D💻\n\t.");
});

test("a record that looks like markup is no markup", () => {
  const fromMail = JSON.parse('{"html":"<img src=x onerror=alert(1)>"}') as HtmlValue;
  expect(() => rendered(fromMail)).toThrow();
});

test("the words that decided are marked, overlapping ones once, missing ones not", () => {
  const evidence = (text: string | null, status: string | null = null) =>
    ({ source: "fact", rule: "fact/x-y", text, status }) as const;
  const marked = (text: string, ...words: ReturnType<typeof evidence>[]) =>
    renderHtml(html`${markEvidence(text, words)}`);
  expect(marked("550 5.1.1 User <x> unknown", evidence("user <x>", "5.1.1"))).toBe(
    "550 <mark>5.1.1</mark> <mark>User &lt;x&gt;</mark> unknown",
  );
  expect(marked("no such user", evidence("such user"), evidence("user"), evidence("absent"))).toBe(
    "no <mark>such user</mark>",
  );
});

test.each([
  ["/log?recipient=a%40b", "/log?recipient=a%40b"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/log\r\nset-cookie: x", "/"],
  ["", "/"],
])("after signing in, %j leads to %s", (next, expected) => {
  expect(safeNext(next)).toBe(expected);
});

test.each([
  [
    "550-5.1.1 The account does 550-5.1.1 not exist. 550 5.1.1 Learn more",
    "550-5.1.1 The account does not exist. Learn more",
  ],
  ["host mx said: 421-4.7.0 a 421-4.7.0  b (in reply to DATA)", "host mx said: 421-4.7.0 a b (in reply to DATA)"],
  ["550-no such 550 user: a limit of 550 5.1.1", "550-no such user: a limit of 550 5.1.1"],
  ["550 5.1.1 one line, 550 5.1.1 twice", "550 5.1.1 one line, 550 5.1.1 twice"],
  ["550-", "550-"],
])("%s is read as %s", (reply, expected) => expect(readableReply(reply)).toBe(expected));

test("words that decided are marked across the lines of a reply", () => {
  const evidence = [{ source: "text_rule" as const, rule: "x", text: "not 550-5.1.1 exist", status: null }];
  expect(rendered(markEvidence("550-5.1.1 does not 550-5.1.1 exist 550 5.1.1 here", evidence))).toBe(
    "550-5.1.1 does <mark>not exist</mark> here",
  );
});
