/** Rules over the API: tried on the past, saved, and the log read again with them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startHarness, type Caller, type Harness } from "./harness.ts";

const at = Date.UTC(2026, 3, 10, 12);
const odd = (index: number) =>
  makeEvent({
    at: at + index,
    address: `odd${index}@example.org`,
    authenticity: "proven",
    diagnostic: { type: "smtp", text: `550 5.1.1 The gnomes of odd${index}@example.org are asleep` },
  });
const events = Array.from({ length: 450 }, (_, index) => odd(index));

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.store.record(events.map((event) => jobOf([event])));
});
afterAll(() => harness.close());

async function ask(
  method: "GET" | "POST" | "PUT" | "DELETE",
  url: string,
  payload?: object,
  caller: Caller = "operator",
) {
  const answer = await harness.app.inject({
    method,
    url,
    headers: harness.bearer(caller),
    ...(payload ? { payload } : {}),
  });
  return { status: answer.statusCode, json: answer.json() };
}

const rule = (id: string, phrase: string, reason: string) =>
  `- id: ${id}\n  when: { any: ["${phrase}"] }\n  reason: ${reason}\n  because: Only to see what a trial says.\n  source: test\n  examples:\n    - { text: "550 ${phrase}" }\n`;
const GNOMES = rule("own/gnomes", "gnomes of @ are asleep", "mailbox_full").replace(
  'of @ are asleep" }\n',
  'of a@example.org are asleep" }\n',
);

test("rules are tried, mistakes named, nothing written", async () => {
  const { json } = await ask("POST", "/v1/rules/test", { rules: GNOMES, atMost: 300 });
  expect(json).toMatchObject({
    rules: 1,
    findings: [],
    tried: 300,
    decided: 300,
    moves: [{ from: "mailbox_unknown", to: "mailbox_full" }],
  });
  for (const [text, words] of [
    ["- id: [", "not YAML"],
    ["- id: own/x\n", "rules.0.when"],
    [GNOMES.replace(/any: \[.*?\]/, 'pattern: "(?=x)y"'), "own/gnomes"],
    [GNOMES.replace("own/gnomes", "google/no-such-user"), "google/no-such-user"],
  ] as const) {
    const { status, json } = await ask("POST", "/v1/rules/test", { rules: text });
    expect([status, json.detail]).toEqual([400, expect.stringContaining(words)]);
  }
  expect((await ask("GET", "/v1/rules")).json).toEqual({ version: "", saved: [], files: [] });
});

test("what `bounced rules check` calls an error is not saved", async () => {
  const lost = GNOMES.replace(/text: .* \}/, 'text: "550 the gnomes have left" }');
  const { status, json } = await ask("PUT", "/v1/rules", { rules: lost });
  expect([status, json.detail]).toEqual([400, expect.stringContaining("does not match its own example")]);
  expect(json.issues).toMatchObject([{ field: "own/gnomes" }]);
  const twice = await ask("PUT", "/v1/rules", { rules: GNOMES + GNOMES });
  expect([twice.status, twice.json.detail]).toEqual([400, "two rules are called own/gnomes"]);
  expect((await ask("GET", "/v1/rules")).json.saved).toEqual([]);
});

test("a saved rule decides at once, and its history says who and when", async () => {
  expect((await ask("PUT", "/v1/rules", { rules: GNOMES }, "viewer")).status).toBe(403);
  const saved = await ask("PUT", "/v1/rules", { rules: GNOMES });
  expect(saved.json).toMatchObject({ changes: [{ action: "added", rule: "own/gnomes" }], warnings: [] });
  const text = "550 5.1.1 The gnomes of you@example.org are asleep";
  const verdict = await ask("POST", "/v1/classify", { text }, "viewer");
  expect([verdict.json.reason, verdict.json.evidence[0].rule]).toEqual(["mailbox_full", "own/gnomes"]);

  const stolen = GNOMES.replace("own/gnomes", "own/greedy")
    .replace("] }", "], replyCode: 550 }")
    .replace("mailbox_full", "policy");
  const refused = await ask("PUT", "/v1/rules", { rules: stolen });
  expect([refused.status, refused.json.detail]).toEqual([
    400,
    expect.stringContaining("own/gnomes: its example is won"),
  ]);

  const { version } = (await ask("GET", "/v1/rules")).json;
  const second = rule("own/second", "trolls are about", "policy");
  expect((await ask("PUT", "/v1/rules", { rules: second, version })).status).toBe(200);
  const late = await ask("PUT", "/v1/rules", { rules: second.replace("policy", "greylisted"), version });
  expect([late.status, late.json.detail]).toEqual([409, expect.stringContaining("meanwhile")]);
  expect((await ask("DELETE", "/v1/rules?id=own/second")).json.changes).toMatchObject([{ action: "removed" }]);
  expect((await ask("DELETE", "/v1/rules?id=own/second")).status).toBe(404);
  expect((await ask("GET", "/v1/rules/history", undefined, "viewer")).json.changes).toMatchObject([
    { action: "removed", rule: "own/second", actor: "token:operator" },
    { action: "added", rule: "own/second" },
    { action: "added", rule: "own/gnomes", before: null, after: { reason: "mailbox_full" } },
  ]);
});

const finished = async (id: string) => {
  await expect
    .poll(async () => (await ask("GET", `/v1/reclassifications/${id}`)).json.state, { timeout: 30_000 })
    .not.toBe("running");
  return (await ask("GET", `/v1/reclassifications/${id}`)).json;
};

test("a look shows what would change, applying it keeps the old verdicts", async () => {
  const filter = { address: [events[0]?.recipient.address, events[7]?.recipient.address] };
  const begun = await ask("POST", "/v1/reclassifications", { filter });
  expect([begun.status, begun.json.state]).toEqual([202, "running"]);
  expect((await ask("POST", "/v1/reclassifications", {})).status).toBe(409);
  const look = await finished(begun.json.id);
  expect(look).toMatchObject({
    mode: "look",
    state: "done",
    total: 2,
    events: 2,
    changed: 2,
    applied: 0,
    moves: [{ from: "hard mailbox_unknown", to: "soft mailbox_full", count: 2 }],
  });
  expect(look.moves[0].examples[0]).toMatchObject({ recipient: "odd7@example.org" });
  const applied = await finished((await ask("POST", `/v1/reclassifications/${look.id}/apply`)).json.id);
  expect(applied).toMatchObject({ mode: "apply", state: "done", changed: 2, applied: 2, listChanges: 2 });
  const detail = await ask("GET", `/v1/events/${events[7]?.id}`, undefined, "viewer");
  expect(detail.json).toMatchObject({
    event: { reason: "mailbox_full" },
    verdicts: [{ actor: "token:operator", event: { reason: "mailbox_unknown" } }],
  });
  expect((await ask("GET", "/v1/reclassifications")).json.runs.map(({ mode }: { mode: string }) => mode)).toEqual([
    "apply",
    "look",
  ]);
});

test("the whole log, more than a batch; what was found under other rules is not applied", async () => {
  const look = await finished((await ask("POST", "/v1/reclassifications", {})).json.id);
  expect(look).toMatchObject({ total: 450, events: 450, changed: 448, outdated: false });
  await ask("DELETE", "/v1/rules?id=own/gnomes");
  const stale = await ask("POST", `/v1/reclassifications/${look.id}/apply`);
  expect([stale.status, stale.json.detail]).toEqual([409, expect.stringContaining("rules have changed")]);
  await ask("PUT", "/v1/rules", { rules: GNOMES });
  const again = await finished((await ask("POST", "/v1/reclassifications", {})).json.id);
  const applied = await finished((await ask("POST", `/v1/reclassifications/${again.id}/apply`)).json.id);
  expect(applied).toMatchObject({ state: "done", applied: 448 });
  expect((await finished((await ask("POST", "/v1/reclassifications", {})).json.id)).changed).toBe(0);
});

test("a run can be stopped; unknown ones are told", async () => {
  const { id } = (await ask("POST", "/v1/reclassifications", {})).json;
  await ask("POST", `/v1/reclassifications/${id}/stop`);
  expect((await finished(id)).state).toBe("stopped");
  expect((await ask("POST", `/v1/reclassifications/${id}/apply`)).status).toBe(409);
  expect((await ask("GET", "/v1/reclassifications/0123456789abcdef")).status).toBe(404);
  expect((await ask("POST", "/v1/reclassifications", {}, "viewer")).status).toBe(403);
});
