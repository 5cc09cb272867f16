import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { policyOf } from "../src/machine/apt.ts";

test("a policy that a killed installation left behind says yes again and removes itself", () => {
  const policy = join(mkdtempSync(join(tmpdir(), "bounced-policy-")), "policy-rc.d");
  writeFileSync(policy, policyOf(process.pid), { mode: 0o755 });
  expect(spawnSync(policy, ["redis-server", "start"]).status).toBe(101);
  expect(existsSync(policy)).toBe(true);
  const { pid } = spawnSync("true");
  writeFileSync(policy, policyOf(pid), { mode: 0o755 });
  expect(spawnSync(policy, ["redis-server", "start"]).status).toBe(0);
  expect(existsSync(policy)).toBe(false);
});
