/** Tokens that are bound to tags or domains: every route is decided, and none shows or changes what is another team's. */
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boundsOf, boundsWords } from "../../src/http/access/bounds.ts";
import { createAccessToken } from "../../src/http/access/tokens.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startHarness, type Harness } from "./harness.ts";

/** Routes that keep a token within its bounds. Whatever is not here, and not public, refuses it. */
const BOUNDED = [
  "GET /v1/events",
  "GET /v1/events/:id",
  "GET /v1/events.csv",
  "GET /v1/events.jsonl",
  "GET /v1/stats/count",
  "GET /v1/stats/facets",
  "GET /v1/stats/series",
  "GET /v1/stats/compare",
  "GET /v1/stats/mistyped-domains",
  "GET /v1/suppressions",
  "GET /v1/suppressions/:value",
  "POST /v1/suppressions/check",
  "GET /v1/suppressions/history",
  "GET /v1/suppressions/changes",
  "GET /v1/suppressions.csv",
  "GET /v1/suppressions.jsonl",
  "PUT /v1/suppressions/:value",
  "DELETE /v1/suppressions/:value",
  "POST /v1/suppressions/bulk",
  "POST /v1/suppressions/:value/clear",
  "POST /v1/suppressions/history/:id/undo",
  "POST /v1/suppressions/import",
  // The same for everybody.
  "GET /v1/codes",
  "GET /v1/codes/:code",
  "GET /v1/failure-codes",
  "GET /v1/reasons",
];
const PUBLIC =
  /^(?:GET \/(?:healthz|readyz|openapi\.json|reference|reference\/frame|reference\/scalar\.js|sign-in|sign-in\/:secret|session|assets\/\*|u\/:token)|POST \/(?:language|sign-in|sign-out|u\/:token|in\/:source\/:secret))$/;

let harness: Harness;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  harness = await startHarness();
  const teams = {
    news: boundsOf(["News"], []),
    two: boundsOf(["news", "spring"], []),
    partner: boundsOf([], ["Partner.Example"]),
    both: boundsOf(["news"], ["partner.example"]),
  };
  for (const [name, bounds] of Object.entries({ ...teams, all: teams.both })) {
    // `bounced token create` makes no such admin; whoever writes one into the file gains nothing by it.
    const role = name === "all" ? "admin" : "operator";
    const made = createAccessToken({ name, role, mayExport: true, bounds }, new Date(harness.clock.at));
    tokens[name] = made.token;
    const { current } = harness.file;
    harness.file.current = { ...current, tokens: [...current.tokens, made.record] };
  }
  const path = (tag: string) => ({
    address: "b+1@bounces.example.com",
    scheme: "signed" as const,
    recipient: null,
    tag,
    issuedAt: null,
  });
  const at = harness.clock.at - 3_600_000;
  await harness.store.record(
    [
      makeEvent({ address: "ann@partner.example", at, returnPath: path("news") }),
      makeEvent({ address: "bob@partner.example", at: at + 1, returnPath: path("spring") }),
      makeEvent({ address: "cleo@other.example", at: at + 2, returnPath: path("news") }),
      makeEvent({ address: "dan@notpartner.example", at: at + 3, returnPath: path("spring") }),
    ].map((event) => jobOf([event])),
  );
  const { suppressions } = harness.store;
  const all = await suppressions.list({});
  await suppressions.remove(
    all.entries.map(({ value, stream }) => ({ value, stream })),
    { actor: "test" },
  );
  await suppressions.add(
    [
      { value: "ann@partner.example", stream: "news" },
      { value: "bob@partner.example", stream: "spring" },
      { value: "cleo@other.example", stream: "news" },
      { value: "dan@notpartner.example" },
      { value: "eve@partner.example" },
      { value: "partner.example", stream: "news" },
      { value: "sub.partner.example" },
    ],
    { actor: "test" },
  );
});
afterAll(() => harness.close());

/** What is asked for in these tests. */
interface Answered {
  readonly events: { id: string; recipient: { address: string } }[];
  readonly facets: { domain: { count: number }[] };
  readonly points: { count: number }[];
  readonly total: { count: number };
  readonly suppressions: { value: string }[];
  readonly changes: { id: number; value: string }[];
  readonly next: string;
  readonly results: unknown[];
}

async function ask(team: string, method: string, url: string, payload?: object | string, type = "application/json") {
  const headers = {
    authorization: `Bearer ${tokens[team]}`,
    ...(payload === undefined ? {} : { "content-type": type }),
  };
  const answer = await harness.app.inject({
    method: method as "GET",
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, text: answer.body, json: () => answer.json<Answered>() };
}

describe("each route", () => {
  test("the table names routes that there are", () => {
    for (const route of BOUNDED) expect(harness.routes, route).toContain(route);
  });

  test("refuses a bound token, unless it keeps it within its bounds or is public", async () => {
    expect(harness.routes.size).toBeGreaterThan(100);
    for (const route of harness.routes) {
      const [method = "", path = ""] = route.split(" ");
      const url = path.replace(":id", "1").replaceAll(/:\w+/g, "nobody@partner.example").replace("*", "theme.js");
      const { status, text } = await ask("all", method, url);
      const isRefused = status === 403 && text.includes("bound to tag news; domain partner.example");
      if (PUBLIC.test(route)) expect([route, status === 403 && isRefused]).toEqual([route, false]);
      else expect([route, isRefused]).toEqual([route, !BOUNDED.includes(route)]);
    }
  });
});

describe("the log", () => {
  const ALL = ["ann@partner.example", "bob@partner.example", "cleo@other.example", "dan@notpartner.example"];
  const SEEN: Readonly<Record<string, readonly string[]>> = {
    news: ["ann@partner.example", "cleo@other.example"],
    two: ALL,
    partner: ["ann@partner.example", "bob@partner.example"],
    both: ["ann@partner.example"],
  };
  test.each(Object.entries(SEEN))("%s sees its events everywhere, and no other", async (team, seen) => {
    const recipients = (events: readonly { recipient: { address: string } }[]): readonly string[] =>
      events.map(({ recipient }) => recipient.address).toSorted();
    expect(recipients((await ask(team, "GET", "/v1/events")).json().events)).toEqual(seen);
    const csv = parse<Record<string, string>>((await ask(team, "GET", "/v1/events.csv")).text, { columns: true });
    expect(csv.map((row) => row["recipient"] ?? "").toSorted()).toEqual(seen);
    const lines = (await ask(team, "GET", "/v1/events.jsonl")).text.trim().split("\n");
    expect(recipients(lines.map((line) => JSON.parse(line) as never))).toEqual(seen);
    const feed = (await ask(team, "GET", "/v1/events.jsonl?after=")).text.trim().split("\n").filter(Boolean);
    for (const line of feed)
      expect(seen).toContain(
        (JSON.parse(line) as { event: { recipient: { address: string } } }).event.recipient.address,
      );
    expect((await ask(team, "GET", "/v1/stats/count")).json()).toEqual({ count: seen.length });
    const { facets } = (await ask(team, "GET", "/v1/stats/facets?dimensions=domain")).json();
    expect(facets.domain.reduce((sum, { count }) => sum + count, 0)).toBe(seen.length);
    const { points } = (await ask(team, "GET", "/v1/stats/series?by=day")).json();
    expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(seen.length);
    const { total } = (await ask(team, "GET", "/v1/stats/compare?from=2026-01-01&by=reason")).json();
    expect(total.count).toBe(seen.length);
    const { entries } = await harness.store.search({});
    for (const { event } of entries) {
      const { status } = await ask(team, "GET", `/v1/events/${event.id}`);
      expect([event.recipient.address, status]).toEqual([
        event.recipient.address,
        seen.includes(event.recipient.address ?? "") ? 200 : 404,
      ]);
    }
  });

  test.each([
    ["news", "tag=spring"],
    ["news", "tag=news,spring"],
    ["partner", "domain=other.example"],
    ["both", "domain=other.example"],
  ])("%s may not ask for %s", async (team, query) => {
    for (const path of [
      "events",
      "events.csv",
      "events.jsonl",
      "stats/count",
      "stats/series",
      "stats/compare",
      "stats/mistyped-domains",
    ])
      expect((await ask(team, "GET", `/v1/${path}?${query}`)).status, path).toBe(403);
    expect((await ask(team, "GET", `/v1/stats/facets?dimensions=tag&${query}`)).status).toBe(403);
  });

  test("an empty tag does not widen it", async () => {
    expect((await ask("news", "GET", "/v1/stats/count?tag=")).json()).toEqual({ count: 2 });
    expect((await ask("news", "GET", "/v1/stats/count?tag=,")).json()).toEqual({ count: 2 });
  });
});

describe("the list", () => {
  const SEEN: Readonly<Record<string, readonly string[]>> = {
    news: ["ann@partner.example", "cleo@other.example", "partner.example"],
    partner: ["ann@partner.example", "bob@partner.example", "eve@partner.example", "partner.example"],
    both: ["ann@partner.example", "partner.example"],
  };
  test.each(Object.entries(SEEN))("%s sees its entries everywhere, and no other", async (team, seen) => {
    // The first line of JSON lines is the cursor.
    const values = (entries: readonly { value?: string }[]): readonly string[] =>
      [...new Set(entries.flatMap(({ value }) => value ?? []))].toSorted();
    const { suppressions } = (await ask(team, "GET", "/v1/suppressions")).json();
    expect(values(suppressions)).toEqual(seen);
    expect(values(parse((await ask(team, "GET", "/v1/suppressions.csv")).text, { columns: true }))).toEqual(seen);
    const lines = (await ask(team, "GET", "/v1/suppressions.jsonl")).text.trim().split("\n");
    expect(values(lines.map((line) => JSON.parse(line) as never))).toEqual(seen);
    const history = (await ask(team, "GET", "/v1/suppressions/history")).json();
    for (const value of values(history.changes)) expect(seen).toContain(value);
    expect(values(history.changes).length).toBeGreaterThan(0);
  });

  test("the feed of changes has its changes, and goes on after those of others", async () => {
    const { next } = (await ask("both", "GET", "/v1/suppressions/changes")).json();
    await harness.store.suppressions.add(
      [
        { value: "x@other.example", stream: "news" },
        { value: "y@partner.example", stream: "news" },
      ],
      { actor: "test" },
    );
    const page = (await ask("both", "GET", `/v1/suppressions/changes?after=${next}`)).json();
    expect(page.changes.map(({ value }) => value)).toEqual(["y@partner.example"]);
    const after = (await ask("both", "GET", `/v1/suppressions/changes?after=${page.next}`)).json();
    expect(after.changes).toEqual([]);
    await harness.store.suppressions.remove(
      [
        { value: "x@other.example", stream: "news" },
        { value: "y@partner.example", stream: "news" },
      ],
      { actor: "test" },
    );
  });

  test("a check says that an address is suppressed, and by what only within the bounds", async () => {
    const check = async (team: string, address: string) =>
      (await ask(team, "GET", `/v1/suppressions/${address}`)).json();
    expect(await check("news", "ann@partner.example")).toMatchObject({ suppressed: true, entry: { stream: "news" } });
    // Of every stream: it stops mail of this team too.
    expect(await check("news", "dan@notpartner.example")).toMatchObject({ suppressed: true, entry: null });
    expect(await check("news", "free@other.example")).toMatchObject({ suppressed: false, entry: null });
    expect((await ask("news", "GET", "/v1/suppressions/ann@partner.example?stream=spring")).status).toBe(403);
    expect((await ask("two", "GET", "/v1/suppressions/ann@partner.example")).status).toBe(403);
    expect((await ask("partner", "GET", "/v1/suppressions/cleo@other.example")).status).toBe(403);
    const addresses = ["ann@partner.example", "cleo@other.example"];
    expect((await ask("partner", "POST", "/v1/suppressions/check", { addresses })).status).toBe(403);
    const { results } = (await ask("news", "POST", "/v1/suppressions/check", { addresses })).json();
    expect(results).toMatchObject([{ suppressed: true }, { suppressed: true }]);
  });

  test("what it adds is of its stream; what is another's it can neither add, remove nor undo", async () => {
    const state = async () => JSON.stringify((await harness.store.suppressions.list({ limit: 1000 })).entries);
    const before = await state();
    const { entries } = await harness.store.suppressions.list({});
    const foreign: readonly (readonly [string, string, string, object?])[] = [
      ["news", "PUT", "/v1/suppressions/new@other.example", { stream: "spring" }],
      ["news", "PUT", "/v1/suppressions/new@other.example", { stream: "" }],
      ["two", "PUT", "/v1/suppressions/new@other.example", {}],
      ["partner", "PUT", "/v1/suppressions/new@other.example", {}],
      ["partner", "PUT", "/v1/suppressions/other.example", {}],
      ["partner", "PUT", "/v1/suppressions/sub.partner.example", {}],
      ["both", "PUT", "/v1/suppressions/new@other.example", {}],
      ["news", "DELETE", "/v1/suppressions/bob@partner.example?stream=spring"],
      ["partner", "DELETE", "/v1/suppressions/cleo@other.example?stream=news"],
      ["partner", "DELETE", "/v1/suppressions/dan@notpartner.example"],
      ["news", "POST", "/v1/suppressions/bulk", { remove: [{ value: "bob@partner.example", stream: "spring" }] }],
      [
        "partner",
        "POST",
        "/v1/suppressions/bulk",
        { add: [{ value: "a@partner.example" }, { value: "a@other.example" }] },
      ],
      ["news", "POST", "/v1/suppressions/ann@partner.example/clear"],
      ["partner", "POST", "/v1/suppressions/cleo@other.example/clear"],
    ];
    for (const [team, method, url, body] of foreign) {
      const { status } = await ask(team, method, url, body);
      expect([team, method, url, status]).toEqual([team, method, url, 403]);
    }
    // An entry of every stream is not the one of its stream.
    expect((await ask("news", "DELETE", "/v1/suppressions/dan@notpartner.example")).status).toBe(404);
    const changes = await harness.store.suppressions.history({ value: "dan@notpartner.example" });
    for (const team of ["news", "partner"])
      expect((await ask(team, "POST", `/v1/suppressions/history/${changes[0]?.id}/undo`)).status).toBe(400);
    expect(await state()).toBe(before);
    expect(entries.length).toBe(7);

    expect((await ask("news", "PUT", "/v1/suppressions/new@other.example", {})).json()).toMatchObject({
      changes: [{ action: "added", stream: "news", actor: "token:news" }],
    });
    expect((await ask("two", "PUT", "/v1/suppressions/new@other.example", { stream: "spring" })).status).toBe(200);
    expect((await ask("partner", "PUT", "/v1/suppressions/new@partner.example", {})).status).toBe(200);
    expect((await ask("partner", "POST", "/v1/suppressions/new@partner.example/clear")).status).toBe(200);
    const { changes: removed } = (await ask("news", "DELETE", "/v1/suppressions/new@other.example")).json();
    expect(removed).toMatchObject([{ stream: "news" }]);
    const id = removed[0]?.id;
    expect((await ask("news", "POST", `/v1/suppressions/history/${id}/undo`)).status).toBe(200);
    expect((await harness.store.suppressions.check(["new@other.example"], "news"))[0]?.suppressed).toBe(true);
  });

  test("an import adds what is within the bounds, and names the lines that are not", async () => {
    const file = "email,created,reason,status\nin@partner.example,,x,\nout@other.example,,x,\n";
    const { status, json } = await ask("both", "POST", "/v1/suppressions/import?format=sendgrid", file, "text/csv");
    expect(status).toBe(200);
    expect(json()).toMatchObject({
      added: 1,
      mistakes: [{ line: 3, message: expect.stringContaining("bound to") as unknown }],
    });
    expect((await harness.store.suppressions.find("in@partner.example"))[0]).toMatchObject({ stream: "news" });
    expect((await harness.store.suppressions.list({ value: "out@other" })).entries).toEqual([]);
    const ours = "value,scope,stream\nour@partner.example,address,\ntheir@partner.example,address,spring\n";
    const second = await ask("both", "POST", "/v1/suppressions/import", ours, "text/csv");
    expect(second.json()).toMatchObject({ added: 1, mistakesInAll: 1 });
  });
});

test("bounds are compared as the log and the list do", () => {
  expect(boundsOf([], [])).toBeNull();
  const bounds = boundsOf([" News "], ["Exämple.org"]);
  expect(bounds).toEqual({ tags: ["news"], domains: ["xn--exmple-cua.org"] });
  expect(bounds && boundsWords(bounds)).toBe("tag news; domain xn--exmple-cua.org");
});
