/** `npm run docs`: every page is there, every link leads somewhere, and a browser can search it. */
import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { eventOfFixture } from "../../site/landing.ts";
import { PAGES, navigation } from "../../site/pages.ts";
import { findProgram } from "../../src/machine/apt.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 300_000 });
const DIST = "site/dist";
const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
let server: Server;
let browser: Browser;
let url: string;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ["site/build.ts"], { maxBuffer: 2 ** 26 });
  server = createServer(({ url: path = "/" }, response) => {
    const file = join(DIST, decodeURIComponent(path.split("?")[0] ?? ""));
    const found = [file, `${file}.html`, join(file, "index.html")].find(
      (it) => existsSync(it) && statSync(it).isFile(),
    );
    const type = TYPES[extname(found ?? "")] ?? "application/octet-stream";
    response.writeHead(found ? 200 : 404, { "content-type": type }).end(found && readFileSync(found));
  }).listen(0, "127.0.0.1");
  browser = await chromium.launch({ executablePath: findProgram("chromium") ?? "", args: ["--no-sandbox"] });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

test("every page of the docs is on the site and in its navigation", () => {
  expect(PAGES.size).toBeGreaterThan(50);
  for (const path of PAGES.values()) expect(existsSync(join(DIST, path.replace(/\.md$/, ".html"))), path).toBe(true);
  const links = navigation().flatMap(({ items }) => items.map(({ link }) => link));
  expect(new Set(links).size).toBe(links.length);
  const beside = ["/guide.md"];
  expect([...PAGES.values()].map((path) => `/${path}`).filter((path) => !links.includes(path))).toEqual(beside);
});

test("every link of the site leads to a file, and to a heading that is there", () => {
  const idsOf = new Map(
    globSync(`${DIST}/**/*.html`).map((file) => {
      const text = readFileSync(file, "utf8");
      return [file, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id))];
    }),
  );
  const wrong: string[] = [];
  let count = 0;
  for (const file of idsOf.keys())
    for (const [, href = ""] of readFileSync(file, "utf8").matchAll(/<a [^>]*?href="([^"]+)"/g)) {
      if (/^[a-z]+:/.test(href)) continue;
      const [path = "", anchor = ""] = decodeURIComponent(href).split("#");
      const target = path.startsWith("/") ? join(DIST, path) : normalize(join(dirname(file), path));
      const other =
        path === ""
          ? file
          : [target, `${target}.html`, join(target, "index.html")].find(
              (it) => existsSync(it) && statSync(it).isFile(),
            );
      count++;
      if (!other || (anchor !== "" && idsOf.has(other) && !idsOf.get(other)?.has(anchor)))
        wrong.push(`${file}: ${href}`);
    }
  expect(count).toBeGreaterThan(2000);
  expect(wrong).toEqual([]);
});

test("the landing page shows the event of the fixture beside its report", async () => {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  await page.goto(`${url}/`);
  const [mail, event] = await page.locator(".picture pre").allInnerTexts();
  const { status, explanation, severity } = await eventOfFixture();
  expect(mail).toContain(`Status: ${status}`);
  expect(event).toContain(`"severity": "${severity}"`);
  expect(event).toContain(explanation);
  for (const pair of [1, 2, 3, 4, 5]) expect(await page.locator(`.pair-${pair}`).count(), `${pair}`).toBeGreaterThan(1);
  expect(errors).toEqual([]);
  await page.close();
});

test("search finds a page; the theme changes", async () => {
  const page = await browser.newPage({ colorScheme: "light" });
  await page.goto(`${url}/install`);
  const colour = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
  const light = await colour();
  await page.locator(".VPSwitchAppearance").first().click();
  await expect.poll(colour).not.toBe(light);
  await page.locator(".VPNavBarSearchButton, .DocSearch-Button").first().click();
  await page.locator("#localsearch-input").fill("mailbox full");
  await expect.poll(() => page.locator("#localsearch-list a").count()).toBeGreaterThan(2);
  await page.close();
});
