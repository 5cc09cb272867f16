import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { parse } from "csv-parse/sync";
import { csvOf, jsonLinesOf } from "../../src/store/log/csv.ts";
import type { LogEntry } from "../../src/store/log/log-query.ts";
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
