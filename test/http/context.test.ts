import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { classify, emptyRefusal } from "../../src/core/classify/classify.ts";
import { contextOf } from "../../src/http/context-of.ts";
import { openStore } from "../../src/store/store.ts";

test("rules that change while the server runs are taken up; bad ones leave the old in force", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-context-"));
  const path = join(folder, "own.yaml");
  const rule = (reason: string) =>
    `- id: own/parrot\n  when: { any: ["your parrot is not welcome"] }\n  reason: ${reason}\n  because: A rule of this very test.\n  source: test\n  examples:\n    - { text: "550 your parrot is not welcome" }\n`;
  writeFileSync(path, rule("policy"));
  const config = loadConfig({ BOUNCED_DATA_DIR: folder, BOUNCED_RULES: path });
  const store = await openStore(config);
  const { context, close } = contextOf(config, store, null);
  const reasonNow = () =>
    classify({ ...emptyRefusal, text: "550 your parrot is not welcome" }, { rules: context.reading().rules }).reason;
  expect(reasonNow()).toBe("policy");
  writeFileSync(path, rule("mailbox_full"));
  await vi.waitFor(() => expect(reasonNow()).toBe("mailbox_full"), { timeout: 15_000 });
  writeFileSync(path, "- id: [");
  await close();
  expect(reasonNow()).toBe("mailbox_full");
  await store.close();
});
