/** Behind a reverse proxy's path every link, form and file carries it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { httpSettingsSchema } from "../../src/config/http-settings.ts";
import { startHarness, type Harness } from "../http/harness.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";

const BASE = "/mail/bounced";
const event = makeEvent({ at: Date.UTC(2026, 3, 30), provider: "google" });
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ settings: httpSettingsSchema.parse({ basePath: BASE }) });
  await harness.store.record([jobOf([event], "raw")]);
  await harness.store.suppressions.add([{ value: "ann@example.org" }], { actor: "test" });
});
afterAll(() => harness.close());

test.each([
  "/",
  "/log",
  "/log/facets",
  `/log/${event.id}`,
  "/suppressions",
  "/suppressions/history",
  "/suppressions/import",
  "/codes?q=5.1.1",
  "/codes/providers/google",
  "/suppressions/mistyped",
  "/unmatched",
  "/unmatched/rule",
  "/unmatched/rules",
  "/unmatched/reclassify",
  "/compare?by=provider",
  "/incidents",
  "/views?page=log",
  "/setup",
  "/outputs",
  "/reference",
])("%s", async (path) => {
  const { statusCode, body } = await harness.app.inject({ url: BASE + path, headers: harness.bearer("operator") });
  expect(statusCode).toBe(200);
  const targets = [
    ...body.matchAll(/ (?:href|src|action|data-load|data-load-open|data-live-url|data-stream)="([^"]*)"/g),
  ].map(([, target = ""]) => target);
  expect(targets.length).toBeGreaterThan(0);
  expect(targets.filter((target) => !target.startsWith(`${BASE}/`) && !target.startsWith("#"))).toEqual([]);
});

test("strangers are led to the sign-in page below it, and back", async () => {
  const answer = await harness.app.inject(`${BASE}/log?severity=hard`);
  expect([answer.statusCode, answer.headers.location]).toEqual([303, `${BASE}/sign-in?next=%2Flog%3Fseverity%3Dhard`]);
  const signedIn = await harness.app.inject({
    method: "POST",
    url: `${BASE}/sign-in`,
    payload: { secret: harness.tokens.viewer, next: "/log?severity=hard" },
  });
  expect([signedIn.statusCode, signedIn.headers.location]).toEqual([303, `${BASE}/log?severity=hard`]);
  expect(signedIn.headers["set-cookie"]).toMatch(/Path=\/mail\/bounced; HttpOnly; SameSite=Strict$/);
});
