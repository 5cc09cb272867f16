import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventSchema } from "../../src/event/event.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startHarness, type Caller, type Harness } from "./harness.ts";

const DAY = 24 * 60 * 60 * 1000;
const at = Date.UTC(2026, 3, 10, 12);
const evil = makeEvent({
  address: '=cmd|"/c calc"!A1@example.net',
  at: at - DAY,
  severity: "block",
  reason: "spam_content",
  provider: "google",
  status: "5.7.1",
  diagnostic: { type: "smtp", text: "550 5.7.1 <script>alert(1)</script>, really" },
});
const plain = makeEvent({ at });

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.store.record([jobOf([plain], "From: a\r\n\r\n<script>alert(1)</script>"), jobOf([evil])]);
});
afterAll(() => harness.close());

const get = (url: string, caller: Caller = "exporter") => harness.app.inject({ url, headers: harness.bearer(caller) });
const ids = async (query: string) => {
  const answer = await get(`/v1/events?${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().events.map((event: { id: string }) => event.id);
};

describe("GET /v1/events", () => {
  test("a client that leaves ends its search", async () => {
    const left = Promise.withResolvers<unknown>();
    const begun = Promise.withResolvers<void>();
    const search: Harness["store"]["search"] = (_query, signal) => {
      begun.resolve();
      return new Promise((_, reject) =>
        signal?.addEventListener("abort", () => {
          left.resolve(signal.reason);
          reject(new Error("nobody waits"));
        }),
      );
    };
    const impatient = await startHarness({ store: { ...harness.store, search } });
    const url = await impatient.app.listen({ host: "127.0.0.1", port: 0 });
    const client = new AbortController();
    const answer = fetch(`${url}/v1/events`, { headers: impatient.bearer("viewer"), signal: client.signal });
    await begun.promise;
    client.abort();
    await expect(answer).rejects.toThrow();
    expect(await left.promise).toMatchObject({ name: "AbortError" });
    await impatient.close();
  });

  test("gives events of the published schema, newest first", async () => {
    const { events, next } = (await get("/v1/events")).json();
    expect(events.map((event: unknown) => eventSchema.parse(event))).toEqual([plain, evil]);
    expect(next).toBeNull();
  });

  test("pages through by cursor", async () => {
    const first = (await get("/v1/events?limit=1")).json();
    const second = (await get(`/v1/events?limit=1&cursor=${encodeURIComponent(first.next)}`)).json();
    expect([first.events[0].id, second.events[0].id, second.next]).toEqual([plain.id, evil.id, null]);
  });

  test.each([
    ["a last day is included", "from=2026-04-09&to=2026-04-09", [evil.id]],
    ["an instant is not", "to=2026-04-10T12:00:00Z", [evil.id]],
    ["a time with an offset", "from=2026-04-10T13:00:00%2B02:00", [plain.id]],
    ["a list by comma", "reason=spam_content,mailbox_unknown", [plain.id, evil.id]],
    ["a list by repetition", "reason=spam_content&reason=mailbox_full", [evil.id]],
    ["empty values, as forms send them", "reason=&recipient=&from=", [plain.id, evil.id]],
    ["the beginning of a status", "status=5.7.", [evil.id]],
    ["part of the diagnostic", "diagnostic=SCRIPT", [evil.id]],
    ["a kept header", "header=X-Api-Data:order", [plain.id, evil.id]],
    ["several conditions", "provider=google&severity=hard", []],
  ])("%s", async (_name, query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test.each([
    ["from=yesterday", "query.from: expected YYYY-MM-DD or an ISO 8601 time"],
    ["reason=nonsense", "query.reason.0"],
    ["limit=100000", "query.limit"],
    ["recipent=typo", 'query: there is no "recipent" here (did you mean recipient?)'],
    ["sort=colour", "query.sort"],
    ["replyCode=abc", "query.replyCode.0"],
    ["cursor=broken", "cursor"],
  ])("?%s is refused, saying %s", async (query, words) => {
    const answer = await get(`/v1/events?${query}`);
    expect([answer.statusCode, answer.json().type]).toEqual([400, "urn:bounced:problem:badRequest"]);
    expect(answer.json().detail).toContain(words);
  });
});

describe("GET /v1/events/:id", () => {
  test("one event with what is kept beside it", async () => {
    const answer = await get(`/v1/events/${plain.id}`);
    expect(answer.json()).toEqual({
      recordedAt: "2026-05-01T12:00:00.000Z",
      hasRaw: true,
      event: plain,
      verdicts: [],
    });
  });

  test("404 for an unknown one, 400 for what is no id", async () => {
    expect((await get("/v1/events/absent")).statusCode).toBe(404);
    expect((await get("/v1/events/%3Cscript%3E")).statusCode).toBe(400);
  });

  test("the raw message is a download of plain text", async () => {
    const answer = await get(`/v1/events/${plain.id}/raw`, "operator");
    expect(answer.headers).toMatchObject({
      "content-type": "text/plain; charset=us-ascii",
      "content-disposition": `attachment; filename="${plain.id}.eml"`,
      "x-content-type-options": "nosniff",
    });
    expect(answer.body).toBe("From: a\r\n\r\n<script>alert(1)</script>");
    expect((await get(`/v1/events/absent/raw`, "operator")).statusCode).toBe(404);
  });
});

describe("downloads", () => {
  test("the feed goes on after a position, in the order of recording", async () => {
    harness.clock.at += 10 * 60_000;
    const read = async (after: string) => {
      const answer = await get(`/v1/events.jsonl?after=${after}`);
      expect(answer.statusCode, answer.body).toBe(200);
      return answer.body
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { position: string; event: { id: string } });
    };
    const [first, second, ...others] = await read("");
    expect([first?.event.id, second?.event.id, others]).toEqual([evil.id, plain.id, []]);
    expect((await read(first?.position ?? "")).map(({ event }) => event.id)).toEqual([plain.id]);
    expect(await read(second?.position ?? "")).toEqual([]);
    expect((await get("/v1/events.jsonl?after=yesterday")).statusCode).toBe(400);
    expect((await get("/v1/events.jsonl?after=", "viewer")).statusCode).toBe(403);
  });

  test("the short profile has exactly its six columns, LF, and no formula", async () => {
    const answer = await get("/v1/events.csv?profile=customers-mail-cloud&severity=block");
    expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(answer.headers["content-disposition"]).toBe('attachment; filename="bounced-log.csv"');
    expect(parse(answer.body)).toEqual([
      ["received", "status", "from", "to", "message ID", "error"],
      [
        "2026-04-09 12:00:00",
        "5.7.1",
        "News <news@sender.example>",
        '\'=cmd|"/c calc"!A1@example.net',
        "<1@sender.example>",
        "550 5.7.1 <script>alert(1)</script>, really",
      ],
    ]);
  });

  test("more than a page and more than a chunk", async () => {
    const events = Array.from({ length: 1203 }, (_, index) => makeEvent({ address: `many${index}@bulk.example`, at }));
    await harness.store.record([jobOf(events)]);
    const csv = parse<Record<string, string>>((await get("/v1/events.csv?domain=bulk.example")).body, {
      columns: true,
    });
    expect(new Set(csv.map((row) => row["recipient"])).size).toBe(1203);
    const lines = (await get("/v1/events.jsonl?domain=bulk.example")).body.trimEnd().split("\n");
    expect(lines.map((line) => eventSchema.parse(JSON.parse(line)))).toHaveLength(1203);
  });

  test("need a permission that not even an admin's role includes", async () => {
    const answer = await get("/v1/events.csv", "admin");
    expect([answer.statusCode, answer.json().detail]).toEqual([403, "This needs export; the token has admin."]);
  });
});

describe("stats", () => {
  test("figures count what is credible, and more only where the caller asks for it", async () => {
    const made = makeEvent({ address: "made-up@made-up.example", at: at - 2 * DAY, authenticity: "unproven" });
    await harness.store.record([jobOf([made])]);
    const domain = "domain=made-up.example";
    const asked = `${domain}&authenticity=proven,likely,unproven,forged`;
    expect((await get(`/v1/stats/count?${domain}`)).json()).toEqual({ count: 0 });
    expect((await get(`/v1/stats/count?${asked}`)).json()).toEqual({ count: 1 });
    expect((await get(`/v1/stats/facets?${domain}&dimensions=severity`)).json()).toEqual({
      facets: { severity: [] },
      share: 1,
    });
    expect((await get(`/v1/stats/series?${domain}`)).json()).toEqual({ points: [] });
    expect((await get(`/v1/stats/series?${asked}`)).json().points).toHaveLength(1);
    expect(await ids(domain)).toEqual([made.id]);
  });

  test("count", async () => {
    expect((await get("/v1/stats/count?domain=example.net,example.org")).json()).toEqual({ count: 2 });
  });

  test("facets", async () => {
    const answer = await get("/v1/stats/facets?domain=example.net,example.org&dimensions=severity,provider");
    expect(answer.json().facets.severity).toEqual(
      expect.arrayContaining([
        { value: "hard", count: 1 },
        { value: "block", count: 1 },
      ]),
    );
    expect((await get("/v1/stats/facets?dimensions=colour")).statusCode).toBe(400);
  });

  test("series", async () => {
    const answer = await get("/v1/stats/series?domain=example.net,example.org&by=day&dimension=severity");
    expect(answer.json().points).toEqual([
      { at: "2026-04-09T00:00:00.000Z", value: "block", count: 1 },
      { at: "2026-04-10T00:00:00.000Z", value: "hard", count: 1 },
    ]);
  });
});
