import { expect, test } from "vitest";
import { readReport } from "../../../src/core/formats/index.ts";
import { LANGUAGES } from "../../../src/core/knowledge/languages.ts";
import { mailOf } from "../notice/support.ts";

const packs = LANGUAGES.filter(({ code }) => code !== "mul");
const first = (words: readonly string[] | undefined): string => words?.[0] ?? "";

test.each(packs.map((pack) => [pack.name, pack] as const))("%s: a labelled notice", async (_, { notices }) => {
  for (const recipient of [first(notices?.labels?.recipient), first(notices?.labels?.to)]) {
    const lines = [
      `${first(notices?.failures)}.`,
      "",
      `${recipient}: ann@example.org`,
      `${first(notices?.labels?.subject)}: March`,
      `${first(notices?.labels?.reason)}: 550 5.1.1 x`,
    ];
    const reading = readReport(await mailOf(lines.join("\n"), { subject: first(notices?.subjects) }));
    expect(reading?.report, recipient).toMatchObject({
      kind: "delivery",
      recipients: [{ finalRecipient: "ann@example.org", replyCode: 550 }],
      original: { subject: "March" },
    });
  }
});

const from = "Ann <ann@example.org>";
test.each(packs.map((pack) => [pack.name, pack] as const))("%s: an automatic reply by its subject", async (_, pack) => {
  for (const words of pack.answers?.auto ?? []) {
    const reading = readReport(await mailOf("x", { from, subject: `${words.replace(/:$/, "")}: March` }));
    expect(reading?.report.kind, words).toBe("auto_reply");
  }
  for (const words of pack.answers?.away ?? []) {
    const subject = words.endsWith("*") ? `${words.slice(0, -1)}: March` : `${words.replace(/:$/, "")}: March`;
    expect((await readReportOf(subject))?.report.kind, words).toBe("auto_reply");
  }
});

const readReportOf = async (subject: string) => readReport(await mailOf("x", { from, subject }));

test.each(packs.map((pack) => [pack.name, pack] as const))("%s: a receipt without its report", async (_, pack) => {
  const { labels } = pack.notices!;
  const happened = first(pack.answers?.receipts?.happened).replace("…", "1. 3. 2026").replace(/\*$/, "");
  const lines = [
    first(pack.answers?.receipts?.openings),
    "",
    `   ${first(labels?.to)}: ann@example.org`,
    `   ${first(labels?.subject)}: March`,
    `   ${first(labels?.date)}: 2026-03-01 10:00`,
    "",
    `${happened} 2026-03-01 11:00.`,
  ];
  expect(readReport(await mailOf(lines.join("\n"), { from, subject: "March" }))?.report.kind).toBe("disposition");
});

test.each(packs.map((pack) => [pack.name, pack] as const))("%s: unsubscribing", async (_, pack) => {
  for (const words of pack.answers?.unsubscribing ?? [])
    expect(readReport(await mailOf(words, { from, subject: words }))?.format, words).toBe("unsubscribe");
});

test.each([
  "Dovolená v Chorvatsku za hubičku",
  "Urlop w Tatrach: 3 pomysły",
  "Semester 2 timetable",
  "Ferie i Danmark",
  "Absence of evidence",
  "отпуск мечты",
])("%s is a subject as people write it", async (subject) => expect(await readReportOf(subject)).toBeNull());
