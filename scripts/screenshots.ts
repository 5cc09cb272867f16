/** `node scripts/screenshots.ts FOLDER [PAGE…]`: pictures of the pages, light, dark and narrow, over the demo log. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { loadConfig } from "../src/config.ts";
import { runInOneProcess } from "../src/supervisor/one-process.ts";
import { ROLES } from "../src/service.ts";
import { readSettingsOf } from "../src/read-settings.ts";
import { openStore } from "../src/store/store.ts";
import { fillDemoLog } from "./demo-log.ts";

const [folder = "screenshots", ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), "bounced-screenshots-"));
const config = loadConfig({
  BOUNCED_DATA_DIR: dataDir,
  BOUNCED_SECRET: "a-key-for-pictures",
  BOUNCED_DOMAINS: "bounces.example.com",
  BOUNCED_SMTP_PORT: "0",
  BOUNCED_HTTP_PORT: "0",
  BOUNCED_LOG_LEVEL: "error",
});
const store = await openStore(config);
await fillDemoLog(store, readSettingsOf(config), { now: Date.now(), days: 30, copies: 14 });
const service = await runInOneProcess(config, new Set(ROLES), () => undefined);
const url = /http:\/\/[\d.:]+/.exec(service.notes.join("\n"))?.[0] ?? "";
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const [newest] = (await store.search({ severity: ["hard"], provider: ["google"], limit: 1 })).entries;
const PAGES: Readonly<Record<string, string>> = {
  overview: "/",
  log: "/log",
  event: `/log/${newest?.event.id}`,
  suppressions: "/suppressions",
  codes: "/codes?q=550-5.7.26+Unauthenticated+email+from+example.com+is+not+accepted+due+to+domain%27s+DMARC+policy.",
  provider: "/codes/providers/google",
  history: "/suppressions/history",
  unmatched: "/unmatched",
  rule: "/unmatched/rule",
  reclassify: "/unmatched/reclassify",
  queues: "/queues",
  board: "/queues/board",
  setup: "/setup?recipient=ann@example.org",
  reference: "/reference",
};
const LOOKS = [
  { name: "light", colorScheme: "light", viewport: { width: 1380, height: 900 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1380, height: 900 } },
  { name: "narrow", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;
for (const { name, ...look } of LOOKS) {
  const context = await browser.newContext({ ...look, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && console.error(`${name}: ${message.text()}`));
  for (const [title, path] of Object.entries(PAGES)) {
    if (only.length > 0 && !only.includes(title)) continue;
    const answer = await page.goto(url + path, { waitUntil: "networkidle" });
    if (!answer?.ok()) console.error(`${path}: ${answer?.status()}`);
    await page.screenshot({ path: join(folder, `${title}-${name}.png`), fullPage: process.env["FULL"] !== undefined });
  }
  await context.close();
}
await browser.close();
await service.stop();
await store.close();
rmSync(dataDir, { recursive: true });
