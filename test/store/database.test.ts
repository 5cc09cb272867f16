import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { chunks } from "../../src/store/db/chunks.ts";
import { openDatabase, type Database } from "../../src/store/db/database.ts";
import { migrations } from "../../src/store/db/migrations/index.ts";
import { prepareJobs } from "../../src/store/log/record.ts";
import { openStore } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { insertAsOf } from "./insert-as-of.ts";
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

/** As before 0003: the message of `makeEvent()`, and before and after it more of the same instant than it has keys. */
async function insertRawByDigest({ write }: Database): Promise<void> {
  const { sha256, receivedAt } = makeEvent().message;
  const digests = [
    sha256,
    ...Array.from({ length: 4500 }, (_, index) => index.toString(16).padStart(8, "0").padEnd(64, "0")),
  ];
  for (const some of chunks(digests)) {
    const rows = some.map((digest) => {
      const message = deflateSync(digest === sha256 ? "the message" : "another");
      return sql`(${digest}, ${Date.parse(receivedAt ?? "")}, ${message})`;
    });
    await sql`insert into raw_messages (sha256, received_at, raw) values ${sql.join(rows)}`.execute(write);
  }
}

onBoth(({ dialect, config, emptyConfig }) => {
  test("a database of every earlier version is brought forward with what is in it", async () => {
    const forwarded = makeEvent({
      address: "far@elsewhere.example",
      recipient: {
        mailed: "near@example.org",
        address: "far@elsewhere.example",
        original: "near@example.org",
        domain: "elsewhere.example",
      },
    });
    for (const version of Object.keys(migrations(dialect))) {
      const settings = emptyConfig();
      const database = await openDatabase(settings, version);
      const prepared = prepareJobs([jobOf([makeEvent(), forwarded], "the message")], NOW);
      await database.write.transaction().execute((tx) => insertAsOf(version, tx, prepared));
      if (version < "0003") await insertRawByDigest(database);
      await database.close();
      const store = await openStore(settings, { now: () => NOW });
      await store.record([jobOf([makeEvent({ at: NOW })])]);
      expect(await store.count({})).toBe(3);
      for (const [filter, count] of [
        [{ recipient: "ser@examp" }, 2],
        [{ recipient: "elsewhere" }, 1],
        [{ recipient: "near@" }, 1],
        [{ address: ["near@example.org"] }, 1],
        [{ address: ["far@elsewhere.example"] }, 1],
        [{ subject: "ring off", from: "2026-03-01T00:00:00Z", to: "2026-03-02T00:00:00Z" }, 3],
        [{ header: { name: "x-api-data", value: "order-7" } }, 3],
        [{ diagnostic: "user unk" }, 3],
      ] as const)
        expect([filter, await store.count(filter)]).toEqual([filter, count]);
      expect((await store.raw(makeEvent().id))?.toString()).toBe("the message");
      expect(await store.erase("near@example.org")).toMatchObject({ events: 1 });
      expect(await store.count({ recipient: "elsewhere" })).toBe(0);
      const days = await store.completeRollups();
      expect(days).toBe(version >= "0006" ? 0 : 1);
      expect(await store.count({})).toBe(2);
      await store.close();
    }
  }, 240_000);

  test("a database of a newer version is refused, not damaged", async () => {
    const settings = config();
    const database = await openDatabase(settings);
    const row = sql`insert into kysely_migration values (${"9999-from-the-future"}, ${"2030-01-01T00:00:00.000Z"})`;
    await row.execute(database.write);
    await database.close();
    await expect(openStore(settings)).rejects.toThrow(/newer version of bounced/);
  });

  test("programs that start together, and end without closing, share one log", async () => {
    const settings = emptyConfig();
    const env = { BOUNCED_DATA_DIR: settings.dataDir, DATABASE_URL: settings.DATABASE_URL ?? "" };
    const opening = join(settings.dataDir, "open.ts");
    writeFileSync(
      opening,
      `import { loadConfig } from ${JSON.stringify(source("config/config.ts"))};\nimport { openStore } from ${JSON.stringify(source("store/store.ts"))};\nawait openStore(loadConfig(process.env));\nprocess.exit(0);\n`,
    );
    const opened = await Promise.all([run(opening, env), run(opening, env), run(opening, env)]);
    expect(opened).toEqual(Array.from({ length: 3 }, () => ({ code: 0, out: "" })));
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
  }, 240_000);
});
