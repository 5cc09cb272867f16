import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { openStore } from "../../src/store/store.ts";
import { UNALIGNED } from "../store/incidents/seed.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { runHere } from "../support/run-here.ts";

const dataDir = mkdtempSync(join(tmpdir(), "bounced-cli-"));
const run = (...args: string[]) => runHere(args, { BOUNCED_DATA_DIR: dataDir });
const store = () => openStore(loadConfig({ BOUNCED_DATA_DIR: dataDir }));
let id: string;
beforeAll(async () => {
  const open = await store();
  const now = Date.now();
  await open.record([
    jobOf([makeEvent({ address: "first@example.org", at: now - 48 * 3_600_000 })]),
    ...Array.from({ length: 40 }, (_, n) =>
      jobOf([
        makeEvent({
          ...UNALIGNED,
          address: `u${n}@gmail.example`,
          at: now - 20 * 60_000 + n,
          diagnostic: { type: "smtp", text: "550 5.7.26 \u001b[2J\u202e unauthenticated" },
        }),
      ]),
    ),
  ]);
  id = (await open.findIncidents())[0]?.incident.id ?? "";
  await open.close();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test("list, show, close and reopen, with who did it in its history and in the audit log", async () => {
  expect((await run("incidents")).stdout).toMatch(
    /open\s+40\s+i\d+-auth_failed-google\s+Google refuses mail with 5\.7\.26/,
  );
  const { stdout } = await run("incidents", "show", id);
  expect(stdout).toMatch(
    /^Google refuses mail with 5\.7\.26[\s\S]*SPF[\s\S]*40 × 550 5\.7\.26[\s\S]*bounced: opened$/m,
  );
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  expect(stdout).not.toMatch(/[\u001b\u202e]/);
  expect((await run("incidents", "reopen", id)).stderr).toContain("in that state already");
  expect((await run("incidents", "close", id, "--note", "key published")).stdout).toBe(`${id} is cleared.\n`);
  expect((await run("incidents")).stderr).toContain("No open incidents.");
  const [cleared] = (await run("incidents", "--state", "cleared", "--json")).stdout.trim().split("\n");
  expect(JSON.parse(cleared ?? "")).toMatchObject({ id, byHand: true, title: expect.stringContaining("Google") });
  expect((await run("incidents", "reopen", id)).stdout).toBe(`${id} is open.\n`);
  const open = await store();
  const { entries = [] } = (await open.incidents.get(id)) ?? {};
  expect(entries.slice(1)).toMatchObject([
    { kind: "closed", actor: expect.stringMatching(/^cli:/), text: "key published" },
    { kind: "reopened", actor: expect.stringMatching(/^cli:/) },
  ]);
  const acts = await open.audit.search({ limit: 10, action: ["incident-change"] });
  expect(acts.map(({ target, outcome }) => [target, outcome])).toEqual([
    [id, "done"],
    [id, "done"],
    [id, "failed"],
  ]);
  await open.close();
}, 120_000);
