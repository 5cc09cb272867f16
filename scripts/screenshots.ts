/**
 * `node scripts/screenshots.ts`: the pictures of the docs, into docs/images.
 * `node scripts/screenshots.ts FOLDER`: every page, light, dark, on a phone and on paper.
 * Both over the fixtures, spread over a month, and the mail of the demo, read by the real pipeline.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContextOptions, type Page } from "playwright-core";
import { findProgram } from "../src/machine/apt.ts";
import { loadConfig } from "../src/config/config.ts";
import { runInOneProcess } from "../src/supervisor/one-process.ts";
import { ROLES } from "../src/client/service.ts";
import { openStore } from "../src/store/store.ts";
import { DEMO_DOMAIN } from "../src/demo/arrivals.ts";
import { recordDemo } from "../src/demo/record.ts";
import { fillDemoLog } from "./demo-log.ts";

const DOCS = "docs/images";
const [folder] = process.argv.slice(2);

const LOOKS = {
  light: { colorScheme: "light", viewport: { width: 1380, height: 900 } },
  dark: { colorScheme: "dark", viewport: { width: 1380, height: 900 } },
  tablet: { colorScheme: "light", viewport: { width: 820, height: 1180 } },
  phone: { colorScheme: "light", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
  paper: { colorScheme: "light", viewport: { width: 900, height: 1200 } },
} as const satisfies Record<string, BrowserContextOptions>;
type Look = keyof typeof LOOKS;

const dataDir = mkdtempSync(join(tmpdir(), "bounced-screenshots-"));
const config = loadConfig({
  BOUNCED_DATA_DIR: dataDir,
  BOUNCED_SECRET: "a-key-for-pictures-of-thirty-two-characters",
  BOUNCED_DOMAINS: `bounces.example.com,${DEMO_DOMAIN}`,
  BOUNCED_SMTP_PORT: "0",
  BOUNCED_HTTP_PORT: "0",
  BOUNCED_LOG_LEVEL: "error",
  BOUNCED_HTTP_OPEN: "1",
});
await fillDemoLog(config, { now: Date.now(), days: 30, copies: 14 });
// With the incident of the last hours.
await recordDemo(config, Date.now(), new AbortController().signal);
const store = await openStore(config);
const [newest] = (await store.search({ severity: ["hard"], provider: ["google"], limit: 1 })).entries;
await store.close();
const event = `/log/${newest?.event.id}`;
const service = await runInOneProcess(config, new Set(ROLES), () => undefined);
const url = /http:\/\/[\d.:]+/.exec(service.notes.join("\n"))?.[0] ?? "";
const browser = await chromium.launch({
  executablePath: findProgram("chromium") ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  await (folder === undefined ? picturesOfDocs() : everyPage(folder));
} finally {
  await browser.close();
  await service.stop();
  rmSync(dataDir, { recursive: true });
}

async function picturesOfDocs(): Promise<void> {
  await inLook("light", async (page) => {
    await open(page, "/");
    await page.screenshot({ path: join(DOCS, "overview.png"), fullPage: true });
    await open(page, "/log");
    await page.screenshot({ path: join(DOCS, "log.png") });
    await open(page, "/incidents");
    await page.locator("main a[href*='/incidents/']").first().click();
    await page.getByRole("heading", { name: "What to do" }).waitFor();
    await page.screenshot({ path: join(DOCS, "incident.png"), fullPage: true });
    await open(page, "/compare?by=reason");
    await page.screenshot({ path: join(DOCS, "compare.png"), fullPage: true });
    await open(page, `/unmatched/rule?event=${newest?.event.id}`);
    const editor = page.getByLabel("Rule, in YAML");
    await editor.fill((await editor.inputValue()).replace(/reason: \w+.*/, "reason: policy"));
    await page.getByText(/→/).first().waitFor();
    await page.screenshot({ path: join(DOCS, "rule.png") });
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator(".notice").getByRole("link").click();
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("Nothing is changed yet").waitFor({ timeout: 120_000 });
    await page.screenshot({ path: join(DOCS, "reclassify.png") });
  });
  await inLook("dark", async (page) => {
    await open(page, event);
    await page.screenshot({ path: join(DOCS, "event-dark.png") });
  });
  await inLook("phone", async (page) => {
    await open(page, "/log?severity=hard,block");
    await page.setViewportSize({ width: 390, height: 1100 });
    await page.screenshot({ path: join(DOCS, "log-phone.png") });
  });
}

async function everyPage(into: string): Promise<void> {
  mkdirSync(into, { recursive: true });
  const pages: Readonly<Record<string, string>> = {
    overview: "/",
    reasons: "/?by=reason",
    log: "/log",
    event,
    suppressions: "/suppressions",
    history: "/suppressions/history",
    import: "/suppressions/import",
    policy: "/suppressions/policy?run=1",
    incidents: "/incidents",
    compare: "/compare?by=reason",
    views: "/views",
    rates: "/rates",
    people: "/people",
    audit: "/audit",
    codes: "/codes?q=550-5.7.26+Unauthenticated+email+from+example.com+is+not+accepted+due+to+domain%27s+DMARC+policy.",
    provider: "/codes/providers/google",
    unmatched: "/unmatched",
    rule: `/unmatched/rule?event=${newest?.event.id}`,
    rules: "/unmatched/rules",
    reclassify: "/unmatched/reclassify",
    queues: "/queues",
    board: "/queues/board",
    setup: "/setup?recipient=ann@example.org",
    reference: "/reference",
  };
  for (const look of Object.keys(LOOKS) as Look[])
    await inLook(look, async (page) => {
      for (const [name, path] of Object.entries(pages)) {
        await open(page, path);
        await page.screenshot({ path: join(into, `${name}-${look}.png`), fullPage: true });
      }
    });
}

async function inLook(look: Look, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ ...LOOKS[look], reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  page.on("console", (message) => message.type() === "error" && console.error(`${look}: ${message.text()}`));
  if (look === "paper") await page.emulateMedia({ media: "print" });
  await work(page);
  await context.close();
}

async function open(page: Page, path: string): Promise<void> {
  const answer = await page.goto(url + path, { waitUntil: "networkidle" });
  if (!answer?.ok()) console.error(`${path}: ${answer?.status()}`);
}
