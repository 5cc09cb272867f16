/** What who runs the service does on the pages, in Chromium: rules, queues, set-up, sessions and roles. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queuedMessage } from "../support/intake.ts";
import { startConsole, type ConsoleService } from "./console-service.ts";
import { now, odd, seed } from "./seed.ts";

let service: ConsoleService;
let page: Page;
let errors: string[];
beforeAll(async () => {
  service = await startConsole();
  await seed(service.store);
  ({ page, errors } = await service.openPage());
}, 120_000);
afterAll(() => service.stop());

const open = (path: string) => page.goto(service.url + path, { waitUntil: "networkidle" });

test("a quarantined message is tried again and reaches the log", async () => {
  const { queues } = service;
  const intake = queues.get("intake");
  const message = await queuedMessage(`From: MAILER-DAEMON@example.net\r\nSubject: poison\r\n\r\nx\r\n`, {
    receivedAt: new Date(now).toISOString(),
  });
  await intake.add("messages", { v: 1, messages: [message] }, { jobId: "poison", delay: 3_600_000 });
  // As the queue keeps a job that failed for good.
  const key = (name: string) => intake.toKey(name);
  await queues.redis.zrem(key("delayed"), "poison");
  await queues.redis.zadd(key("failed"), now, "poison");
  await queues.redis.hset(key("poison"), { failedReason: "its reader was killed", finishedOn: now, delay: 0 });
  await open("/");
  await page.getByText("1 in quarantine").waitFor();
  await open("/queues");
  const row = page.getByRole("row", { name: /its reader was killed/ });
  await row.getByRole("button", { name: "Retry" }).click();
  await page.getByText("1 message put back on the intake queue.").waitFor();
  await expect
    .poll(async () => (await service.store.search({ message: [message.sha256] })).entries.length, { timeout: 20_000 })
    .toBe(1);
});

test("a rule is tried on the past as one types, saved, and the log read again with it", async () => {
  await open(`/log/${odd.id}`);
  await page.getByRole("link", { name: "Write a rule" }).click();
  const editor = page.getByLabel("Rule, in YAML");
  expect(await editor.inputValue()).toContain("are asleep");
  const rule = (phrase: string, example = phrase) =>
    `- id: own/unknown\n  when: { any: ["${phrase}"] }\n  reason: mailbox_full\n  because: A trial of the trial itself.\n  source: test\n  examples:\n    - { text: "550 ${example}" }\n`;
  await editor.fill(rule("are asleep"));
  await page.getByText("Decides 1 of 4 refusals").waitFor();
  await editor.fill("- id: broken");
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").textContent()).toContain("rules.0");

  await editor.fill(rule("are asleep", "something else"));
  await page.getByRole("button", { name: "Save" }).click();
  expect(await page.getByRole("alert").first().textContent()).toContain("does not match its own example");
  expect(await editor.inputValue()).toContain("something else");
  await editor.fill(rule("are asleep"));
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved: own/unknown.").waitFor();

  await page.locator(".notice").getByRole("link").click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Nothing is changed yet").waitFor();
  expect(await page.locator("#result").textContent()).toContain("0 newly hard, 1 no longer hard");
  await page.getByRole("button", { name: "Replace 1 classification" }).click();
  await page.getByText("1 classification replaced, 1 change of the suppression list").waitFor();
  await page.locator("#result").getByRole("link", { name: "odd@example.com" }).click();
  await page.getByText("Earlier verdicts").waitFor();
  expect(await page.locator("main").textContent()).toContain("Not on the suppression list");

  await open("/unmatched/rules");
  await page.getByRole("link", { name: "Edit own/unknown", exact: true }).click();
  expect(await editor.inputValue()).toContain("mailbox_full");
  await open("/unmatched/rules");
  await page.getByRole("button", { name: "Remove own/unknown" }).click();
  await page.getByText("Removed: own/unknown.").waitFor();
  expect(await page.getByRole("link", { name: /Edit own.unknown as of/ }).count()).toBe(2);
}, 90_000);

test("a return path is made for one recipient, and the checks are grouped into steps", async () => {
  await open("/setup");
  await page.getByText("Return paths: forged bounces are recognised").waitFor();
  await page.getByRole("textbox", { name: "Recipient" }).fill("ann@example.org");
  await page.getByRole("button", { name: "Create" }).click();
  await page.waitForURL(/recipient=ann/);
  expect(await page.locator("main").textContent()).toMatch(/b\+\w+@bounces\.example\.com/);
});

test("the test bounce goes through the listener and is seen arriving", async () => {
  await open("/setup");
  await page.getByRole("button", { name: "Send test bounce" }).click();
  await page.getByText("The listener accepted it for").waitFor();
  await page.getByText("Classified as").waitFor({ timeout: 45_000 });
  expect(await page.locator("#test-state").textContent()).toContain("Hard bounce");
  // It leaves no trace.
  expect((await service.store.search({ recipient: "nobody@example.org" })).entries).toEqual([]);
  expect((await service.store.suppressions.check(["nobody@example.org"]))[0]?.suppressed).toBe(false);
  expect(await service.queues.get("bounce-hard").getJobCountByTypes()).toBe(0);
}, 90_000);

test("bull-board shows the queues behind the same sign-in", async () => {
  errors.length = 0;
  await open("/queues/board");
  await page.getByText("bounce-hard").first().waitFor();
  expect(errors).toEqual([]);
});

describe("sessions", () => {
  test("a viewer sees no buttons that would be refused, and is refused", async () => {
    const { page: own } = await service.openPage();
    await own.getByRole("button", { name: "Sign out" }).click();
    await own.getByLabel("API token or admin password").fill(service.tokens.viewer);
    await own.getByRole("button", { name: "Sign in" }).click();
    await own.goto(`${service.url}/suppressions`);
    expect(await own.getByRole("button", { name: "Add", exact: true }).count()).toBe(0);
    expect(await own.getByRole("link", { name: "Queues" }).count()).toBe(0);
    await own.goto(`${service.url}/setup?recipient=ann@example.org`);
    expect(await own.locator("main").textContent()).not.toMatch(/b\+\w+@bounces/);
    await own.goto(`${service.url}/unmatched/rules`);
    expect(await own.getByRole("link", { name: "Write a rule" }).count()).toBe(0);
    for (const path of ["/queues/board", "/unmatched/rule", "/unmatched/reclassify", "/suppressions/import"])
      expect((await own.goto(service.url + path))?.status()).toBe(403);
    await own.context().close();
  });

  test("an operator writes rules and changes the list, and neither looks into queues nor exports", async () => {
    const { page: own } = await service.openPage();
    await own.getByRole("button", { name: "Sign out" }).click();
    await own.getByLabel("API token or admin password").fill(service.tokens.operator);
    await own.getByRole("button", { name: "Sign in" }).click();
    const waiting = own.locator(".tile", { hasText: "Waiting in queues" });
    await waiting.waitFor();
    expect(await waiting.getByRole("link").count()).toBe(0);
    await own.goto(`${service.url}/log`);
    expect(await own.getByRole("link", { name: /CSV/ }).count()).toBe(0);
    await own.getByRole("link", { name: "Reclassify the log" }).waitFor();
    await own.goto(`${service.url}/setup`);
    expect(await own.getByRole("button", { name: "Send test bounce" }).count()).toBe(0);
    await own.getByRole("button", { name: "Create" }).waitFor();
    expect((await own.goto(`${service.url}/queues`))?.status()).toBe(403);
    await own.context().close();
  });

  test("signing out ends it; a wrong password is told, the way back is kept", async () => {
    const { page: own } = await service.openPage();
    await own.getByRole("button", { name: "Sign out" }).click();
    await own.goto(`${service.url}/log?severity=hard`);
    expect(own.url()).toBe(`${service.url}/sign-in?next=%2Flog%3Fseverity%3Dhard`);
    await own.getByLabel("API token or admin password").fill("wrong");
    await own.getByRole("button", { name: "Sign in" }).click();
    expect(await own.getByRole("alert").textContent()).toContain("Neither a valid token");
    expect(await own.locator('input[name="next"]').inputValue()).toBe("/log?severity=hard");
    await own.context().close();
  });

  test("another site's form changes nothing", async () => {
    const { page: own } = await service.openPage();
    const cookies = await own.context().cookies();
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: "Strict" }]);
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    const post = (headers: Record<string, string>) =>
      fetch(`${service.url}/suppressions/add`, {
        method: "POST",
        headers: { cookie, ...headers },
        body: new URLSearchParams({ value: "victim@example.com" }),
        redirect: "manual",
      });
    expect((await post({ "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await post({ origin: "https://evil.example" })).status).toBe(403);
    expect((await post({})).status).toBe(403);
    expect((await service.store.suppressions.check(["victim@example.com"]))[0]?.suppressed).toBe(false);
    await own.context().close();
  });
});
