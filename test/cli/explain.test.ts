import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { explainCommand } from "../../src/cli/commands/explain.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function explain(...words: string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
  const command = explainCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  await command.parseAsync(words, { from: "user" });
  return printed.join("\n");
}

test("an enhanced code", async () => {
  const text = await explain("5.7.26");
  expect(text).toContain("Set up SPF and DKIM");
  expect(text).toContain("at fault     the sender");
  expect(text).toContain("Google x.7.26");
});

test("a basic code, in German", async () => {
  expect(await explain("552", "--language", "de")).toContain("Das Postfach ist voll");
});

test("both codes of a reply as a help desk shows them", async () => {
  const text = await explain("550-5.1.1");
  expect(text).toMatch(/^5\.1\.1 /);
  expect(text).toMatch(/^550 /m);
});

test("a pasted refusal, with or without quotes", async () => {
  const verdict = JSON.parse(await explain("--json", "550 5.1.1 User unknown")) as Record<string, unknown>;
  expect(verdict).toMatchObject({ reason: "mailbox_unknown", severity: "hard", codes: { failureCode: 2001 } });
  expect(await explain("550", "5.1.1", "User", "unknown")).toMatch(/^mailbox_unknown {2}hard, suppress/);
});

test("the language of BOUNCED_LANGUAGE when none is asked for", async () => {
  vi.stubEnv("BOUNCED_LANGUAGE", "ja");
  expect(await explain("mailbox_full")).toContain("メールボックスがいっぱい");
  expect(await explain("mailbox_full", "--language", "fr")).toContain("La boîte est pleine");
});

test("labels and words are of the language, as the sentences are", async () => {
  for (const [language, ...words] of [
    ["de", "Nächster Schritt", "die Adresse oder das Postfach des Empfängers", "nicht mehr anschreiben"],
    ["fr", "à faire", "l'adresse ou la boîte du destinataire", "ne plus écrire"],
    ["es", "qué hacer", "la dirección o el buzón del destinatario", "no volver a escribir"],
    ["ja", "対処", "受信者のアドレスまたはメールボックス", "送信停止"],
  ]) {
    const entry = await explain("5.1.1", "--language", language ?? "");
    for (const word of words) expect(entry).toContain(word);
    expect(entry).not.toMatch(/next step|at fault|treated as|the code means/);
    // The registry's name of the code is English, and labelled so; what providers mean by it is translated.
    expect(entry).toMatch(/^5\.1\.1\n/);
    expect(entry).toContain("Bad destination mailbox address");
    const remarks = await explain("5.7.1", "--language", language ?? "");
    for (const remark of (await explain("5.7.1")).match(/(?<=^ {4}).+: .+(?= \()/gm) ?? [])
      expect(remarks).not.toContain(remark);
    expect(remarks).toMatch(/^ {4}Google 5\.7\.1: /m);
    expect(await explain("550 5.1.1 User unknown", "--language", language ?? "")).not.toMatch(
      /at fault|decided by|Address does not exist/,
    );
    expect(await explain("2001", "--language", language ?? "")).not.toMatch(/Address does not exist|Family/);
  }
});

test("a failure code of one's own, in lists, look-up and verdicts", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "bounced-explain-")), "bounced.yaml");
  writeFileSync(path, "failureCodes: { codes: { 2101: Left the school }, reasons: { mailbox_unknown: 2101 } }");
  vi.stubEnv("BOUNCED_CONFIG", path);
  expect(await explain("2101")).toMatch(/^2101 {2}Left the school\n.*Permanent\n.*mailbox_unknown/);
  expect(await explain("5.1.1")).toContain("2101 Left the school");
  expect(await explain("550 5.1.1 User unknown")).toContain("2101 Left the school");
  expect(await explain("--all")).toContain("Permanent: Left the school");
});

test("--frequent is short, --all is everything", async () => {
  const frequent = JSON.parse(await explain("--frequent", "--json")) as { codes: { code: string }[] };
  const all = JSON.parse(await explain("--all", "--json")) as { codes: unknown[]; failureCodes: unknown[] };
  expect(frequent.codes[0]?.code).toBe("5.1.1");
  expect(frequent.codes.length).toBeLessThan(50);
  expect(all.codes.length).toBeGreaterThan(190);
  expect(all.failureCodes).toHaveLength(25);
});

test.each([
  ["5.9.9", /5\.9\.9 is in no list; the 5 in front means a final failure/],
  ["2777", /there is no failure code 2777/],
  ["", /name a code/],
])("%s is answered with what is wrong", async (asked, message) => {
  await expect(explain(asked)).rejects.toThrow(message);
});
