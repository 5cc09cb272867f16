/** The words of a note, and what strangers can put into it: nothing but words. */
import { describe, expect, test } from "vitest";
import type { BouncedEvent } from "../../../src/event/event.ts";
import { EXPLANATION_LANGUAGES } from "../../../src/explanations/shape.ts";
import { deskNoteOf } from "../../../src/outputs/help-desks/desk-note.ts";
import { soughtOf, threadSubject } from "../../../src/outputs/help-desks/find.ts";
import { helpDesksSchema } from "../../../src/outputs/help-desks/settings.ts";
import { sampleEvent } from "../../support/event.ts";

const sample = sampleEvent();
const withSubject = (subject: string | null, changes: Partial<BouncedEvent> = {}): BouncedEvent =>
  sampleEvent({ original: { ...sample.original, subject }, ...changes });

test("HTML and Markdown of one bounce", () => {
  const event = withSubject("Re: My order", { recipient: { ...sample.recipient, address: "moved@example.net" } });
  const { html, markdown } = deskNoteOf(event, { language: "en", pagesUrl: "https://b.example.com/base/" }, "subject");
  expect(html).toBe(
    [
      "<p><b>“Re: My order” could not be delivered to user@example.org.</b></p>",
      "<p>There is no mailbox with this address.</p>",
      "<p>What to do: Remove the address from your list, or ask the person for the right one.</p>",
      "<p>The report names moved@\u200bexample.\u200bnet, to which the message was redirected.</p>",
      "<p>This conversation was found by recipient and subject, because no Message-ID fits. Check that the mail belongs to it.</p>",
      "<p>The server said:<br><code>550 5.1.1 No such user</code></p>",
      '<p><a href="https://b.example.com/base/log/sample-event-1">Show the event</a></p>',
      "<p>bounced sample-event-1</p>",
    ].join("\n"),
  );
  expect(markdown).toBe(
    [
      "**“Re: My order” could not be delivered to user@example.org.**",
      "There is no mailbox with this address.",
      "What to do: Remove the address from your list, or ask the person for the right one.",
      "The report names moved@\u200bexample.\u200bnet, to which the message was redirected.",
      "This conversation was found by recipient and subject, because no Message-ID fits. Check that the mail belongs to it.",
      "The server said:",
      "```\n550 5.1.1 No such user\n```",
      "[Show the event](<https://b.example.com/base/log/sample-event-1>)",
      "bounced sample-event-1",
    ].join("\n\n"),
  );
});

describe("each language has a title for each kind of event, filled in", () => {
  for (const language of EXPLANATION_LANGUAGES)
    for (const kind of ["bounce", "delay", "complaint", "auto_reply"] as const)
      for (const subject of ["The subject", null])
        test(`${language} ${kind} ${subject ?? "without a subject"}`, () => {
          const severity = kind === "complaint" ? "complaint" : kind === "bounce" ? "hard" : "info";
          const { html } = deskNoteOf(withSubject(subject, { kind, severity }), { language }, "message-id");
          const [title = ""] = html.split("\n");
          expect(title).toContain("user@example.org");
          expect(title.includes("The subject")).toBe(subject !== null);
          expect(html).not.toMatch(/\{\w+\}/);
        });
});

const HOSTILE = [
  '<img src=x onerror=alert(1)><a href="https://evil.test">click</a>',
  "[click](https://evil.test) ![x](https://evil.test/x.png) <https://evil.test>",
  "see https://evil.test/ www.evil.test evil.test mail evil@evil.test @here @ann",
  "```\n# out of the fence\n````\n**bold**",
  "\u202Egnp.exe\u2066 \u0000\u0007 line\r\nbreak\u2028{to} $& $1",
  "[@Ann](mention://user/1/Ann) |a|b| ~~x~~ `code` _i_ \\",
  "x".repeat(100_000),
];

test.each(HOSTILE)("a stranger's words stay words: %.40s", (words) => {
  const event = withSubject(words, { diagnostic: { type: "smtp", text: words } });
  const { html, markdown } = deskNoteOf(event, { language: "en" }, "message-id");
  expect(html.replaceAll(/<\/?(?:p|b|br|code)>/g, "")).not.toMatch(/[<>]/);
  for (const note of [html, markdown]) {
    expect(note).not.toMatch(/:\/\/|www\.\w|evil\.test|@(?:here|ann|evil|Ann)/);
    // oxlint-disable-next-line no-control-regex -- they are what must not be there
    expect(note).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    expect(note.length).toBeLessThan(8000);
  }
  // Outside of the fence nothing that formats is without its backslash, but our own title.
  const [, title = "", rest = ""] = /^\*\*(.*)\*\*\n\n([\s\S]*)$/.exec(markdown) ?? [];
  expect(title.replaceAll(/\\[\\`*_[\]<>|~&]/g, "")).not.toMatch(/[\\`*_[\]<>|~&]/);
  const [, fence = "", said = ""] = /^(`{3,})\n(.*)\n\1\n\nbounced sample-event-1$/m.exec(rest) ?? [];
  expect(said).not.toBe("");
  expect(said).not.toContain(fence);
});

test("subjects of one thread are the same", () => {
  for (const subject of [
    "My order",
    "Re: My order",
    "AW: WG: my  order",
    "RE[2]: My order",
    "[Ticket#65007] Re: My order",
  ])
    expect(threadSubject(subject)).toBe("my order");
  for (const subject of [null, "", "Re: ", "Hi", "Re: [#12]"]) expect(threadSubject(subject)).toBeNull();
});

test("what is looked for: Message-IDs that mean nothing else in a search, a number, the recipient", () => {
  const event = sampleEvent({
    recipient: { ...sample.recipient, mailed: "User@Example.org" },
    original: {
      ...sample.original,
      messageId: "<own@desk.test>",
      inReplyTo: "<first@x.test> <second@x.test>",
      references: ["<old@x.test>", '<a"b@x.test>', "<*@x.test>", "no-at", "<first@x.test>"],
      headers: { "x-ticket": " #4711 " },
    },
  });
  expect(soughtOf(event, "x-ticket")).toEqual({
    address: "user@example.org",
    messageIds: ["own@desk.test", "first@x.test", "second@x.test", "old@x.test"],
    subject: null,
    id: "4711",
  });
  expect(soughtOf(event, undefined)?.id).toBeNull();
  const many = { ...event, original: { ...event.original, references: Array(5000).fill("<x@y.test>".repeat(500)) } };
  expect(soughtOf(many, undefined)?.messageIds).toEqual(["own@desk.test", "first@x.test", "second@x.test", "x@y.test"]);
});

test("a help desk hears of nothing that a stranger can forge", () => {
  const desk = { id: "d", type: "zammad", url: "https://desk.example.com", key: "long-enough" };
  const [settings] = helpDesksSchema.parse([desk]);
  expect(settings?.filter).toEqual({ authenticity: ["proven", "likely"], kind: ["bounce"] });
  for (const authenticity of ["unproven", ["proven", "forged"]])
    expect(helpDesksSchema.safeParse([{ ...desk, filter: { authenticity } }]).error?.issues[0]?.message).toMatch(
      /anybody can write/,
    );
  expect(helpDesksSchema.safeParse([{ ...desk, url: "http://desk.example.com" }]).success).toBe(false);
  expect(helpDesksSchema.safeParse([{ ...desk, keyFile: "/key" }]).success).toBe(false);
  expect(helpDesksSchema.safeParse([desk, desk]).success).toBe(false);
});
