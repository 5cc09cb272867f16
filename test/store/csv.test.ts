import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { parse } from "csv-parse/sync";
import { csvOf, jsonLinesOf } from "../../src/store/log/csv.ts";
import type { LogEntry } from "../../src/store/log/log-query.ts";
import type { NewSuppression, Suppression } from "../../src/store/suppressions/suppression.ts";
import { LIST_FORMATS, listCsvOf, readListCsv, type ListFormat } from "../../src/store/suppressions/csv.ts";
import { makeEvent } from "./make-event.ts";

const entries = (...events: ReturnType<typeof makeEvent>[]): AsyncIterable<LogEntry> =>
  Readable.from(events.map((event): LogEntry => ({ recordedAt: "2026-03-01T12:00:00.000Z", event })));

test("the profile customers-mail-cloud has exactly its six columns", async () => {
  expect(await text(csvOf(entries(makeEvent()), "customers-mail-cloud"))).toBe(
    "received,status,from,to,message ID,error\n" +
      "2026-03-01 11:00:00,5.1.1,News <news@sender.example>,user@example.org,<1@sender.example>,550 5.1.1 User unknown\n",
  );
  expect(await text(csvOf(entries(), "customers-mail-cloud"))).toBe("received,status,from,to,message ID,error\n");
});

test("what a spreadsheet would run is text, and every field survives its quotes", async () => {
  const hostile = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", 'a,"b"\nc', "nul\0", "\ufeff=1+1"];
  for (const subject of hostile) {
    const event = makeEvent();
    const csv = await text(csvOf(entries({ ...event, original: { ...event.original, subject } }), "full"));
    const [row] = parse<Record<string, string>>(csv, { columns: true });
    expect(row?.["subject"]).not.toMatch(/^[=+\-@\t\r\0]/);
    expect(row?.["subject"]?.replace(/^'/, "")).toBe(subject.replaceAll("\0", ""));
    expect(row?.["id"]).toBe(event.id);
  }
});

test("JSON lines are the events", async () => {
  const events = [makeEvent(), makeEvent({ address: "b@example.org" })];
  const lines = (await text(jsonLinesOf(entries(...events)))).split("\n");
  expect(lines.length).toBe(3);
  expect(lines.slice(0, 2).map((line) => JSON.parse(line))).toEqual(events);
});

test("an error while reading ends the download with an error", async () => {
  async function* failing() {
    yield* entries(makeEvent());
    throw new Error("database away");
  }
  await expect(text(csvOf(failing(), "full"))).rejects.toThrow("database away");
});

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
  updatedAt: "2026-03-02T12:00:00.000Z",
  expiresAt: null,
};
const read = async (csv: string, format: ListFormat): Promise<readonly NewSuppression[]> => {
  const lines: NewSuppression[] = [];
  for await (const { entry: line } of readListCsv(Readable.from([Buffer.from(csv)]), format)) lines.push(line);
  return lines;
};

for (const format of LIST_FORMATS)
  test(`${format}: what was exported can be imported`, async () => {
    const csv = await text(
      listCsvOf(Readable.from([entry, { ...entry, scope: "domain", value: "example.net" }]), format),
    );
    const back = await read(csv, format);
    expect(back.length).toBe(format === "bounced" ? 2 : 1);
    expect(back[0]?.value).toBe("+user@example.org");
    expect(back[0]?.createdAt?.slice(0, 8)).toBe("2026-03-");
    if (format !== "mailgun") expect(back[0]?.cause).toBe("complaint");
  });

test("files as the providers write them", async () => {
  expect(
    await read("\ufeffemail,created,reason,status\r\na@example.org,1443651125,550 5.1.1 unknown,5.1.1\r\n", "sendgrid"),
  ).toMatchObject([
    { value: "a@example.org", cause: "import", reason: "550 5.1.1 unknown", createdAt: "2015-09-30T22:12:05.000Z" },
  ]);
  expect(await read("a@example.org,BOUNCE\nb@example.org,COMPLAINT\n", "ses")).toMatchObject([
    { value: "a@example.org", cause: "import" },
    { value: "b@example.org", cause: "complaint" },
  ]);
  expect(
    await read(
      "EmailAddress,SuppressionReason,Origin,CreatedAt\na@example.org,ManualSuppression,Customer,2026-01-02T03:04:05-05:00\n",
      "postmark",
    ),
  ).toMatchObject([{ cause: "manual", note: "Customer", createdAt: "2026-01-02T08:04:05.000Z" }]);
  expect(
    await read(
      'address,code,error,created_at\na@example.org,550,"No such, mailbox","Thu, 13 Oct 2011 18:02:00 UTC"\n',
      "mailgun",
    ),
  ).toMatchObject([{ cause: "import", reason: "No such, mailbox", createdAt: "2011-10-13T18:02:00.000Z" }]);
});

test("a file of another shape is refused with what was expected", async () => {
  await expect(read("name;phone\nx;1\n", "sendgrid")).rejects.toThrow(/^heading: expected email,created/);
  await expect(read('email\n"unclosed', "sendgrid")).rejects.toThrow(
    /^not CSV: line \d+: the quote of a field is never closed$/,
  );
});
