/** One suite, both databases: every test gets an empty store of each. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { configFileSchema } from "../../src/config/config-file.ts";
import { openStore, type Store, type StoreConfig } from "../../src/store/store.ts";
import { DIALECTS, type DialectName } from "../../src/store/db/tables.ts";
import { startPostgres, type TestPostgres } from "./postgres.ts";

/** 2026-03-01T12:00:00Z, the day all of these tests happen. */
export const NOW = Date.UTC(2026, 2, 1, 12);
export const DAY = 86_400_000;

export interface Bench {
  readonly dialect: DialectName;
  /** A new database; `file` is bounced.yaml. */
  readonly config: (file?: Record<string, unknown>) => StoreConfig;
  readonly open: (file?: Record<string, unknown>) => Promise<Store>;
  /** The store's clock. */
  readonly clock: { now: number };
}

export function onBoth(suite: (bench: Bench) => void): void {
  for (const dialect of DIALECTS)
    describe(dialect, () => {
      let postgres: TestPostgres | null = null;
      const folders: string[] = [];
      const stores: Store[] = [];
      const clock = { now: NOW };
      beforeAll(() => {
        if (dialect === "postgres") postgres = startPostgres();
      });
      afterAll(async () => {
        await Promise.all(stores.map((store) => store.close()));
        postgres?.stop();
        for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      });
      const config = (file: Record<string, unknown> = {}): StoreConfig => {
        const dataDir = mkdtempSync(join(tmpdir(), "bounced-store-"));
        folders.push(dataDir);
        return {
          dataDir,
          DATABASE_URL: postgres?.createDatabase() ?? "",
          BOUNCED_RETENTION_DAYS: 40,
          file: configFileSchema.parse(file),
        };
      };
      suite({
        dialect,
        clock,
        config,
        async open(file) {
          const store = await openStore(config(file), { now: () => clock.now });
          stores.push(store);
          return store;
        },
      });
    });
}
