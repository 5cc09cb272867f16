/** Every page, in Chromium, over mail that means harm: no foreign script, a layout that holds, readable for everyone. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startConsole, type ConsoleService } from "./console-service.ts";
import { SPOKEN_LANGUAGES } from "../../src/config/config.ts";
import { LANGUAGE_COOKIE } from "../../src/web/language/choose.ts";
import { foreign, HARM, hostile, plain, seed, seedSends } from "./seed.ts";

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
const PAGES = [
  "/",
  "/?by=reason",
  "/log",
  `/log/${foreign.id}`,
  `/log/${hostile.id}`,
  `/log/${plain.id}`,
  "/suppressions",
  "/suppressions/history",
  "/suppressions/import",
  "/suppressions/policy?run=1",
  "/codes?q=550+5.1.1+User+unknown",
  "/codes/message",
  "/codes/providers/google",
  "/suppressions/mistyped",
  `/recipients/${encodeURIComponent(hostile.recipient.mailed ?? "")}`,
  "/recipients/nobody@nowhere.example",
  `/messages/${encodeURIComponent("<1@sender.example>")}`,
  `/tags/${encodeURIComponent(HARM)}`,
  "/domains/example.org",
  "/providers/google?by=reason",
  "/rates",
  "/compare",
  "/views",
  "/views?page=log&query=severity%3Dblock",
  "/compare?by=provider&period=today",
  "/unmatched",
  "/unmatched/rule",
  "/unmatched/rules",
  "/unmatched/reclassify",
  "/queues",
  "/outputs",
  "/audit",
  "/people",
  "/setup",
  "/reference",
];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Leaves the page light, and 1280 wide. */
async function expectSound(path: string): Promise<void> {
  errors.length = 0;
  const answer = await open(path);
  expect(answer?.status()).toBe(200);
  expect(errors).toEqual([]);
  expect(await page.title()).toMatch(/ · bounced$/);
  expect(await page.locator("main").count()).toBe(1);
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow, `${width} wide`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  // The policy of the page lets no script in; the debugger's evaluation is not bound by it.
  await page.evaluate(AXE);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // Pages hear of it with the next frame.
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const violations = await page.evaluate<{ impact: string }[]>(
      `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, node: nodes[0].html.slice(0, 200) + " " + nodes[0].failureSummary.slice(0, 300) })))`,
    );
    expect(
      violations.filter(({ impact }) => impact === "serious" || impact === "critical"),
      colorScheme,
    ).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

for (const path of PAGES) {
  const name = decodeURIComponent(path)
    .replaceAll(HARM, "harm")
    .replace(hostile.id, "hostile")
    .replace(foreign.id, "foreign")
    .replace(plain.id, "plain");
  test(`${name}: no foreign script, nobody else asked, a layout that holds, readable for everyone`, () =>
    expectSound(path));
}

for (const language of SPOKEN_LANGUAGES.filter((one) => one !== "en"))
  test(`${language}: every page says so, and holds on a phone`, { timeout: 120_000 }, async () => {
    errors.length = 0;
    await page.context().addCookies([{ name: LANGUAGE_COOKIE, value: language, url: service.url }]);
    await page.setViewportSize({ width: 390, height: 800 });
    try {
      for (const path of PAGES) {
        const answer = await page.goto(service.url + path, { waitUntil: "load" });
        expect([answer?.status(), await answer?.headerValue("content-language")], path).toEqual([200, language]);
        expect(await page.locator("html").getAttribute("lang"), path).toBe(language);
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), path).toBeLessThanOrEqual(0);
      }
      await open(`/log/${plain.id}`);
      await page.evaluate(AXE);
      const violations = await page.evaluate<{ impact: string }[]>(
        `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, node: nodes[0].html.slice(0, 200) })))`,
      );
      expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
      expect(errors).toEqual([]);
    } finally {
      await page.context().clearCookies({ name: LANGUAGE_COOKIE });
      await page.setViewportSize({ width: 1280, height: 800 });
    }
  });

test("the switch changes the language of the page one is on, and of those after it", async () => {
  await open("/log?severity=hard");
  await page.locator(".languages summary").click();
  await page.getByRole("button", { name: "Deutsch" }).click();
  await page.getByRole("heading", { level: 1, name: "Protokoll" }).waitFor();
  expect(page.url()).toBe(`${service.url}/log?severity=hard`);
  await open(`/log/${plain.id}`);
  await page.getByRole("button", { name: "Als Notiz kopieren" }).waitFor();
  await page.locator(".languages summary").click();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("button", { name: "Copy as note" }).waitFor();
});

test("on a tablet nothing of a table is out of sight; on a phone the count of the log stays on one line", async () => {
  await page.setViewportSize({ width: 820, height: 1180 });
  for (const path of ["/log", "/suppressions", "/suppressions/history"]) {
    await open(path);
    const beyond = await page
      .locator(".table-wrap")
      .first()
      .evaluate((wrap) => wrap.scrollWidth - wrap.clientWidth);
    expect(beyond, path).toBe(0);
  }
  await page.setViewportSize({ width: 375, height: 800 });
  await open("/log");
  const lines = await page.locator(".facets > p b").evaluate((count) => count.getClientRects().length);
  expect(lines).toBe(1);
  await page.setViewportSize({ width: 1280, height: 800 });
});

test(
  "rates: where sends are known, the overview and a page for each thing show them, and mark what is above a line",
  { timeout: 120_000 },
  async () => {
    await open("/rates");
    expect(await page.locator("main").textContent()).toContain("No sends are known");
    await seedSends(service.store);
    for (const path of ["/", "/rates?by=tag"]) await expectSound(path);
    await open("/");
    await page.getByRole("link", { name: "Rates", exact: true }).click();
    await page.getByRole("link", { name: "by tag" }).click();
    const row = page.getByRole("row").filter({ hasText: "easter" });
    expect(await row.textContent()).toMatch(/easter\s*1,000\s*.*10%/s);
    expect(await row.locator(".bad").first().getAttribute("title")).toBe(
      "100 of 1,000, above the line of Amazon SES (5%)",
    );
    await row.getByRole("link").click();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("easter");
    expect(await page.getByRole("row").filter({ hasText: "Google" }).textContent()).toContain("1,000");
    // One of ten is chance.
    await open("/rates?by=tag");
    const small = page.getByRole("row").filter({ hasText: "autumn" });
    expect(await small.textContent()).toContain("10%");
    expect(await small.locator(".bad").count()).toBe(0);
  },
);

test("the API reference shows every operation with its samples, and the way back to the pages", async () => {
  const { paths } = (await (await fetch(`${service.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { summary: string; tags: string[] }>>;
  };
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  errors.length = 0;
  await open("/reference");
  const frame = page.frameLocator("iframe.reference");
  for (const tag of new Set(operations.flatMap(({ tags }) => tags)))
    await frame.getByRole("button", { name: `Open Group - ${tag}`, exact: true }).click();
  const missing = async (): Promise<string[]> => {
    const text = (await frame.locator("aside").innerText()).replaceAll(/\s+/g, " ");
    return operations.map(({ summary }) => summary).filter((summary) => !text.includes(summary));
  };
  await expect.poll(missing, { timeout: 20_000 }).toEqual([]);
  await frame.getByText("Ask for one address before sending").last().click();
  await frame.getByRole("button", { name: "Change code sample language: curl" }).last().click();
  expect(await frame.getByRole("option").allInnerTexts()).toEqual(["curl", "TypeScript", "Python", "PHP"]);
  expect(errors).toEqual([]);
  expect(await page.getByRole("link", { name: "Overview" }).count()).toBe(1);
});

test("a message chosen as a file is read, and nothing of it is kept", async () => {
  errors.length = 0;
  const before = await service.store.search({ limit: 100 });
  const listed = await service.store.suppressions.find("nobody@paste.test");
  await open("/codes/message");
  const report = [
    "From: MAILER-DAEMON@mx.paste.test",
    "Subject: Undelivered Mail",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.paste.test",
    "",
    "Final-Recipient: rfc822; nobody@paste.test",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 User unknown <script>document.title='owned'</script>",
    "--b--",
    "",
  ];
  const file = { name: "returned.eml", mimeType: "message/rfc822", buffer: Buffer.from(report.join("\r\n")) };
  await page.getByLabel("File").setInputFiles(file);
  await expect.poll(() => page.getByLabel("Or paste the message").inputValue()).toContain("nobody@paste.test");
  await page.getByRole("button", { name: "Read it" }).click();
  await page.getByRole("heading", { name: "nobody@paste.test" }).waitFor();
  expect(await page.locator(".diagnostic").textContent()).toContain("550 5.1.1 User unknown <script>");
  expect(await page.locator(".says").textContent()).toMatch(/no mailbox/);
  expect(await page.title()).toBe("Read a message · bounced");
  expect(errors).toEqual([]);
  expect(await service.store.search({ limit: 100 })).toEqual(before);
  expect(await service.store.suppressions.find("nobody@paste.test")).toEqual(listed);
  expect(listed).toEqual([]);
});

test("the complete list of codes comes when it is opened", async () => {
  await open("/codes");
  await page.getByText("The complete list").click();
  await page
    .getByRole("region", { name: "The complete list" })
    .getByRole("row", { name: /^x\.2\.4/ })
    .waitFor();
});

test("loads fast: under 200 KB in all", async () => {
  const { page: fresh } = await service.openPage();
  let octets = 0;
  fresh.on("response", (response) => {
    void response.body().then(
      (body) => (octets += body.length),
      () => undefined,
    );
  });
  for (const path of ["/", "/log", "/codes"]) {
    octets = 0;
    await fresh.goto(service.url + path, { waitUntil: "networkidle" });
    expect(octets, path).toBeGreaterThan(10_000);
    expect(octets, path).toBeLessThan(200_000);
  }
  await fresh.context().close();
});
