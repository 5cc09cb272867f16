import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventSchema } from "../../src/event/event.ts";
import { startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const post = (url: string, payload: object | Buffer, type = "application/json") =>
  harness.app.inject({
    method: "POST",
    url,
    headers: { ...harness.bearer("operator"), "content-type": type },
    payload,
  });
const get = (url: string) => harness.app.inject({ url, headers: harness.bearer("viewer") });

describe("classify", () => {
  test("the text of a refusal, in the language asked for", async () => {
    const english = (await post("/v1/classify", { text: "550 5.1.1 User unknown" })).json();
    expect(english).toMatchObject({ reason: "mailbox_unknown", severity: "hard", advice: "suppress" });
    const german = (await post("/v1/classify", { text: "550 5.1.1 User unknown", language: "de" })).json();
    expect(german.explanation).not.toBe(english.explanation);
  });

  test("a message, in a thread of its own", async () => {
    const eml = readFileSync("fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml");
    const { events } = (await post("/v1/classify/message", eml, "message/rfc822")).json();
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(eventSchema.parse(event)).toMatchObject({ format: "rfc3464" });
    expect(await harness.store.count({})).toBe(0);
  });

  test("anything is a message; JSON is not", async () => {
    const noise = await post("/v1/classify/message", Buffer.from([0, 255, 10, 13]), "message/rfc822");
    expect(noise.json().events).toMatchObject([{ kind: "unrecognized" }]);
    expect((await post("/v1/classify/message", {})).statusCode).toBe(400);
    expect((await post("/v1/classify", {})).json().detail).toContain("body.text");
  });
});

describe("codes", () => {
  test("one code, all codes, failure codes, reasons", async () => {
    expect((await get("/v1/codes/5.7.26")).json()).toMatchObject({ reason: "auth_failed" });
    expect((await get("/v1/codes?list=all")).json().codes.length).toBeGreaterThan(60);
    expect((await get("/v1/failure-codes")).json().failureCodes).toContainEqual(
      expect.objectContaining({ code: 2001, family: "Permanent" }),
    );
    expect((await get("/v1/reasons?language=ja")).json().reasons).toContainEqual(
      expect.objectContaining({ reason: "mailbox_full", severity: "soft" }),
    );
  });

  test("what is no code, and what is none of ours", async () => {
    expect((await get("/v1/codes/banana")).statusCode).toBe(400);
    expect((await get("/v1/codes/799")).statusCode).toBe(404);
  });
});

describe("return paths", () => {
  test("made, and read again", async () => {
    const { address } = (await post("/v1/return-paths", { recipient: "ann@example.org", tag: "may" })).json();
    expect(address).toMatch(/^b\+[a-z0-9]+@bounces\.example\.com$/);
    expect((await get(`/v1/return-paths/${address}`)).json()).toMatchObject({
      scheme: "signed",
      recipient: "ann@example.org",
      tag: "may",
      check: "valid",
    });
    const forged = address.replace(/.@/, (end: string) => (end === "a@" ? "b@" : "a@"));
    expect((await get(`/v1/return-paths/${forged}`)).json().check).not.toBe("valid");
  });

  test("many, and what cannot be made", async () => {
    const requests = [{ recipient: "ann@example.org" }, { recipient: "bob@example.org", scheme: "verp" }];
    expect((await post("/v1/return-paths", { requests })).json().addresses).toHaveLength(2);
    const bad = await post("/v1/return-paths", { requests: [...requests, { recipient: "nobody" }] });
    expect([bad.statusCode, bad.json().detail]).toEqual([400, "body.requests.2: not an address: nobody"]);
  });
});

describe("operations", () => {
  test("without Redis they say so", async () => {
    const answer = await harness.app.inject({
      method: "POST",
      url: "/v1/events/emit",
      headers: harness.bearer("admin"),
      payload: { ids: ["x"] },
    });
    expect([answer.statusCode, answer.json().detail]).toEqual([501, "This process has no Redis."]);
  });
});
