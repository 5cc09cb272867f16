/** What a support person does on the pages, in Chromium. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startConsole, type ConsoleService } from "./console-service.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { now, plain, seed } from "./seed.ts";

let service: ConsoleService;
let page: Page;
beforeAll(async () => {
  service = await startConsole();
  await seed(service.store);
  ({ page } = await service.openPage());
}, 120_000);
afterAll(() => service.stop());

const open = (path: string) => page.goto(service.url + path, { waitUntil: "networkidle" });

test("the overview leads to what it counts", async () => {
  await open("/");
  const waiting = page.locator(".tile", { hasText: "Waiting in queues" });
  expect(await waiting.textContent()).toMatch(/for your\s+programs/);
  const today = new Date(now).toISOString().slice(0, 10);
  await page.locator(".tile.hard").getByRole("link", { name: "today" }).click();
  await page.waitForURL(`${service.url}/log?from=${today}&to=${today}&severity=hard&authenticity=proven%2Clikely`);
  await open("/");
  await page.getByRole("link", { name: "by reason" }).click();
  await page.locator(".legend").getByRole("link", { name: "Mailbox unknown" }).click();
  await page.waitForURL(/reason=mailbox_unknown/);
  await open("/");
  await page
    .locator(".tile", { hasText: "Suppressed" })
    .getByRole("link", { name: / new in 30 days/ })
    .click();
  await page.getByRole("link", { name: "list@example.net" }).waitFor();
  await open("/");
  await waiting.getByRole("link").click();
  await page.waitForURL(`${service.url}/queues`);
});

test("the overview counts what is credible, and says what it leaves out", async () => {
  const strangers = Array.from({ length: 3 }, (_, n) =>
    makeEvent({ address: `made-up-${n}@victim.example`, at: now - 1000 * n, authenticity: "unproven" }),
  );
  await open("/");
  const hard = page.locator(".tile.hard .figure");
  const credible = Number(await hard.textContent());
  await service.store.record(strangers.map((event) => jobOf([event])));
  await open("/");
  expect(Number(await hard.textContent())).toBe(credible);
  await page.getByRole("navigation", { name: "Events counted" }).getByRole("link", { name: "all" }).click();
  await page.waitForURL(/counts=all/);
  expect(Number(await hard.textContent())).toBe(credible + strangers.length);
  await page.getByRole("link", { name: /unproven or forged event/ }).click();
  await page.waitForURL(/authenticity=unproven%2Cforged/);
  await page.getByText("made-up-0@victim.example").first().waitFor();
});

test("texts of every script are kept apart from what stands beside them", async () => {
  await open("/log?recipient=b%C3%BCcher");
  expect(await page.locator("tbody bdi", { hasText: "رسالتك" }).count()).toBe(1);
  expect(await page.locator("tbody tr").count()).toBe(1);
});

test("all matches as CSV", async () => {
  await open("/log?recipient=ann");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV, short" }).click();
  const text = readFileSync(await (await download).path(), "utf8");
  expect(text.split("\r\n")[1] ?? text.split("\n")[1]).toContain("ann@example.org");
});

test("an event is copied as a note for a help desk", async () => {
  const { page: own } = await service.openPage({ permissions: ["clipboard-read", "clipboard-write"] });
  await own.goto(`${service.url}/log/${plain.id}`);
  await own.getByRole("button", { name: "Copy as note" }).click();
  await own.getByRole("button", { name: "Copied" }).waitFor();
  expect(await own.evaluate("navigator.clipboard.readText()")).toMatch(
    /^Mail to ann@example\.org was not delivered[\s\S]*The server said: 550 5\.1\.1 User unknown/,
  );
  await own.context().close();
});

test("find a bounce, read it in the dialog, and come back", async () => {
  await open("/log");
  await page.getByLabel("Recipient", { exact: true }).fill("ann@");
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/recipient=ann/);
  expect(new URL(page.url()).search).toBe("?recipient=ann%40");
  await page.getByRole("link", { name: "ann@example.org" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("What happened").waitFor();
  expect(await dialog.locator("mark").allTextContents()).toContain("User unknown");
  expect(await dialog.getByText("raw text").count()).toBe(0);
  const message = await dialog.getByRole("link", { name: "Show the message" }).getAttribute("href");
  expect(page.url()).toContain(`/log/${plain.id}`);
  await page.keyboard.press("Escape");
  await page.waitForURL(/recipient=ann/);
  expect(await page.getByRole("dialog").count()).toBe(0);
  await open(message ?? "");
  expect(await page.getByText("raw text").count()).toBe(1);
});

test("a wrong day is named, and what was typed is kept", async () => {
  await open("/log?from=yesterday&recipient=ann");
  expect(await page.getByRole("alert").textContent()).toContain("YYYY-MM-DD");
  expect(await page.getByLabel("From day (UTC)", { exact: true }).inputValue()).toBe("yesterday");
});

test("a facet narrows, its chip widens again", async () => {
  await open("/log");
  await page.getByRole("link", { name: /^Block/ }).click();
  await page.waitForURL(/severity=block/);
  expect(await page.locator("tbody tr").count()).toBe(1);
  await page.getByRole("link", { name: "Remove filter Severity" }).click();
  await page.waitForURL(`${service.url}/log`);
});

test("take an address off the list from its bounce, and undo it", async () => {
  await open(`/log/${plain.id}`);
  await page.getByRole("button", { name: "Remove from the list" }).click();
  await page.getByText("was removed from the suppression list.").waitFor();
  expect((await service.store.suppressions.check(["ann@example.org"]))[0]?.suppressed).toBe(false);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("the change was undone.").waitFor();
  expect((await service.store.suppressions.check(["ann@example.org"]))[0]?.suppressed).toBe(true);
});

test("add with a note; what is no address is named", async () => {
  await open("/suppressions");
  await page.getByLabel("Add an address or a domain").fill("Bob@Example.com");
  await page.getByLabel("Note").fill("asked by phone");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("link", { name: "bob@example.com" }).waitFor();
  await page.getByLabel("Add an address or a domain").fill("not an address");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  expect(await page.getByRole("alert").textContent()).toContain("not an address");
});

test("import: mistakes are shown first", async () => {
  await open("/suppressions/import");
  await page.getByLabel("Format").selectOption("sendgrid");
  await page
    .getByLabel("Or paste the CSV")
    .fill("email,created,reason,status\nnew@example.com,1700000000,x,5.1.1\nbroken,1,x,y\n");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("2 lines: 1 can be added, 1 cannot").waitFor();
  await page.getByRole("button", { name: "Add 1" }).click();
  await page.getByText("1 entry added, 0 already on the list").waitFor();
  expect((await service.store.suppressions.check(["new@example.com"]))[0]?.suppressed).toBe(true);
});

test("a pasted rejection is explained as one types, in another language too", async () => {
  await open("/codes");
  await page.getByLabel("Code or rejection text").pressSequentially("552 5.2.2 Mailbox full");
  await page.locator("#answer").getByText("Soft bounce").waitFor();
  const said = new Set<string>();
  for (const language of ["ja", "de", "fr", "es", "en"]) {
    await page.getByLabel("Answer in").selectOption(language);
    said.add(await page.locator(`#answer .says[lang="${language}"]`).innerText());
  }
  expect(said.size).toBe(5);
});

test("all of it by keyboard: skip link, search, dialog", async () => {
  await open("/log");
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to content");
  await page.keyboard.press("Enter");
  await page.getByLabel("Recipient", { exact: true }).focus();
  await page.keyboard.type("ann");
  await page.keyboard.press("Enter");
  await page.waitForURL(/recipient=ann/);
  await page.getByRole("link", { name: "ann@example.org" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL(/recipient=ann/);
});

test("the audit log by keyboard: skip link, filters in their order, the list itself", async () => {
  await open("/audit");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const reached: string[] = [];
  for (let at = 0; at < 11; at++) {
    await page.keyboard.press("Tab");
    reached.push(
      await page.evaluate<string>(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()",
      ),
    );
  }
  expect(reached).toEqual([
    "CSV",
    "JSON lines",
    "Action",
    "Person or token",
    "Address, id or details",
    "From day (UTC)",
    "Pick a day",
    "To day (UTC)",
    "Pick a day",
    "Search",
    "Entries",
  ]);
  await page.getByLabel("Person or token").focus();
  await page.keyboard.type("admin");
  await page.keyboard.press("Enter");
  await page.waitForURL(/actor=admin/);
  await page.getByRole("region", { name: "Entries" }).getByText("Signed in").first().waitFor();
});

test("without script the pages still work", async () => {
  const { page: bare } = await service.openPage({ javaScriptEnabled: false });
  await bare.goto(`${service.url}/log`);
  await bare.getByRole("link", { name: "ann@example.org" }).click();
  await bare.getByRole("heading", { name: "ann@example.org" }).waitFor();
  await bare.goto(`${service.url}/codes`);
  await bare.getByLabel("Code or rejection text").fill("5.2.2");
  await bare.getByRole("button", { name: "Explain" }).click();
  await bare.locator("#answer").getByText("Mailbox full").first().waitFor();
  await bare.context().close();
});
