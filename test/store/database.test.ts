import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/store/database.ts";
import { migrations } from "../../src/store/migrations/index.ts";
import { openStore } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { NOW, onBoth } from "./on-both.ts";

const run = (script: string, env: Record<string, string>): Promise<{ code: number | null; out: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { env: { PATH: process.env["PATH"] ?? "", ...env } });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.on("close", (code) => resolve({ code, out }));
  });
const source = (path: string): string => new URL(`../../src/${path}`, import.meta.url).pathname;

onBoth(({ dialect, config }) => {
  test("a database of every earlier version is brought forward with what is in it", async () => {
    for (const version of Object.keys(migrations(dialect))) {
      const settings = config();
      await (await openDatabase(settings, version)).close();
      const store = await openStore(settings, { now: () => NOW });
      await store.record([jobOf([makeEvent()])]);
      await store.close();
      const again = await openStore(settings);
      expect(await again.count({})).toBe(1);
      await again.close();
    }
  });

  test("a database of a newer version is refused, not damaged", async () => {
    const settings = config();
    const database = await openDatabase(settings);
    const row = sql`insert into kysely_migration values (${"9999-from-the-future"}, ${"2030-01-01T00:00:00.000Z"})`;
    await row.execute(database.write);
    await database.close();
    await expect(openStore(settings)).rejects.toThrow(/9999-from-the-future/);
  });

  test("programs that start together, and end without closing, share one log", async () => {
    const settings = config();
    const env = { BOUNCED_DATA_DIR: settings.dataDir, DATABASE_URL: settings.DATABASE_URL };
    const script = join(settings.dataDir, "ask.ts");
    writeFileSync(
      script,
      `import { isSuppressed } from ${JSON.stringify(source("index.ts"))};\nconsole.log(await isSuppressed("USER@example.org"));\n`,
    );
    const started = await Promise.all([run(script, env), run(script, env), run(script, env)]);
    expect(started).toEqual(Array.from({ length: 3 }, () => ({ code: 0, out: "false\n" })));
    const store = await openStore(settings);
    await store.record([jobOf([makeEvent()])]);
    expect(await run(script, env)).toEqual({ code: 0, out: "true\n" });
    await store.close();
  }, 60_000);
});
