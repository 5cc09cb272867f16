import { afterAll, beforeAll, expect, test } from "vitest";
import { hourOf, textOfTally } from "../../src/tallies/tally.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => void (harness = await startHarness()));
afterAll(() => harness.close());

const get = (url: string) => harness.app.inject({ url, headers: harness.bearer("viewer") });

test("no sends, no rates; with them, rates and the lines of providers", async () => {
  expect((await get("/v1/stats/rates")).json()).toMatchObject({ rows: [] });
  const at = harness.clock.at - 60_000;
  const about = { hour: hourOf(at), provider: "google", domain: "gmail.com", senderDomain: "", sendingAddress: "" };
  const counts = new Map([
    [textOfTally({ ...about, tag: "spring", outcome: "delivered" }), 90],
    [textOfTally({ ...about, tag: "spring", outcome: "failed" }), 10],
    [textOfTally({ ...about, tag: "spring", outcome: "delayed" }), 25],
  ]);
  await harness.store.countTallies({ id: "1", counts });
  await harness.store.record([jobOf([makeEvent({ address: "a@gmail.com", at, provider: "google" })])]);
  const answer = (await get("/v1/stats/rates?by=provider")).json();
  expect(answer).toEqual({
    from: "2026-04-24T12:00:00.000Z",
    to: "2026-05-01T12:00:00.000Z",
    rows: [
      {
        value: "google",
        sends: 100,
        delivered: 90,
        failed: 10,
        delayed: 25,
        bounced: 1,
        hard: 1,
        blocked: 0,
        complained: 0,
        rates: { bounce: 0.01, hard: 0.01, block: 0, deferral: 0.2, complaint: 0 },
      },
    ],
    lines: [
      { measure: "hard", rate: 0.05, by: "Amazon SES" },
      { measure: "complaint", rate: 0.001, by: "Amazon SES" },
      { measure: "complaint", rate: 0.003, by: "Gmail and Yahoo" },
    ],
  });
  expect((await get("/v1/stats/rates?tag=spring&domain=gmail.com")).statusCode).toBe(400);
  expect((await get("/v1/stats/rates?from=2026-01-01&to=2026-02-01")).json()).toMatchObject({ rows: [] });
});
