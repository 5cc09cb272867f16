import { afterAll, beforeAll, expect, test } from "vitest";
import { publishViewAlerts } from "../../workers/views.ts";
import type { Queues } from "../../src/queues/queues.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startHarness, type Caller, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => void (harness = await startHarness()));
afterAll(() => harness.close());

const ask = (method: "GET" | "POST" | "PUT" | "DELETE", url: string, payload?: object, as: Caller = "operator") =>
  harness.app.inject({ method, url, headers: harness.bearer(as), ...(payload && { payload }) });
const blocks = { name: "Blocks at Google", page: "log", query: "?severity=block&provider=google&cursor=x&subject=" };

test("a view is saved for all, replaced and removed by operators", async () => {
  expect((await ask("POST", "/v1/views", blocks, "viewer")).statusCode).toBe(403);
  const made = await ask("POST", "/v1/views", blocks);
  expect(made.statusCode).toBe(201);
  const view = made.json();
  expect(view).toMatchObject({
    name: "Blocks at Google",
    page: "log",
    query: "severity=block&provider=google",
    actor: "token:operator",
    alert: null,
    mail: null,
    alertSince: null,
  });
  expect((await ask("GET", "/v1/views", undefined, "viewer")).json()).toEqual({ views: [view] });
  expect((await ask("POST", "/v1/views", blocks)).statusCode).toBe(400);
  const other = { name: "Weeks", page: "compare", query: "by=tag&period=last-week" };
  const replaced = await ask("PUT", `/v1/views/${view.id}`, other);
  expect(replaced.json()).toMatchObject({ ...other, id: view.id, actor: "token:operator" });
  for (const path of ["/log", "/compare", "/rates", "/views"])
    expect((await ask("GET", path)).body).toContain('href="/compare?by=tag&amp;period=last-week"');
  expect((await ask("DELETE", `/v1/views/${view.id}`, undefined, "viewer")).statusCode).toBe(403);
  expect((await ask("DELETE", `/v1/views/${view.id}`)).json()).toEqual({ removed: view.id });
  expect((await ask("DELETE", `/v1/views/${view.id}`)).statusCode).toBe(404);
  expect((await ask("PUT", `/v1/views/${view.id}`, other)).statusCode).toBe(404);
});

test.each([
  ["a page that cannot be saved", { page: "queues" }],
  ["an address elsewhere", { page: "https://evil.example/" }],
  ["a parameter that the page does not know", { query: "next=https://evil.example/" }],
  ["a value that the page does not take", { query: "severity=awful" }],
  ["a period that ends before it begins", { query: "from=2026-05-02&to=2026-04-20" }],
  ["no name", { name: " " }],
  ["a name that would begin another header", { name: "Spring\r\nBcc: eve@evil.example" }],
  ["a name that turns round what follows", { name: "Spring \u202egnp" }],
  ["an alert of a comparison", { page: "compare", query: "", alert: { when: "grew", hours: 6 } }],
  ["an alert that would have to read events", { query: "subject=spring", alert: { when: "more", hours: 6, count: 1 } }],
  ["an alert over years", { alert: { when: "more", hours: 10_000, count: 1 } }],
  ["a mail in no time zone", { mail: { to: ["ops@example.org"], timeZone: "Mars/Olympus" } }],
  ["a mail to no address", { mail: { to: ["ops"] } }],
])("refused: %s", async (_what, changes) => {
  const answer = await ask("POST", "/v1/views", { ...blocks, query: "", ...changes });
  expect([answer.statusCode, (await harness.store.views.list()).length]).toEqual([400, 0]);
});

test("the form saves a view, with its alert and mail; a mistake says which field", async () => {
  const form = {
    page: "log",
    query: "tag=spring",
    name: "<b>Spring</b>",
    when: "more",
    count: "5",
    hours: "6",
    to: "a@example.org, b@example.org",
    weekday: "friday",
    hour: "17",
    timeZone: "Europe/Berlin",
  };
  const wrong = await ask("POST", "/views/save", { ...form, hours: "0" });
  expect([wrong.statusCode, wrong.body.includes("alert.hours")]).toEqual([400, true]);
  // What was typed stays.
  expect(wrong.body).toMatch(/name="to" value="a@example.org, b@example.org"/);
  expect(wrong.body).toMatch(/value="more" selected/);
  const saved = await ask("POST", "/views/save", form);
  expect([saved.statusCode, saved.headers.location]).toEqual([303, "/views?done=saved"]);
  const [view] = await harness.store.views.list();
  expect(view).toMatchObject({
    name: "<b>Spring</b>",
    query: "tag=spring",
    alert: { when: "more", hours: 6, count: 5 },
    mail: { to: ["a@example.org", "b@example.org"], weekday: "friday", hour: 17, timeZone: "Europe/Berlin" },
  });
  const { body } = await ask("GET", `/views?id=${view?.id}`);
  expect(body).toContain("&lt;b&gt;Spring&lt;/b&gt;");
  expect(body).not.toContain("<b>Spring");
  expect((await ask("GET", "/views", undefined, "viewer")).body).not.toContain("/views/remove");
  expect((await ask("POST", "/views/remove", { id: view?.id }, "viewer")).statusCode).toBe(403);
  expect((await ask("POST", "/views/remove", { id: view?.id })).statusCode).toBe(303);
  expect(await harness.store.views.list()).toEqual([]);
});

test("an alert opens once, stays while the count is above, and is resolved", async () => {
  const { store, clock } = harness;
  const some = (count: number, at: number, severity: "hard" | "block" = "block") =>
    store.record(
      Array.from({ length: count }, (_, n) =>
        jobOf([makeEvent({ address: `u${n}@example.org`, at: at + n, severity, provider: "google" })]),
      ),
    );
  const view = (
    await ask("POST", "/v1/views", { ...blocks, query: "severity=block", alert: { when: "more", hours: 2, count: 10 } })
  ).json();
  await ask("POST", "/v1/views", {
    ...blocks,
    name: "Growth",
    query: "severity=block",
    alert: { when: "grew", hours: 2 },
  });
  const jobs: { name: string; data: Record<string, unknown> }[] = [];
  const queues = {
    get: () => ({ addBulk: (some: typeof jobs) => Promise.resolve(void jobs.push(...some)) }),
  } as unknown as Queues;
  const look = async () => {
    jobs.length = 0;
    await publishViewAlerts(store, queues);
    return jobs.map(({ name, data }) => [
      name,
      (data["view"] as { name: string }).name,
      data["count"],
      data["against"],
    ]);
  };
  await some(10, clock.at - 600_000);
  await some(50, clock.at - 600_000, "hard");
  expect(await look()).toEqual([]);
  await some(15, clock.at - 500_000);
  expect(await look()).toEqual([
    ["view.open", "Blocks at Google", 25, 10],
    ["view.open", "Growth", 25, 0],
  ]);
  expect(jobs[0]?.data).toMatchObject({
    schema: "bounced.view/1",
    view: { id: view.id, name: "Blocks at Google" },
    query: "severity=block&from=2026-05-01T10%3A00%3A00.000Z",
    explanation: "The view “Blocks at Google” has 25 events in the last 2 hours; its limit is 10.",
  });
  expect(await look()).toEqual([]);
  expect((await ask("GET", "/views")).body).toContain("open since");
  clock.at += 2 * 3_600_000;
  expect(await look()).toEqual([
    ["view.resolved", "Blocks at Google", 0, 10],
    ["view.resolved", "Growth", 0, 25],
  ]);
  expect((await store.views.get(view.id))?.alertSince).toBeNull();
  expect(await look()).toEqual([]);
});

test("a view that its page no longer takes says so, and keeps no other from its alert", async () => {
  const { store, clock } = harness;
  const before = await store.views.list();
  for (const { id } of before) await store.views.remove(id);
  const alert = { when: "more", hours: 2, count: 0 } as const;
  // As an earlier version saved it.
  await store.views.create({ name: "A", page: "log", query: "severity=awful", alert, mail: null }, "test");
  await store.views.create({ name: "B", page: "log", query: "severity=hard", alert, mail: null }, "test");
  await store.record([jobOf([makeEvent({ at: clock.at - 60_000 })])]);
  const names: unknown[] = [];
  const queues = {
    get: () => ({
      addBulk: (jobs: { data: { view: { name: string } } }[]) =>
        Promise.resolve(void names.push(...jobs.map(({ data }) => data.view.name))),
    }),
  } as unknown as Queues;
  const { count, failed } = await publishViewAlerts(store, queues);
  expect([count, names]).toEqual([1, ["B"]]);
  expect(failed).toMatchObject([{ why: expect.stringContaining("severity") }]);
  const { views } = (await ask("GET", "/v1/views")).json();
  expect(views.map(({ filterError }: { filterError: string }) => filterError !== "")).toEqual([true, false]);
  expect((await ask("GET", "/views")).body).toContain("no longer takes this filter");
});
