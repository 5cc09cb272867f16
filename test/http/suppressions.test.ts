import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startHarness, type Caller, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.store.record([
    jobOf([makeEvent({ address: "gone@example.org", at: Date.UTC(2026, 3, 20), authenticity: "proven" })]),
  ]);
});
afterAll(() => harness.close());

type Method = "GET" | "PUT" | "POST" | "DELETE";
const ask = async (
  method: Method,
  url: string,
  payload?: object | string,
  caller: Caller = "operator",
  type?: string,
) => {
  const answer = await harness.app.inject({
    method,
    url,
    headers: { ...harness.bearer(caller), ...(type ? { "content-type": type } : {}) },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, json: answer.body.startsWith("{") ? answer.json() : null, answer };
};

describe("asking before sending", () => {
  test("one address, whatever its case", async () => {
    const { json, answer } = await ask("GET", "/v1/suppressions/Gone@EXAMPLE.org", undefined, "viewer");
    expect(json).toMatchObject({ address: "Gone@EXAMPLE.org", suppressed: true, entry: { cause: "hard" } });
    expect(answer.headers["cache-control"]).toBe("private, max-age=30");
    const other = await ask("GET", "/v1/suppressions/fine@example.org", undefined, "viewer");
    expect(other.json).toEqual({ address: "fine@example.org", suppressed: false, entry: null, problem: null });
  });

  test("a thousand addresses, in their order; one more is refused", async () => {
    const addresses = Array.from({ length: 1000 }, (_, index) => `user${index}@example.org`);
    addresses[700] = "gone@example.org";
    const { json } = await ask("POST", "/v1/suppressions/check", { addresses }, "viewer");
    expect(json.results.map((one: { address: string }) => one.address)).toEqual(addresses);
    expect(json.results.flatMap((one: { suppressed: boolean }, at: number) => (one.suppressed ? [at] : []))).toEqual([
      700,
    ]);
    const odd = await ask("POST", "/v1/suppressions/check", { addresses: ["x", "x@y.example"] }, "viewer");
    expect(odd.json.results.map((one: { problem: string | null }) => one.problem)).toEqual(["not an address", null]);
    const tooMany = await ask("POST", "/v1/suppressions/check", { addresses: [...addresses, "x@y.example"] }, "viewer");
    expect([tooMany.status, tooMany.json.detail]).toEqual([400, expect.stringContaining("body.addresses")]);
  });
});

describe("changing the list", () => {
  test("put, find, history with its author, undo, delete", async () => {
    const put = await ask("PUT", "/v1/suppressions/Ann@example.com", { note: "asked by phone" });
    expect(put.json.changes).toMatchObject([
      { action: "added", value: "ann@example.com", actor: "token:operator", note: "asked by phone" },
    ]);
    const [change] = put.json.changes;
    const undone = await ask("POST", `/v1/suppressions/history/${change.id}/undo`);
    expect(undone.json).toMatchObject({ action: "undone", after: null });
    expect((await ask("GET", "/v1/suppressions/ann@example.com")).json.suppressed).toBe(false);
    expect((await ask("DELETE", "/v1/suppressions/ann@example.com")).status).toBe(404);
    const history = await ask("GET", "/v1/suppressions/history?value=ann@example.com", undefined, "viewer");
    expect(history.json.changes.map((one: { action: string }) => one.action)).toEqual(["undone", "added"]);
  });

  test("a whole domain, and off again", async () => {
    await ask("PUT", "/v1/suppressions/closed.example", {});
    expect((await ask("GET", "/v1/suppressions/any@closed.example")).json).toMatchObject({
      suppressed: true,
      entry: { scope: "domain", value: "closed.example" },
    });
    expect((await ask("DELETE", "/v1/suppressions/closed.example?note=reopened")).status).toBe(200);
  });

  test("many at once", async () => {
    const { json } = await ask("POST", "/v1/suppressions/bulk", {
      add: [{ value: "one@example.com" }, { value: "two@example.com", cause: "complaint" }],
      remove: [],
      note: "migration",
    });
    expect(json.changes).toHaveLength(2);
    const listed = await ask("GET", "/v1/suppressions?cause=complaint&limit=1", undefined, "viewer");
    expect(listed.json).toMatchObject({ suppressions: [{ value: "two@example.com", note: "migration" }], next: null });
  });

  test.each([
    ["PUT", "/v1/suppressions/not%20an%20address", {}, "expected an address or a domain"],
    ["PUT", "/v1/suppressions/a@example.com", { expiresAt: "tomorrow" }, "body.expiresAt"],
    ["PUT", "/v1/suppressions/a@example.com", { until: "2027-01-01T00:00:00Z" }, "until"],
    ["POST", "/v1/suppressions/bulk", { add: [{ value: "ok@example.com" }, { value: "bad" }] }, "body.add.1"],
    ["POST", "/v1/suppressions/history/99999/undo", undefined, "99999"],
    ["POST", "/v1/suppressions/dry-run", { policy: { soft: { failures: 0 } } }, "failures"],
  ] as const)("%s %s %j is refused, saying why", async (method, url, payload, words) => {
    const { status, json } = await ask(method, url, payload);
    expect([status, json.detail]).toEqual([400, expect.stringContaining(words)]);
  });

  test("a dry run changes nothing", async () => {
    const { json } = await ask("POST", "/v1/suppressions/dry-run", { from: "2026-04-01T00:00:00Z" });
    expect(json).toMatchObject({ events: 1, suppressed: 1, added: 0 });
  });
});

describe("CSV", () => {
  const file =
    "email,created,reason,status\nnew@example.com,1700000000,550 unknown user,5.1.1\nbroken,1700000000,x,5.1.1\n";

  test("a preview names the mistakes and adds nothing", async () => {
    const { json } = await ask(
      "POST",
      "/v1/suppressions/import?format=sendgrid&preview=1",
      file,
      "operator",
      "text/csv",
    );
    expect(json).toMatchObject({ lines: 2, accepted: 1, mistakesInAll: 1, examples: ["new@example.com"] });
    expect(json.mistakes).toEqual([{ line: 3, message: expect.stringContaining("broken") }]);
    expect((await ask("GET", "/v1/suppressions/new@example.com")).json.suppressed).toBe(false);
  });

  test("an import adds what is right; the export has it", async () => {
    await ask("POST", "/v1/suppressions/import?format=sendgrid", file, "operator", "text/csv");
    const out = await ask("GET", "/v1/suppressions.csv?format=bounced&value=new@", undefined, "exporter");
    expect(out.answer.headers["content-disposition"]).toBe('attachment; filename="suppressions-bounced.csv"');
    expect(parse(out.answer.body, { columns: true })).toMatchObject([
      { value: "new@example.com", cause: "import", reason: "550 unknown user", actor: "token:operator" },
    ]);
  });

  test.each([
    ["text/csv", "a,b\n1,2\n", 400, "heading"],
    ["application/xml", "<x/>", 415, "Send JSON"],
    ["application/json", "{}", 400, "expected text/csv"],
  ])("%s that is no list is refused", async (type, payload, expected, words) => {
    const { status, json } = await ask("POST", "/v1/suppressions/import?format=sendgrid", payload, "operator", type);
    expect([status, json.detail]).toEqual([expected, expect.stringContaining(words)]);
  });
});

describe("keeping a copy", () => {
  test("the list with a cursor, then the changes after it; an erasure ends the cursor", async () => {
    await ask("PUT", "/v1/suppressions/kept@example.org", {});
    const dump = await harness.app.inject({ url: "/v1/suppressions.jsonl", headers: harness.bearer("exporter") });
    const [first, ...lines] = dump.body.trim().split("\n");
    const { cursor } = JSON.parse(first ?? "") as { cursor: string };
    expect(lines.map((line) => (JSON.parse(line) as { value: string }).value)).toContain("kept@example.org");
    await ask("PUT", "/v1/suppressions/copied@example.org", {});
    const after = `/v1/suppressions/changes?after=${cursor}`;
    const { json } = await ask("GET", after, undefined, "viewer");
    expect(json).toMatchObject({ changes: [{ action: "added", value: "copied@example.org" }], more: false });
    const now = await ask("GET", "/v1/suppressions/changes", undefined, "viewer");
    expect(now.json).toEqual({ changes: [], next: json.next, more: false });
    expect((await ask("GET", "/v1/suppressions/changes?after=4711", undefined, "viewer")).status).toBe(400);
    await harness.store.erase("copied@example.org");
    const gone = await ask("GET", after, undefined, "viewer");
    expect([gone.status, gone.json.detail]).toEqual([410, expect.stringContaining("fetch the list again")]);
  });
});
