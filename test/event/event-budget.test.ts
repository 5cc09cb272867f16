import { expect, test } from "vitest";
import { MAX_EVENT_OCTETS, withinBudget } from "../../src/event/event-budget.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { eventSchema } from "../../src/event/event.ts";
import { readWhole } from "../../src/intake/message.ts";
import { loadConfig } from "../../src/config/config.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { dsnOfMany, feedbackOfMany } from "../support/hostile-mail.ts";
import { sampleEvent } from "../support/event.ts";

const settings = readSettingsOf(loadConfig({}));
const read = (mail: string) =>
  readMessage(
    {
      ...readWhole(Buffer.from(mail, "latin1"), 256 * 1024),
      receivedAt: null,
      envelope: { reversePath: "", forwardPath: "b@bounces.example.com" },
      remoteAddress: null,
    },
    settings,
  );
const octetsOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test.each([
  ["a complaint that names 1,000 people and 100 long addresses of pages", feedbackOfMany(1000, 100)],
  [
    "a report whose 300 recipients each have damaged fields",
    dsnOfMany(300, "Last-Attempt-Date: nonsense\r\n".repeat(20)),
  ],
  ["a report whose returned message went to 1,000 addresses", dsnOfMany(300, "", 1000)],
])("%s comes to no more than the budget", async (_, mail) => {
  const events = await read(mail);
  expect(octetsOf(events)).toBeLessThanOrEqual(MAX_EVENT_OCTETS * 1.05);
  expect(events.length).toBeGreaterThan(100);
  for (const event of events) eventSchema.parse(event);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
});

test("lists are cut before recipients, and a warning says so", async () => {
  const events = await read(feedbackOfMany(400, 100));
  expect(events).toHaveLength(400);
  expect(events[0]?.feedback?.reportedUri).toHaveLength(10);
  expect(events[399]?.warnings.at(-1)).toEqual({ code: "over-budget", value: "lists and texts were cut" });
});

test("where cut lists do not suffice the first recipients stay", () => {
  const events = Array.from({ length: 50 }, (_, n) => sampleEvent({ id: `e${n}` }));
  const kept = withinBudget(events, octetsOf(events) / 2);
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.length).toBeLessThan(30);
  expect(kept.map(({ id }) => id)).toEqual(events.slice(0, kept.length).map(({ id }) => id));
  expect(kept[0]?.warnings.at(-1)).toEqual({ code: "over-budget", value: `50 recipients, kept ${kept.length}` });
});

test("the recipient that a proof is of stays, behind however many others", () => {
  const others = Array.from({ length: 50 }, (_, n) => sampleEvent({ id: `e${n}`, authenticity: "unproven" }));
  const proven = sampleEvent({ id: "proven", authenticity: "proven" });
  const kept = withinBudget([...others, proven], octetsOf(others) / 2);
  expect(kept.length).toBeLessThan(30);
  expect(kept.at(-1)?.id).toBe("proven");
  expect(kept.slice(0, -1).map(({ id }) => id)).toEqual(others.slice(0, kept.length - 1).map(({ id }) => id));
});

test("what is within the budget is left alone", () => {
  const events = [sampleEvent()];
  expect(withinBudget(events)).toBe(events);
});

test("1,000 recipients are kept of a report of 10,000, with one warning", async () => {
  const events = await read(dsnOfMany(1500));
  expect(events).toHaveLength(1000);
  expect(events[0]?.warnings.filter(({ code }) => code === "too-many-recipients")).toHaveLength(1);
});
