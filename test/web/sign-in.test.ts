/** Signing in with an identity provider in Chromium, from a link to a page and out again; and the page of people. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { CLIENT, startProvider, type TestProvider } from "../support/oidc-provider.ts";
import { startConsole, type ConsoleService } from "./console-service.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let provider: TestProvider;
let service: ConsoleService;
beforeAll(async () => {
  const httpPort = await freePort();
  const publicUrl = `http://127.0.0.1:${httpPort}`;
  provider = await startProvider(publicUrl);
  provider.accounts.set("ann", {
    name: "Ann Example",
    email: "ann@example.com",
    email_verified: true,
    groups: ["admins"],
  });
  provider.accounts.set("bob", { name: "Bob", email: "bob@example.com", groups: ["readers"] });
  provider.accounts.set("eve", { name: "Eve", email: "eve@example.com", groups: ["others"] });
  const oidc = {
    issuer: provider.issuer,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    name: "Example ID",
    roles: { admins: "admin", readers: "viewer" },
  };
  service = await startConsole({ httpPort, file: { http: { publicUrl }, oidc } });
}, 120_000);
afterAll(async () => {
  await service.stop();
  await provider.stop();
});

async function openPage(): Promise<Page> {
  const context = await service.browser.newContext({ reducedMotion: "reduce" });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}
async function signIn(page: Page, account: string, path = "/"): Promise<void> {
  await page.goto(service.url + path);
  await page.getByRole("link", { name: "Sign in with Example ID" }).click();
  await page.getByLabel("Account").fill(account);
  await page.getByRole("button", { name: "Log in" }).click();
}
/** Light and dark, wide and on a phone. */
async function expectSound(page: Page): Promise<void> {
  await page.evaluate(AXE);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const violations = await page.evaluate<readonly object[]>(
      `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, node: nodes[0].html })))`,
    );
    expect(violations, colorScheme).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), `${width}`).toBeLessThanOrEqual(0);
  }
}

test(
  "from a link to a page over the provider to that page; out again, at the provider too",
  { timeout: 60_000 },
  async () => {
    const page = await openPage();
    const errors: string[] = [];
    page.on(
      "console",
      (message) =>
        message.type() === "error" && message.location().url.startsWith(service.url) && errors.push(message.text()),
    );
    await page.goto(`${service.url}/log?severity=hard`);
    await expectSound(page);
    await signIn(page, "ann", "/log?severity=hard");
    await page.waitForURL(`${service.url}/log?severity=hard`);
    await page.getByRole("heading", { level: 1, name: "Log" }).waitFor();
    expect(errors).toEqual([]);
    await page.getByTitle("ann@example.com, admin").click();
    await page.waitForURL((url) => url.origin === provider.issuer);
    await page.getByRole("button", { name: /yes/i }).click();
    await page.waitForURL(`${service.url}/sign-in`);
    await page.goto(`${service.url}/log`);
    expect(page.url()).toBe(`${service.url}/sign-in?next=%2Flog`);
    await page.context().close();
  },
);

test("without a group: a page that says so, and the way to another account", { timeout: 60_000 }, async () => {
  const page = await openPage();
  await signIn(page, "eve");
  await page.getByRole("heading", { level: 1, name: "No access" }).waitFor();
  expect(await page.locator("main").textContent()).toContain("eve@example.com");
  await expectSound(page);
  await page.getByRole("link", { name: "Use another account" }).click();
  await page.getByLabel("Account").fill("bob");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  expect(await page.getByRole("link", { name: "People" }).count()).toBe(0);
  await page.context().close();
});

test(
  "an admin revokes somebody, whose page asks to sign in, in vain; and lets them in again",
  { timeout: 60_000 },
  async () => {
    const [admin, other] = [await openPage(), await openPage()];
    await signIn(admin, "ann", "/people");
    await signIn(other, "bob");
    await other.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await admin.getByRole("heading", { level: 1, name: "People" }).waitFor();
    await admin.reload();
    await expectSound(admin);
    const row = admin.getByRole("row").filter({ hasText: "bob@example.com" });
    expect(await row.textContent()).toMatch(/viewer.*not verified|not verified.*viewer/s);
    admin.on("dialog", (dialog) => void dialog.accept());
    await row.getByRole("button", { name: "Revoke" }).click();
    await admin.getByText("The access is revoked").waitFor();
    await other.goto(`${service.url}/log`);
    expect(other.url()).toBe(`${service.url}/sign-in?next=%2Flog`);
    // The provider still knows who it is.
    await other.getByRole("link", { name: "Sign in with Example ID" }).click();
    await other.getByText("The access of bob@example.com was revoked").waitFor();
    await admin.getByLabel("Name, address or id").fill("bob");
    await admin.getByRole("button", { name: "Search" }).click();
    await admin.getByRole("button", { name: "Allow again" }).click();
    await admin.getByText("The person may sign in again").waitFor();
    await other.goto(`${service.url}/log`);
    await other.getByRole("link", { name: "Sign in with Example ID" }).click();
    await other.getByRole("heading", { level: 1, name: "Log" }).waitFor();
    const entries = await service.store.audit.search({ limit: 20, action: ["person-change"] });
    expect(entries.map(({ actor, outcome, detail }) => [actor, outcome, detail.split(",")[0]]).slice(0, 2)).toEqual([
      ["person:ann@example.com", "done", "POST /people/restore"],
      ["person:ann@example.com", "done", "POST /people/revoke"],
    ]);
    for (const page of [admin, other]) await page.context().close();
  },
);
