import { afterAll, beforeAll, expect, test } from "vitest";
import { sampleAlert } from "../../src/outputs/chat/alert-text.ts";
import type { Queues } from "../../src/queues/queues.ts";
import { incidentAlertSchema } from "../../src/store/alerts/incident-alerts.ts";
import { incidentsOpen } from "../../src/telemetry/send-metrics.ts";
import { measureIncidents, publishIncidentAlerts } from "../../workers/incidents.ts";
import { publishAlerts } from "../../workers/record.ts";
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

test("an incident has one alert when it opens and one when it ends; its jumps have none, and earlier ones end with it", async () => {
  const { store, clock } = harness;
  const [incident] = await store.incidents.open();
  const id = incident?.id ?? "";
  const jobs: { name: string; data: Record<string, unknown>; opts: { jobId: string } }[] = [];
  const queues = {
    get: () => ({ addBulk: (some: typeof jobs) => Promise.resolve(void jobs.push(...some)) }),
  } as unknown as Queues;
  const look = async () => {
    jobs.length = 0;
    await publishIncidentAlerts(store, queues);
    await publishAlerts(store, queues);
    return jobs.map(({ name }) => name);
  };
  // Reported before there was an incident.
  const jump = { ...sampleAlert(new Date(clock.at)), value: "google" };
  await store.markAlerts([jump]);
  expect(await look()).toEqual(["incident.open", "block"]);
  const [opened, ended] = jobs.map(({ data }) => data);
  expect(incidentAlertSchema.parse(opened)).toMatchObject({
    incident: id,
    state: "open",
    title: "Google refuses mail with 5.7.26: SPF, DKIM, DMARC or ARC did not pass",
    todo: expect.stringContaining("SPF"),
    count: 120,
  });
  expect(ended).toMatchObject({ state: "resolved", incident: id, value: "google" });
  expect(await look()).toEqual([]);
  await measureIncidents(store);
  const { values } = await incidentsOpen.get();
  expect(values).toEqual([{ labels: { provider: "google", reason: "auth_failed", severity: "block" }, value: 1 }]);
  await store.incidents.close(id, { actor: "token:ann", text: "for ourselves" });
  expect(await look()).toEqual(["incident.resolved"]);
  expect(jobs[0]?.data).toMatchObject({ state: "resolved", todo: "", texts: [] });
  expect(jobs[0]?.data["explanation"]).toMatch(/^Closed by token:ann\. From /);
  expect(JSON.stringify(jobs)).not.toContain("for ourselves");
  expect(await look()).toEqual([]);
  await store.incidents.reopen(id, { actor: "token:ann", text: "" });
  expect(await look()).toEqual(["incident.open"]);
  expect(jobs[0]?.opts.jobId).not.toBe(opened?.["id"]);
});
