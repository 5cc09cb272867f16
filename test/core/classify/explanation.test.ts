import { describe, expect, test } from "vitest";
import { SPOKEN_LANGUAGES } from "../../../src/config/config.ts";
import { explanationOf, sentencesFor } from "../../../src/explanations/explanation.ts";
import { PROVIDER_NOTES } from "../../../src/explanations/provider-notes.ts";
import { EXPLANATION_LANGUAGES } from "../../../src/explanations/shape.ts";
import { allCodes } from "../../../src/dictionary/dictionary.ts";
import { failureCodeIn } from "../../../src/explanations/failure-code-texts.ts";
import { failureCodesOf } from "../../../src/vendors/failure-codes.ts";
import { REASONS } from "../../../src/event/event.ts";

/** Ends of sentences: a full stop before a blank or the end (so not in `sender.office.com`), or its Japanese sister. */
const sentenceCount = (text: string) => (text.match(/[.!?](?=\s|$)|。/g) ?? []).length;
const JARGON = /\b(SMTP|RCPT|MAIL FROM|MTA|DSN|MX|NXDOMAIN|5xx|4xx)\b/;

test("every language that can be set has explanations", () => {
  expect([...EXPLANATION_LANGUAGES].sort()).toEqual([...SPOKEN_LANGUAGES].sort());
});

describe.each(EXPLANATION_LANGUAGES)("%s", (language) => {
  test("every usual cause of a code and every failure code has a text of its own", () => {
    const english = allCodes({ language: "en" });
    for (const [at, { code, kind, cause }] of allCodes({ language }).entries())
      if (kind !== "provider" && english[at]?.cause) {
        expect(cause, code).not.toBeNull();
        if (language !== "en") expect(cause, code).not.toBe(english[at].cause);
      }
    const builtIn = failureCodesOf().all;
    const spoken = builtIn.map((code) => failureCodeIn(code, language));
    expect(new Set(spoken.map(({ text }) => text)).size).toBe(builtIn.length);
    if (language !== "en")
      for (const [at, { text }] of spoken.entries()) expect(text, text).not.toBe(builtIn[at]?.text);
  });

  test.each(REASONS)("%s is two plain sentences", (reason) => {
    const text = explanationOf(reason, { language });
    expect(sentenceCount(text)).toBe(2);
    expect(text).not.toMatch(JARGON);
    for (const sentence of sentencesFor(reason, { language })) expect(sentence.length).toBeGreaterThan(6);
  });

  test("no two failures are explained alike", () => {
    const texts = REASONS.map((reason) => explanationOf(reason, { language }));
    expect(new Set(texts).size).toBe(REASONS.length);
  });

  test("provider notes are two sentences each", () => {
    for (const note of PROVIDER_NOTES) {
      expect(note.text[language].map(sentenceCount)).toEqual([1, 1]);
    }
  });

  test("is written in its own language", () => {
    for (const reason of REASONS)
      if (language !== "en")
        expect(explanationOf(reason, { language })).not.toBe(explanationOf(reason, { language: "en" }));
  });
});

test("the two sentences are joined as the language does", () => {
  expect(explanationOf("mailbox_full", { language: "en" })).toMatch(/^The mailbox is full .*\. Keep the address /);
  expect(explanationOf("mailbox_full", { language: "ja" })).toMatch(/。アドレスは/);
});

test.each([
  ["auth_failed", "google", "5.7.26", /Gmail/],
  ["auth_failed", "google", "4.7.27", /Gmail/],
  ["auth_failed", "google", "5.7.32", /another domain than the one in your From/],
  ["auth_failed", "google", "5.7.40", /no DMARC record/],
  ["auth_failed", "microsoft", "5.7.515", /Microsoft/],
  ["ip_reputation", "microsoft", "5.7.620", /sender\.office\.com/],
  ["recipient_restricted", "microsoft", "5.7.134", /inside the organisation/],
  ["mailbox_unknown", "microsoft", "5.4.1", /Microsoft 365/],
  ["ip_reputation", "spamhaus", null, /check\.spamhaus\.org/],
] as const)("%s at %s with %s says what that provider means", (reason, provider, status, expected) => {
  expect(explanationOf(reason, { language: "en", provider, status })).toMatch(expected);
});

test.each([
  ["mailbox_unknown", "google", "5.1.1"],
  ["recipient_restricted", "microsoft", "5.7.137"],
  ["auth_failed", "yahoo", "5.7.26"],
  ["mailbox_disabled", "google", "5.2.1"],
] as const)("%s at %s with %s keeps the general words", (reason, provider, status) => {
  expect(explanationOf(reason, { language: "en", provider, status })).toBe(explanationOf(reason, { language: "en" }));
});
