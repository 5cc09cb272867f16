/** What doctor says of lists at sending providers: from a log that it opens to read only, on both databases. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import type { CheckContext, Finding } from "../../src/doctor/check.ts";
import { checkSync } from "../../src/doctor/sync.ts";
import { openDatabase } from "../../src/store/db/database.ts";
import { openStore, type StoreConfig } from "../../src/store/store.ts";
import { syncName } from "../../src/sync/settings.ts";
import { NOW, onBoth } from "../store/on-both.ts";

const target = { provider: "sendgrid" } as Config["file"]["sync"][number];
const findings = (config: StoreConfig): Promise<readonly Finding[]> =>
  checkSync({ config: { ...config, file: { ...config.file, sync: [target] } } as Config, now: NOW } as CheckContext);

onBoth(({ dialect, config, emptyConfig, clock }) => {
  test("a log that is not there is not made, and one of an older version is not migrated", async () => {
    const fresh = emptyConfig();
    expect(await findings(fresh)).toEqual([]);
    if (dialect === "sqlite") expect(existsSync(join(fresh.dataDir, "log.sqlite"))).toBe(false);
    const old = await openDatabase(fresh, "0010-by-day");
    expect(await findings(fresh)).toEqual([]);
    expect((await old.read.introspection.getTables()).some(({ name }) => name === "saved_views")).toBe(false);
    await old.close();
  });

  test("never compared, then a change that the provider refuses", async () => {
    const present = config();
    const store = await openStore(present, { now: () => clock.now });
    const name = syncName(target);
    await store.sync.begin(name, "");
    expect(await findings(present)).toMatchObject([
      { id: `sync ${name}`, state: "warn", found: expect.stringContaining("never compared") },
    ]);
    await store.sync.note(name, { error: "401: the key was revoked" });
    expect(await findings(present)).toMatchObject([
      { state: "fail", found: expect.stringContaining("the key was revoked") },
    ]);
    await store.close();
  });
});
