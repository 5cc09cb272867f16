/** The list in and out as CSV: files as other services write them, what comes back of ours, and hostile ones. */
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { parse } from "csv-parse/sync";
import { readValue } from "../../src/store/suppressions/edit.ts";
import { listCsvOf, readListCsv } from "../../src/store/suppressions/csv.ts";
import { textOfCsv } from "../../src/store/suppressions/csv-text.ts";
import { LIST_FORMATS, LIST_SHAPES, type ListFormat } from "../../src/store/suppressions/formats/index.ts";
import type { NewSuppression, Suppression } from "../../src/store/suppressions/suppression.ts";

const entry: Suppression = {
  scope: "address",
  value: "+user@example.org",
  stream: "",
  cause: "complaint",
  reason: "complaint",
  eventId: null,
  note: 'said "no"',
  actor: "policy",
  createdAt: "2026-03-01T12:00:00.000Z",
  updatedAt: "2026-03-01T12:00:00.000Z",
  expiresAt: null,
};

async function read(csv: string | Uint8Array, format: ListFormat): Promise<readonly (NewSuppression | null)[]> {
  const lines: (NewSuppression | null)[] = [];
  const octets = typeof csv === "string" ? Buffer.from(csv) : csv;
  for await (const line of readListCsv(Readable.from([octets]), format)) lines.push(line.entry);
  return lines;
}
const written = (entries: readonly Suppression[], format: ListFormat): Promise<string> =>
  text(listCsvOf(Readable.from(entries), format));

/** What a shape has no column for does not come back. */
const LOSES_COMPLAINTS: readonly ListFormat[] = ["mailgun", "postal"];

test.each(LIST_FORMATS)("%s: what was exported can be imported", async (format) => {
  const causes = ["hard", "soft", "complaint", "manual", "import"] as const;
  const all = causes.map((cause) => ({ ...entry, cause, value: `${cause}@example.org` }));
  const domain: Suppression = { ...entry, scope: "domain", value: "example.net" };
  const back = await read(await written([entry, ...all, domain], format), format);
  const values = [...new Set(back.map((one) => one?.value))];
  const expected = [entry, ...all].map(({ value }) => value);
  expect(values).toEqual(LIST_SHAPES[format].domains ? [...expected, "example.net"] : expected);
  for (const one of back) expect(one?.createdAt).toBe(entry.createdAt);
  if (!LOSES_COMPLAINTS.includes(format)) expect(back[0]?.cause).toBe("complaint");
});

const ANN = "ann@example.org";
const BOB = "bob@example.org";
const CLEO = "cleo@example.org";
const day = (date: number): string => `2026-02-0${date}T09:30:00.000Z`;
const LEFT = { cause: "complaint", reason: "unsubscribe" };

/** Of `fixtures/lists`: files as the service writes them -> what they mean; null where the row is of somebody who wants mail. */
const FILES: Readonly<Record<string, readonly (object | null)[]>> = {
  "bounced.csv": [{ value: ANN, cause: "hard", reason: "mailbox_unknown", createdAt: day(1), expiresAt: null }],
  "sendgrid.csv": [
    {
      value: ANN,
      cause: "import",
      reason: "550 5.1.1 The email account does not exist",
      note: "5.1.1",
      createdAt: "2015-09-30T22:12:05.000Z",
    },
    { value: BOB, cause: "import", reason: '552 5.2.2 mailbox full; "over quota"' },
  ],
  "ses.csv": [
    { value: ANN, cause: "import", reason: "BOUNCE", createdAt: day(1) },
    { value: BOB, cause: "complaint", reason: "COMPLAINT", createdAt: day(2) },
  ],
  "postmark.csv": [
    { value: ANN, cause: "import", reason: "HardBounce", createdAt: day(1) },
    { value: BOB, cause: "complaint", createdAt: day(2) },
    { value: CLEO, cause: "manual", note: "Customer", createdAt: day(3) },
  ],
  "mailgun.csv": [
    { value: ANN, cause: "import", reason: "No such mailbox, sorry", createdAt: day(1) },
    { value: BOB, cause: "import", note: "605", createdAt: day(2) },
  ],
  "resend.csv": [
    { value: ANN, cause: "import", reason: "bounce" },
    { value: BOB, cause: "complaint", reason: "complaint" },
    { value: CLEO, cause: "manual" },
  ],
  "brevo.csv": [
    { value: ANN, cause: "import", reason: "hardBounce", createdAt: day(1) },
    { value: BOB, cause: "complaint", reason: "contactFlaggedAsSpam", createdAt: day(2) },
    { value: CLEO, ...LEFT, createdAt: day(3) },
  ],
  "mailjet.csv": [{ value: ANN, cause: "import", createdAt: day(1) }, { value: BOB, cause: "complaint" }, null],
  "sparkpost.csv": [
    { value: ANN, cause: "import", reason: "Bounce Rule", note: "550 5.1.1 unknown", createdAt: day(1) },
    { value: ANN },
    { value: BOB, cause: "complaint", reason: "spam report" },
    { value: CLEO, ...LEFT },
  ],
  "listmonk.csv": [{ value: ANN, cause: "import", reason: "blocklisted", createdAt: day(1) }, null],
  "mautic.csv": [
    { value: ANN, cause: "import", reason: "bounced", note: "550 5.1.1 unknown", createdAt: day(1) },
    { value: BOB, ...LEFT },
    { value: CLEO, cause: "manual" },
    null,
  ],
  "postal.csv": [
    { value: ANN, cause: "import", reason: "too many soft fails", createdAt: day(1), expiresAt: null },
    null,
  ],
  "mailchimp.csv": [
    { value: BOB, ...LEFT, createdAt: day(2) },
    { value: CLEO, cause: "complaint", reason: "spam report", note: "Spammy content" },
  ],
  "mailchimp-cleaned.csv": [{ value: ANN, cause: "import", reason: "cleaned", note: "Spring", createdAt: day(1) }],
};

const contents = (name: string): Buffer => readFileSync(`fixtures/lists/${name}`);
const formatOf = (name: string): ListFormat => /^[a-z]+/.exec(name)?.[0] as ListFormat;

test("every file of the corpus is looked at, and every format has one", () => {
  const names = globSync("fixtures/lists/*").map((path) => basename(path));
  expect(names.filter((name) => name !== "mailchimp-subscribed.csv").toSorted()).toEqual(Object.keys(FILES).toSorted());
  expect(new Set(names.map(formatOf))).toEqual(new Set(LIST_FORMATS));
});

test.each(Object.entries(FILES))("%s as its service writes it", async (name, wanted) => {
  const found = await read(contents(name), formatOf(name));
  expect(found).toMatchObject(wanted as (object | null)[]);
  for (const one of found) if (one) expect(() => readValue(one.value)).not.toThrow();
});

test("a file of people who want mail is refused", async () => {
  await expect(read(contents("mailchimp-subscribed.csv"), "mailchimp")).rejects.toThrow(
    /^heading: nothing in this file says which addresses are suppressed: Mailchimp calls that unsubtime or cleantime/,
  );
  await expect(read("email,name\na@example.org,A\n", "listmonk")).rejects.toThrow(/listmonk calls that status/);
  expect(await read("email,name,attributes\na@example.org,A,{}\nb@example.org,B,no JSON\n", "listmonk")).toEqual([
    null,
    null,
  ]);
  await expect(read("Email,Name\na@example.org,A\n", "mailjet")).rejects.toThrow(/Mailjet calls that/);
});

test("SES takes and writes files without a heading", async () => {
  expect(await read("a@example.org,BOUNCE\nb@example.org,COMPLAINT\n", "ses")).toMatchObject([
    { value: "a@example.org", cause: "import" },
    { value: "b@example.org", cause: "complaint" },
  ]);
});

test("a spreadsheet's encodings, separators and marks", async () => {
  const rows = "email,created,reason,status\na@example.org,1443651125,über voll,5.2.2\n";
  const same = [{ value: "a@example.org", reason: "über voll" }];
  const utf16 = Buffer.from(`\ufeff${rows.replaceAll(",", "\t")}`, "utf16le");
  for (const file of [
    Buffer.from(`\ufeff${rows}`),
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(rows.replaceAll(",", ";")),
    Buffer.from(rows.replaceAll("\n", "\r\n")),
  ]) {
    expect(await read(file, "sendgrid")).toMatchObject(same);
    expect(await text(Readable.from([textOfCsv(file)]))).toContain("über voll");
  }
  const single = [...Buffer.from(`\ufeff${rows}`)].map((octet) => Buffer.from([octet]));
  const lines: unknown[] = [];
  for await (const line of readListCsv(Readable.from(single), "sendgrid")) lines.push(line.entry);
  expect(lines).toMatchObject(same);
});

test("a file in another encoding is refused: a wrong letter is another address", async () => {
  const file = Buffer.from("email,reason\nj\u00fcrgen@example.org,x\n", "latin1");
  const refused = /^not CSV: the file is not UTF-8 text\. Save it as CSV in UTF-8/;
  await expect(read(file, "sendgrid")).rejects.toThrow(refused);
  expect(() => textOfCsv(file)).toThrow(refused);
  await expect(read(Buffer.from([0x50, 0x4b, 3, 4, 0x14, 0, 0xff]), "sendgrid")).rejects.toThrow(refused);
});

test("a semicolon in a field does not separate what commas separate", async () => {
  expect(
    await read('email,reason,status\na@example.org,550; x; y; z,5.1.1\n"b;c@example.org",x,y\n', "sendgrid"),
  ).toMatchObject([{ value: "a@example.org", reason: "550; x; y; z" }, { value: "b;c@example.org" }]);
});

test.each(LIST_FORMATS)("%s: what a spreadsheet would run is text, and no formula is an address", async (format) => {
  const hostile = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"];
  for (const reason of hostile) {
    const csv = await written([{ ...entry, cause: "import", reason, note: reason }], format);
    for (const row of parse(csv)) for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  }
  const { columns } = LIST_SHAPES[format];
  const place = columns.findIndex((name) => /mail|value|address|recipient/i.test(name));
  const row = columns.map((name, at) =>
    at === place
      ? `"=HYPERLINK(""http://x"",""y"")"`
      : /exclu|donot/i.test(name)
        ? "1"
        : /time/i.test(name)
          ? "2026-01-01 00:00:00"
          : "",
  );
  for (const one of await read(`${columns.join(",")}\n${row.join(",")}\n`, format))
    if (one) expect(() => readValue(one.value)).toThrow(/expected an address/);
});

test("a file of another shape is refused with what was expected", async () => {
  await expect(read("name;phone\nx;1\n", "sendgrid")).rejects.toThrow(/^heading: expected email,created/);
  await expect(read('email\n"unclosed', "sendgrid")).rejects.toThrow(
    /^not CSV: line \d+: the quote of a field is never closed$/,
  );
});

test("a file without an end is read in little memory, and not at all past its first mistake", async () => {
  let made = 0;
  function* endless(): Generator<Buffer> {
    yield Buffer.from("email,reason\n");
    for (;;) {
      made += 65_536;
      yield Buffer.alloc(65_536, '"');
      yield Buffer.alloc(65_536, "x");
    }
  }
  await expect(async () => {
    for await (const line of readListCsv(Readable.from(endless()), "sendgrid")) expect(line).toBeNull();
  }).rejects.toThrow(/^not CSV: /);
  await expect(async () => {
    for await (const line of readListCsv(
      Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(65_536, "a"))),
      "sendgrid",
    ))
      expect(line).toBeNull();
  }).rejects.toThrow(/^(not CSV|heading): /);
  expect(made).toBeLessThan(10 * 1024 * 1024);
});
