import { afterAll, beforeAll, expect, test } from "vitest";
import { alertText } from "../../src/outputs/chat/alert-text.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { UNALIGNED } from "../store/incidents/seed.ts";
import { startHarness, type Harness } from "./harness.ts";

const HOUR = 3_600_000;
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  const { store, clock } = harness;
  await store.record([jobOf([makeEvent({ address: "first@example.org", at: clock.at - 48 * HOUR })])]);
  await store.record(
    Array.from({ length: 120 }, (_, index) =>
      jobOf([makeEvent({ ...UNALIGNED, address: `u${index}@gmail.example`, at: clock.at - HOUR / 2 + index })]),
    ),
  );
});
afterAll(() => harness.close());

const get = (url: string) => harness.app.inject({ url, headers: harness.bearer("viewer") });
const note = (id: string, text: string, caller: "viewer" | "operator") =>
  harness.app.inject({
    method: "POST",
    url: `/v1/incidents/${id}/notes`,
    headers: harness.bearer(caller),
    payload: { text },
  });

test("an incident with its words, what happened to it, and notes", async () => {
  expect((await get("/v1/incidents")).json()).toEqual({ incidents: [], next: null });
  const [opened] = await harness.store.findIncidents();
  const id = opened?.incident.id ?? "";
  const { incidents } = (await get("/v1/incidents?state=open")).json();
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({
    id,
    count: 120,
    title: "Google refuses mail with 5.7.26: SPF, DKIM, DMARC or ARC did not pass",
    explanation: "Since 2026-05-01 11:30 UTC. 120 events, 120 addresses, of which 120 are not suppressed.",
  });
  expect(incidents[0].todo).toMatch(/SPF|DKIM/);
  expect((await note(id, "DKIM key replaced", "viewer")).statusCode).toBe(403);
  expect((await note(id, "", "operator")).statusCode).toBe(400);
  expect((await note("i1-none-none", "x", "operator")).statusCode).toBe(404);
  expect((await note(id, "DKIM key replaced", "operator")).json()).toMatchObject({
    note: { kind: "note", actor: "token:operator", text: "DKIM key replaced" },
  });
  const detail = (await get(`/v1/incidents/${id}`)).json();
  expect(detail.entries).toMatchObject([{ kind: "opened" }, { kind: "note" }]);
  expect((await get("/v1/incidents/i1-none-none")).statusCode).toBe(404);
  expect((await get("/v1/incidents?state=cleared")).json()).toEqual({ incidents: [], next: null });
  expect((await get("/v1/incidents?cursor=nothing")).statusCode).toBe(400);
});

const move = (url: string, payload: object, caller: "viewer" | "operator" = "operator") =>
  harness.app.inject({ method: "POST", url, headers: harness.bearer(caller), payload });

test("a person closes and reopens an incident, with a note", async () => {
  const [incident] = await harness.store.incidents.open();
  const at = `/v1/incidents/${incident?.id}`;
  expect((await move(`${at}/close`, {}, "viewer")).statusCode).toBe(403);
  expect((await move("/v1/incidents/i1-none-none/close", {})).statusCode).toBe(404);
  expect((await move(`${at}/reopen`, {})).statusCode).toBe(409);
  const closed = await move(`${at}/close`, { note: "key published" });
  expect(closed.json()).toMatchObject({ state: "cleared", byHand: true, clearedAt: "2026-05-01T12:00:00.000Z" });
  expect((await move(`${at}/close`, {})).statusCode).toBe(409);
  // The failures go on: it stays closed.
  expect(await harness.store.findIncidents()).toEqual([]);
  expect((await move(`/incidents/${incident?.id}/reopen`, { text: "" })).headers.location).toContain("done=reopened");
  expect(await harness.store.findIncidents()).toEqual([]);
  const { entries, state } = (await get(at)).json();
  expect(state).toBe("open");
  expect(entries.slice(2)).toMatchObject([
    { kind: "closed", actor: "token:operator", text: "key published" },
    { kind: "reopened", actor: "token:operator", text: "" },
  ]);
  const page = await harness.app.inject({ url: `/incidents/${incident?.id}`, headers: harness.bearer("operator") });
  expect(page.body).toMatch(/Closed by hand[\s\S]*key published[\s\S]*Close incident/);
  // A browser counts a line break as one character, and sends two.
  const long = "x\r\n".repeat(1000);
  expect((await move(`/incidents/${incident?.id}/notes`, { text: long })).headers.location).toContain("done=noted");
});

test("an alert names the incident that it is part of, and a chat message leads there", async () => {
  const [incident] = await harness.store.incidents.open();
  const alerts = await harness.store.findAlerts();
  const alert = alerts.find(({ dimension }) => dimension === "provider");
  expect(alert?.incident).toBe(incident?.id);
  expect(alert && alertText(alert, "https://bounced.example.com/").link).toBe(
    `https://bounced.example.com/incidents/${incident?.id}`,
  );
});
