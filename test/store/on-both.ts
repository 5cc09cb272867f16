/** One suite, both databases: every test gets an empty store of each. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { configFileSchema } from "../../src/config/config-file.ts";
import { openStore, type Store, type StoreConfig } from "../../src/store/store.ts";
import { DIALECTS, type DialectName } from "../../src/store/db/tables.ts";
import { onceInRun } from "../support/run-folder.ts";
import { openDatabase } from "../../src/store/db/database.ts";
import { sharedPostgres, type SharedPostgres } from "./postgres.ts";

/** 2026-03-01T12:00:00Z, the day all of these tests happen. */
export const NOW = Date.UTC(2026, 2, 1, 12);
export const DAY = 86_400_000;

export interface Bench {
  readonly dialect: DialectName;
  /** A new database with the tables of today; `file` is bounced.yaml. */
  readonly config: (file?: Record<string, unknown>) => StoreConfig;
  /** Nothing is there yet. */
  readonly emptyConfig: () => StoreConfig;
  readonly open: (file?: Record<string, unknown>) => Promise<Store>;
  /** The store's clock. */
  readonly clock: { now: number };
}

export function onBoth(suite: (bench: Bench) => void): void {
  for (const dialect of DIALECTS)
    describe(dialect, () => {
      let postgres: SharedPostgres | null = null;
      let migrated = "";
      const folders: string[] = [];
      const stores: Store[] = [];
      const clock = { now: NOW };
      beforeAll(async () => {
        if (dialect === "postgres") postgres = await sharedPostgres();
        else migrated = await migratedFolder();
      });
      afterAll(async () => {
        await Promise.all(stores.map((store) => store.close()));
        postgres?.stop();
        for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      });
      const inNewFolder = (DATABASE_URL: string, file: Record<string, unknown>): StoreConfig => {
        const dataDir = mkdtempSync(join(tmpdir(), "bounced-store-"));
        folders.push(dataDir);
        return { dataDir, DATABASE_URL, BOUNCED_RETENTION_DAYS: 40, file: configFileSchema.parse(file) };
      };
      const config = (file: Record<string, unknown> = {}): StoreConfig => {
        const made = inNewFolder(postgres?.createMigrated() ?? "", file);
        if (dialect === "sqlite") cpSync(migrated, made.dataDir, { recursive: true });
        return made;
      };
      suite({
        dialect,
        clock,
        config,
        emptyConfig: () => inNewFolder(postgres?.createDatabase() ?? "", {}),
        async open(file) {
          const store = await openStore(config(file), { now: () => clock.now });
          stores.push(store);
          return store;
        },
      });
    });
}

/** A data directory with a log in it that nothing was written to. */
export const migratedFolder = (): Promise<string> =>
  onceInRun("sqlite", async (dataDir) => (await openDatabase({ dataDir })).close());
