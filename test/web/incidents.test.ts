/** Incidents in Chromium: from the overview to a note, in light and dark, on a phone, and readable for everyone. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { mailFrom, pathTagged, UNALIGNED } from "../store/incidents/seed.ts";
import { startConsole, type ConsoleService } from "./console-service.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HOUR = 3_600_000;
const HARM = `"><script>alert(1)</script><img src=x onerror=alert(2)>`;
/** Where the pictures go; nowhere without it. */
const PICTURES = process.env["BOUNCED_TEST_PICTURES"];

let service: ConsoleService;
let page: Page;
let errors: string[];
let path: string;
beforeAll(async () => {
  service = await startConsole();
  const { store } = service;
  const now = Date.now();
  const receipts = { returnPath: pathTagged("receipts"), original: mailFrom("shop@sender.example") };
  const jobs = [
    jobOf([makeEvent({ address: "first@example.org", at: now - 60 * HOUR, ...receipts })]),
    ...Array.from({ length: 40 }, (_, index) =>
      jobOf([
        makeEvent({ address: `y${index}@yahoo.example`, at: now - index * 1000, provider: "yahoo", ...receipts }),
      ]),
    ),
    ...Array.from({ length: 240 }, (_, index) =>
      jobOf([
        makeEvent({
          ...UNALIGNED,
          address: `u${index}@gmail.example`,
          at: now - 20 * 60_000 + index * 1000,
          returnPath: pathTagged(HARM.toLowerCase()),
          diagnostic: { type: "smtp", text: `550 5.7.26 Unauthenticated email is not accepted ${HARM}` },
        }),
      ]),
    ),
  ];
  await store.record(jobs);
  const [opened] = await store.findIncidents();
  path = `/incidents/${opened?.incident.id}`;
  ({ page, errors } = await service.openPage());
}, 300_000);
afterAll(() => service.stop());

const open = (to: string) => page.goto(service.url + to, { waitUntil: "networkidle" });

test("the overview leads to the incident, which says what, where and what to do; a note stays and is text", async () => {
  await open("/");
  await page.getByRole("link", { name: "Google refuses mail with 5.7.26" }).click();
  await page.waitForURL(service.url + path);
  const main = page.locator("main");
  await expect.poll(() => main.innerText()).toContain("Nothing at Yahoo.");
  const text = await main.innerText();
  for (const said of ["240", "240 not suppressed", "Only mail with the tag", "Have SPF and DKIM set up"])
    expect(text).toContain(said);
  // The bar of the hour leads to what it counts.
  const bar = page.locator("svg.chart a[href*='reason=auth_failed']:has(rect.seg)").last();
  expect(await bar.getAttribute("href")).toContain("authenticity=proven%2Clikely");
  await page.locator("textarea[name=text]").fill(`Key replaced\n${HARM}`);
  await page.getByRole("button", { name: "Add note" }).press("Enter");
  await page.waitForURL(/done=noted/);
  expect(await page.locator(".note-text").innerText()).toBe(`Key replaced\n${HARM}`);
  expect(errors).toEqual([]);
  // Its number in the log is the number of the incident.
  await page.getByRole("link", { name: "Show in the log" }).click();
  await expect.poll(() => page.locator(".facets > p").first().innerText()).toContain("240");
});

test("the list filters by state", async () => {
  await open("/incidents?state=open");
  expect(await page.locator("ol.incidents > li").count()).toBe(1);
  await open("/incidents?state=cleared");
  expect(await page.locator("main").innerText()).toContain("No incidents");
  expect((await open("/incidents/i1-none-none"))?.status()).toBe(404);
});

/** Behind the skip link, what the keyboard reaches first in the page. */
async function skipToMain(): Promise<void> {
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
}
const focused = () =>
  page.evaluate<string>("document.activeElement.name || document.activeElement.textContent.trim().slice(0, 40)");
/** Presses Tab until this has the focus; fails where nothing has. */
async function tabTo(name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if ((await focused()) === name) return;
  }
  throw new Error(`the keyboard does not reach ${name}`);
}

test("by keyboard: an incident is closed with a note and reopened", async () => {
  errors.length = 0;
  await open(path);
  await skipToMain();
  await tabTo("text");
  await page.keyboard.type("Key published");
  await tabTo("Close incident");
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=closed/);
  const main = page.locator("main");
  expect(await main.innerText()).toContain("The incident is closed.");
  expect(await page.locator(".note-text").last().innerText()).toBe("Key published");
  await skipToMain();
  await tabTo("Reopen incident");
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=reopened/);
  expect(await main.innerText()).toContain("Reopened by hand");
  // Three marks within a minute: one label, and none over another.
  expect(await page.locator("svg.chart g.mark").count()).toBe(3);
  expect(await page.locator("svg.chart g.mark text").count()).toBe(1);
  expect(errors).toEqual([]);
});

test("by keyboard: a comparison by tag is saved as a view, changed and removed", async () => {
  errors.length = 0;
  await open("/compare?period=today");
  await skipToMain();
  await tabTo("by");
  await page.keyboard.type("Tag");
  await tabTo("Compare");
  await page.keyboard.press("Enter");
  await page.waitForURL(/by=tag/);
  expect(await page.locator("#f-by").inputValue()).toBe("tag");
  await skipToMain();
  await tabTo("Views");
  await page.keyboard.press("Enter");
  await tabTo("Save this view");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/views\?page=compare/);
  await skipToMain();
  await tabTo("name");
  await page.keyboard.type("Tags");
  await tabTo("to");
  await page.keyboard.type("not an address");
  await page.keyboard.press("Enter");
  // What was typed is still there, beside what is wrong.
  await expect.poll(() => page.locator("main").innerText()).toContain("mail.to");
  expect(await page.locator("#v-to").inputValue()).toBe("not an address");
  await page.locator("#v-to").fill("");
  await page.locator("#v-to").press("Enter");
  await page.waitForURL(/done=saved/);
  expect(await page.locator("table.cards th a").innerText()).toBe("Tags");
  await skipToMain();
  await tabTo("Remove");
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=removed/);
  expect(errors.filter((error) => !error.includes("400"))).toEqual([]);
});

test("both fit a phone, and are readable for everyone in light and dark", async () => {
  if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  for (const [name, to] of [
    ["list", "/incidents"],
    ["one", path],
    ["overview", "/"],
    ["compare", "/compare?period=today&by=tag"],
    ["view", "/views?page=log&query=severity%3Dblock"],
  ] as const) {
    errors.length = 0;
    await page.setViewportSize({ width: 1280, height: 900 });
    await open(to);
    await page.evaluate(AXE);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
      const violations = await page.evaluate<{ impact: string }[]>(
        `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, node: nodes[0].html.slice(0, 200) })))`,
      );
      expect(
        violations.filter(({ impact }) => impact === "serious" || impact === "critical"),
        `${to} ${colorScheme}`,
      ).toEqual([]);
      if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}-${colorScheme}.png`, fullPage: true });
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow, to).toBeLessThanOrEqual(0);
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}-phone.png`, fullPage: true });
    expect(errors).toEqual([]);
  }
});
