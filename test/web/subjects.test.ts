/** The pages of what people ask about, and the search box that leads to them, in Chromium. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startConsole, type ConsoleService } from "./console-service.ts";

const ADDRESS = "o'neil+news/2026@shop.example";
const MAIL = "<42%2F#?@sender.example>";
const at = Date.now() - 3_600_000;
const first = makeEvent({ address: ADDRESS, at });
const gone = { ...first, provider: "google", original: { ...first.original, messageId: MAIL } };
const other = makeEvent({ address: "bea@shop.example", at: at + 1, severity: "soft", reason: "mailbox_full" });
const full = { ...other, original: { ...other.original, messageId: MAIL } };

let service: ConsoleService;
let page: Page;
let errors: readonly string[];
beforeAll(async () => {
  service = await startConsole();
  await service.store.record([
    jobOf([gone, makeEvent({ address: ADDRESS, at: at - 60_000 }), makeEvent({ address: ADDRESS, at: at - 120_000 })]),
    jobOf([full]),
    jobOf([makeEvent({ address: ADDRESS, at: at - 30_000, authenticity: "unproven", reason: "mailbox_full" })]),
  ]);
  ({ page, errors } = await service.openPage());
}, 120_000);
afterAll(() => service.stop());

async function find(text: string): Promise<string> {
  await page.goto(service.url, { waitUntil: "networkidle" });
  await page.locator("h1").click();
  await page.keyboard.press("/");
  await page.keyboard.type(text);
  await Promise.all([page.waitForURL((url) => url.pathname !== "/"), page.keyboard.press("Enter")]);
  const url = new URL(page.url());
  return decodeURIComponent(url.pathname) + url.search;
}

test.each([
  ["an address", ADDRESS, `/recipients/${ADDRESS}`],
  ["an address of which nothing is known", "who@else.example", "/recipients/who@else.example"],
  ["a Message-ID", MAIL, `/messages/${MAIL}`],
  ["a Message-ID without its brackets", MAIL.slice(1, -1), `/messages/${MAIL}`],
  ["an event", gone.id, `/log/${gone.id}`],
  ["a recipient domain", "Shop.example", "/domains/shop.example"],
  ["a sending domain", "sender.example", "/sender-domains/sender.example"],
  ["a provider", "Google", "/providers/google"],
  ["a tag", "spring", "/tags/spring"],
  ["an IP address", "192.0.2.7", "/sending-addresses/192.0.2.7"],
  ["what a server said", "550 5.1.1 User unknown", "/codes?q=550+5.1.1+User+unknown"],
  ["a part of an address", "neil", "/log?recipient=neil"],
])("%s is found", async (_name, text, path) => {
  expect(await find(text)).toBe(path);
  expect(errors).toEqual([]);
});

test("a recipient: the list, what to do, everything that happened; removing the entry leads back", async () => {
  await page.goto(`${service.url}/log/${gone.id}`, { waitUntil: "networkidle" });
  await page.getByRole("link", { name: ADDRESS }).first().click();
  await page.getByRole("heading", { name: "On the suppression list" }).waitFor();
  await page.getByRole("heading", { name: "Everything that happened" }).waitFor();
  const rows = page.locator(".timeline > li");
  // Newest first: the change of the list, the failure, the unproven report apart, two more failures as one.
  await expect.poll(() => rows.count()).toBe(4);
  expect(await rows.nth(2).textContent()).toMatch(/unproven/);
  expect(await rows.nth(3).textContent()).toMatch(/1 earlier event like this/);
  await page.getByRole("button", { name: "Remove from the list" }).click();
  await page.getByRole("heading", { name: "Not on the suppression list" }).waitFor();
  expect(decodeURIComponent(new URL(page.url()).pathname)).toBe(`/recipients/${ADDRESS}`);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("heading", { name: "On the suppression list" }).waitFor();
});

test("a mail: what came back for each recipient", async () => {
  await page.goto(`${service.url}/messages/${encodeURIComponent(MAIL)}`, { waitUntil: "networkidle" });
  expect(await page.locator(".log-table tbody tr").count()).toBe(2);
  expect(await page.locator("main").textContent()).toMatch(/2 events of\s+2 recipients/);
});

test("a domain: figures lead to the log, names to their pages", async () => {
  await page.goto(`${service.url}/domains/shop.example`, { waitUntil: "networkidle" });
  await page.getByRole("link", { name: "spring", exact: true }).click();
  await page.waitForURL(/\/tags\/spring\?days=30$/);
  await page.getByRole("link", { name: /\d events? of shop\.example/ }).click();
  await page.waitForURL(/\/log\?.*domain=shop\.example/);
  expect(new URL(page.url()).searchParams.get("tag")).toBe("spring");
  expect(errors).toEqual([]);
});
