/** The pages as people use them, in Chromium, over mail that means harm. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BouncedEvent } from "../../src/core/event.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startConsole, type ConsoleService } from "./console-service.ts";

const HARM = `"><script>document.title="owned"</script><img src=x onerror="document.title='owned'">'\u202Egnp`;
const LONG = "x".repeat(3000);
const now = Date.now();
const odd = makeEvent({
  address: "odd@example.com",
  at: now - 180_000,
  authenticity: "proven",
  evidence: [{ source: "status", rule: "iana/5.1.1", text: null, status: "5.1.1" }],
  diagnostic: { type: "smtp", text: "550 5.1.1 The gnomes of odd@example.com are asleep" },
});
const plain = makeEvent({ address: "ann@example.org", at: now - 60_000, authenticity: "proven" });

/** Every text that can come from a mail, with markup and of a length that breaks layouts. */
const hostile: BouncedEvent = (() => {
  const base = makeEvent({ address: `${HARM}@evil.example`, at: now - 120_000, severity: "block", reason: "policy" });
  const text = `${HARM} ${LONG}`;
  return {
    ...base,
    provider: HARM,
    explanation: text,
    evidence: [{ source: "text_rule", rule: HARM, text: HARM, status: "5.1.1" }],
    recipient: { address: `${HARM}@evil.example`, original: text, domain: HARM },
    diagnostic: { type: HARM, text: `550 ${text}` },
    reportingMta: text,
    remoteMta: text,
    envelopeId: text,
    software: HARM,
    format: HARM,
    original: {
      ...base.original,
      messageId: text,
      from: text,
      to: [text],
      subject: text,
      returnPath: text,
      listId: text,
      feedbackId: text,
      headers: { [HARM]: text },
    },
    returnPath: { address: text, scheme: "plain", recipient: text, tag: text, issuedAt: null },
    message: {
      ...base.message,
      from: text,
      subject: text,
      remoteAddress: HARM,
      envelope: { reversePath: text, forwardPath: text },
    },
    warnings: [{ code: HARM, field: HARM, value: text }],
  };
})();

let service: ConsoleService;
let page: Page;
let errors: string[];
beforeAll(async () => {
  service = await startConsole();
  await service.store.record([
    jobOf([plain], "From: a\r\n\r\nraw text"),
    jobOf([odd]),
    jobOf([hostile], `Subject: ${HARM}\r\n\r\n${HARM}`),
  ]);
  await service.store.suppressions.add([{ value: "list@example.net", note: HARM, reason: HARM }], { actor: HARM });
  ({ page, errors } = await service.openPage());
}, 120_000);
afterAll(() => service.stop());

const open = (path: string) => page.goto(service.url + path, { waitUntil: "networkidle" });
const PAGES = [
  "/",
  "/log",
  `/log/${hostile.id}`,
  `/log/${plain.id}`,
  "/suppressions",
  "/suppressions/history",
  "/suppressions/import",
  "/suppressions/policy?run=1",
  "/codes?q=550+5.1.1+User+unknown",
  "/codes/providers/google",
  "/unmatched",
  "/unmatched/rule",
  "/unmatched/rules",
  "/unmatched/reclassify",
  "/queues",
  "/setup",
  "/reference",
];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe("every page", () => {
  for (const path of PAGES) {
    const name = path.replace(/[0-9a-f]{32}/, path.includes(hostile.id) ? "hostile" : "plain");
    test(`${name}: no foreign script, nobody else asked, a layout that holds, readable for everyone`, async () => {
      errors.length = 0;
      const answer = await open(path);
      expect(answer?.status()).toBe(200);
      expect(errors).toEqual([]);
      expect(await page.title()).toMatch(/ · bounced$/);
      expect(await page.locator("main").count()).toBe(1);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(overflow, `${width} wide`).toBeLessThanOrEqual(0);
      }
      await page.setViewportSize({ width: 1280, height: 800 });
      // The policy of the page lets no script in; the debugger's evaluation is not bound by it.
      await page.evaluate(AXE);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const violations = await page.evaluate<{ impact: string }[]>(
          `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, node: nodes[0].html.slice(0, 200) + " " + nodes[0].failureSummary.slice(0, 300) })))`,
        );
        expect(
          violations.filter(({ impact }) => impact === "serious" || impact === "critical"),
          colorScheme,
        ).toEqual([]);
      }
      await page.emulateMedia({ colorScheme: "light" });
    });
  }

  test("loads fast: under 200 KB in all", async () => {
    const { page: fresh } = await service.openPage();
    let octets = 0;
    fresh.on("response", (response) => {
      void response.body().then(
        (body) => (octets += body.length),
        () => undefined,
      );
    });
    await fresh.goto(`${service.url}/log`, { waitUntil: "networkidle" });
    expect(octets).toBeGreaterThan(10_000);
    expect(octets).toBeLessThan(200_000);
    await fresh.context().close();
  });
});

describe("tasks", () => {
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
    expect(await dialog.getByText("raw text").count()).toBe(1);
    expect(page.url()).toContain(`/log/${plain.id}`);
    await page.keyboard.press("Escape");
    await page.waitForURL(/recipient=ann/);
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  test("a wrong day is named, and what was typed is kept", async () => {
    await open("/log?from=yesterday&recipient=ann");
    expect(await page.getByRole("alert").textContent()).toContain("YYYY-MM-DD");
    expect(await page.getByLabel("From day", { exact: true }).inputValue()).toBe("yesterday");
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
    await page.getByRole("button", { name: "Take it off the list" }).click();
    await page.getByText("Taken off the list.").waitFor();
    expect((await service.store.suppressions.check(["ann@example.org"]))[0]?.suppressed).toBe(false);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Put back as it was.").waitFor();
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
    await page.getByLabel("Columns of").selectOption("sendgrid");
    await page
      .getByLabel("Or its text")
      .fill("email,created,reason,status\nnew@example.com,1700000000,x,5.1.1\nbroken,1,x,y\n");
    await page.getByRole("button", { name: "Look at it first" }).click();
    await page.getByText("2 lines: 1 can be added, 1 cannot").waitFor();
    await page.getByRole("button", { name: "Add 1" }).click();
    await page.getByText("added or changed").waitFor();
    expect((await service.store.suppressions.check(["new@example.com"]))[0]?.suppressed).toBe(true);
  });

  test("a pasted rejection is explained as one types, in another language too", async () => {
    await open("/codes");
    await page.getByLabel("Code or rejection text").pressSequentially("552 5.2.2 Mailbox full");
    await page.locator("#answer").getByText("Soft bounce").waitFor();
    await page.getByLabel("Answer in").selectOption("de");
    await page.locator('#answer [lang="de"]').waitFor();
  });

  test("a rule is tried on the past as one types, saved, and the log read again with it", async () => {
    await open(`/log/${odd.id}`);
    await page.getByRole("link", { name: "Write a rule" }).click();
    const editor = page.getByLabel("Rule, in YAML");
    expect(await editor.inputValue()).toContain("are asleep");
    const rule = (phrase: string, example = phrase) =>
      `- id: own/unknown\n  when: { any: ["${phrase}"] }\n  reason: mailbox_full\n  because: A trial of the trial itself.\n  source: test\n  examples:\n    - { text: "550 ${example}" }\n`;
    await editor.fill(rule("are asleep"));
    await page.getByText("Decides 1 of 3 refusals").waitFor();
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
    await page.getByRole("button", { name: "See what would change" }).click();
    await page.getByText("Nothing is written yet").waitFor();
    expect(await page.locator("#result").textContent()).toContain("0 newly a hard bounce, 1 not any more");
    await page.getByRole("button", { name: "Replace 1 verdict" }).click();
    await page.getByText("1 verdict replaced, 1 change of the suppression list").waitFor();
    await page.locator("#result").getByRole("link", { name: "odd@example.com" }).click();
    await page.getByText("Earlier verdicts").waitFor();
    expect(await page.locator("main").textContent()).toContain("Not suppressed");

    await open("/unmatched/rules");
    await page.getByRole("link", { name: "Edit own/unknown", exact: true }).click();
    expect(await editor.inputValue()).toContain("mailbox_full");
    await open("/unmatched/rules");
    await page.getByRole("button", { name: "Remove own/unknown" }).click();
    await page.getByText("Removed: own/unknown.").waitFor();
    expect(await page.getByRole("link", { name: /Edit own.unknown as of/ }).count()).toBe(2);
  });

  test("the test bounce goes through the listener and is seen arriving", async () => {
    await open("/setup");
    await page.getByRole("button", { name: "Send it" }).click();
    await page.getByText("The listener took it for").waitFor();
    await page.getByText("It is in the log: ").waitFor({ timeout: 45_000 });
    expect(await page.locator("#test-state").textContent()).toContain("Authenticity: proven");
    await page.getByRole("link", { name: "Look at the event" }).click();
    await page.getByRole("heading", { name: "nobody@example.org" }).waitFor();
  }, 90_000);

  test("bull-board shows the queues behind the same sign-in", async () => {
    errors.length = 0;
    await open("/queues/board");
    await page.getByText("bounce-hard").first().waitFor();
    expect(errors).toEqual([]);
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
});

describe("sessions", () => {
  test("a viewer sees no buttons that would be refused, and is refused", async () => {
    const { page: own } = await service.openPage();
    await own.getByRole("button", { name: "Sign out" }).click();
    await own.getByLabel("API token or admin password").fill(service.viewerToken);
    await own.getByRole("button", { name: "Sign in" }).click();
    await own.goto(`${service.url}/suppressions`);
    expect(await own.getByRole("button", { name: "Add", exact: true }).count()).toBe(0);
    expect(await own.getByRole("link", { name: "Queues" }).count()).toBe(0);
    expect((await own.goto(`${service.url}/queues/board`))?.status()).toBe(403);
    await own.context().close();
  });

  test("signing out ends it; a wrong password is told, the way back is kept", async () => {
    const { page: own } = await service.openPage();
    await own.getByRole("button", { name: "Sign out" }).click();
    await own.goto(`${service.url}/log?severity=hard`);
    expect(own.url()).toBe(`${service.url}/sign-in?next=%2Flog%3Fseverity%3Dhard`);
    await own.getByLabel("API token or admin password").fill("wrong");
    await own.getByRole("button", { name: "Sign in" }).click();
    expect(await own.getByRole("alert").textContent()).toContain("no valid token");
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
