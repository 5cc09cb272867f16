import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { mayName } from "../../src/store/log/address-marks.ts";
import { openDatabase } from "../../src/store/db/database.ts";
import { openStore } from "../../src/store/store.ts";
import { partsWithin } from "../../src/store/units/parts.ts";
import { jobOf, makeEvent, type EventChanges } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const messageOf = (index: number) => {
  const sha256 = createHash("sha256").update(String(index)).digest("hex");
  return { ...makeEvent().message, sha256 };
};

onBoth((bench) => {
  const { open } = bench;
  test("events and messages go when their time is over, each kind at its own", async () => {
    const store = await open({ log: { retentionDays: { delivery: 7 }, rawDays: 20 } });
    const delivery = { kind: "delivery", severity: "info", reason: "delivered", action: "delivered" } as const;
    const kept = makeEvent({ at: NOW - 39 * DAY });
    const keptWithRaw = makeEvent({ at: NOW - 6 * DAY, ...delivery });
    await store.record([
      jobOf(
        Array.from({ length: 1201 }, (_, index) => makeEvent({ address: `u${index}@example.org`, at: NOW - 41 * DAY })),
        "old",
      ),
      jobOf([kept], "old"),
      jobOf([makeEvent({ at: NOW - 8 * DAY, ...delivery })], "old"),
      jobOf([keptWithRaw], "young"),
    ]);
    expect(await store.retain()).toEqual({ events: 1202, rawMessages: 3 });
    expect(await store.retain()).toEqual({ events: 0, rawMessages: 0 });
    expect(await store.count({})).toBe(2);
    expect(await store.count({ recipient: "u12" })).toBe(0);
    expect(await store.get(kept.id)).toMatchObject({ hasRaw: false });
    expect((await store.raw(keptWithRaw.id))?.toString()).toBe("young");
  });

  test("a message stays as long as one of its events", async () => {
    const store = await open({ log: { retentionDays: { delivery: 0 } } });
    const bounce = makeEvent({ at: NOW - DAY });
    const sibling = makeEvent({ address: "b@example.org", at: NOW - DAY, kind: "delivery", message: bounce.message });
    await store.record([jobOf([bounce, sibling], "both")]);
    expect(await store.retain()).toEqual({ events: 1, rawMessages: 0 });
    expect((await store.raw(bounce.id))?.toString()).toBe("both");
  });

  test("more messages of one instant than it has keys: each is kept, once, and found by its events", async () => {
    const store = await open();
    const events = Array.from({ length: 2500 }, (_, index) => makeEvent({ message: messageOf(index) }));
    const jobs = events.map((event, index) => jobOf([event], `message ${index}`));
    await store.record([...jobs, ...jobs.slice(0, 10)]);
    await store.record(jobs.slice(0, 10));
    expect((await store.size()).rows["raw_messages"]).toBe(2500);
    for (const index of [0, 1250, 2499])
      expect((await store.raw(events[index]?.id ?? ""))?.toString()).toBe(`message ${index}`);
  });

  test("an erased address is nowhere any more, and other people's events stay", async () => {
    const store = await open();
    const gone = makeEvent({ address: "Gone.Person@example.org" });
    const sibling = makeEvent({ address: "stays@example.org", message: gone.message });
    const naming = makeEvent({
      address: "other@example.org",
      at: NOW - DAY,
      diagnostic: { type: "smtp", text: "550 5.7.1 <GONE.person@example.org>: Sender refused" },
      original: {
        ...makeEvent().original,
        to: ["gone.person@example.org", "x@example.org"],
        from: "Gone <gone.person@example.org>",
      },
    });
    const innocent = makeEvent({ address: "gone.persona@example.org", at: NOW - DAY });
    await store.record([
      jobOf([gone, { ...sibling, original: { ...sibling.original, to: ["gone.person@example.org"] } }], "raw"),
      jobOf([naming], "raw"),
      jobOf([innocent], "raw"),
    ]);
    await store.suppressions.add([{ value: "gone.person@example.org" }], { actor: "ada" });
    expect(await store.erase("gone.person@EXAMPLE.org")).toEqual({
      events: 1,
      masked: 2,
      rawMessages: 2,
      suppressions: 1,
      changes: 2,
      notes: 0,
    });
    expect(await store.count({})).toBe(3);
    for await (const entry of store.iterate({}))
      expect(JSON.stringify(entry).toLowerCase()).not.toContain("gone.person@");
    expect((await store.get(naming.id))?.event.diagnostic?.text).toBe(
      "550 5.7.1 <erased@erased.invalid>: Sender refused",
    );
    expect(await store.count({ diagnostic: "gone.person" })).toBe(0);
    expect(await store.count({ diagnostic: "erased@erased.invalid" })).toBe(1);
    expect(await store.get(innocent.id)).toMatchObject({ hasRaw: true });
    expect(await store.suppressions.history({ value: "gone.person@example.org" })).toEqual([]);
    expect(await store.erase("gone.person@example.org")).toMatchObject({ events: 0, masked: 0 });
    await expect(store.erase("example.org")).rejects.toThrow(/^address: /);
  });

  const BOB = "bob@example.org";
  const base = makeEvent();
  const nowhere = { mailed: null, address: null, original: null, domain: null } as const;
  const fields: readonly [string, EventChanges, string, { events: number; masked: number }][] = [
    [
      "who wrote a message that names nobody",
      { recipient: { ...base.recipient, ...nowhere }, message: { ...base.message, from: `Bob <${BOB}>` } },
      "raw",
      { events: 1, masked: 0 },
    ],
    [
      "the original's To",
      { original: { ...base.original, to: ["alice@example.org", BOB] } },
      "raw",
      { events: 0, masked: 1 },
    ],
    [
      "a sender in the envelope",
      { message: { ...base.message, envelope: { ...base.message.envelope, reversePath: BOB } } },
      "raw",
      { events: 0, masked: 1 },
    ],
    [
      "a return path",
      {
        message: {
          ...base.message,
          envelope: { ...base.message.envelope, forwardPath: "b+bob=example.org@bounces.example.com" },
        },
      },
      "raw",
      { events: 0, masked: 1 },
    ],
    ["words for people", {}, `Hello,\nthe mailbox of <mailto:${BOB}> is full.\n`, { events: 0, masked: 0 }],
    [
      "words in quoted-printable",
      {},
      "Content-Transfer-Encoding: quoted-printable\n\nb=6Fb@exam=\nple.org",
      { events: 0, masked: 0 },
    ],
    [
      "words in base64",
      {},
      Buffer.from(`Good morning, this is the system, ${BOB} has moved away.`).toString("base64"),
      { events: 0, masked: 0 },
    ],
    [
      "a warning",
      { warnings: [{ code: "bad-field", field: "Final-Recipient", value: `rfc822; ${BOB} (gone)` }] },
      "raw",
      { events: 0, masked: 1 },
    ],
  ];
  test.each(fields)("an address is found in %s", async (_where, changes, raw, { events, masked }) => {
    const store = await open();
    const made = makeEvent({ address: "alice@example.org" });
    const event = {
      ...made,
      ...changes,
      message: { ...made.message, ...changes.message, sha256: made.message.sha256 },
    };
    const other = makeEvent({ address: "carol@example.org", at: NOW - DAY });
    await store.record([jobOf([event], raw), jobOf([other], "about nob@example.org and bob@example.org.uk")]);
    expect(await store.erase(BOB)).toMatchObject({ events, masked, rawMessages: 1 });
    for await (const entry of store.iterate({}))
      expect(JSON.stringify(entry).replaceAll("nob@", "").toLowerCase()).not.toMatch(/bob[@=]example\.org\b/);
    expect(await store.raw(other.id)).not.toBeNull();
    if (events === 0) expect(await store.raw(event.id)).toBeNull();
    expect(await store.erase(BOB)).toMatchObject({ events: 0, masked: 0, rawMessages: 0 });
  });

  test("once the messages were read, only what names the address is looked at", async () => {
    const settings = bench.config();
    const store = await openStore(settings, { now: () => NOW });
    const events = [0, 1, 2, 3].map((index) => makeEvent({ address: `user${index}@example.org`, at: NOW - index }));
    await store.record(events.map((event, index) => jobOf([event], index === 2 ? `see ${BOB}` : "nothing")));
    await store.tidy(() => true);
    const database = await openDatabase(settings);
    const marked = await database.write
      .selectFrom("event_addresses")
      .select("key")
      .where(mayName(bench.dialect, BOB))
      .execute();
    await database.close();
    expect(marked).toHaveLength(1);
    expect(await store.erase(BOB)).toMatchObject({ rawMessages: 1 });
    await store.close();
  });

  test("notes about others, and their history, do not keep an address", async () => {
    const store = await open();
    await store.suppressions.add([{ value: "alice@example.org", note: `see also ${BOB}` }], { actor: "ada" });
    expect(await store.erase(BOB)).toMatchObject({ suppressions: 0, notes: 3 });
    const text = JSON.stringify(await store.suppressions.history({ value: "alice@example.org" }));
    expect(text).toContain("see also erased@erased.invalid");
    expect(text).not.toContain(BOB);
  });

  test("events of before addresses were marked are found too", async () => {
    const settings = bench.config();
    const store = await openStore(settings, { now: () => NOW });
    const event = makeEvent({ address: "alice@example.org", original: { ...base.original, to: [BOB] } });
    await store.record([jobOf([event], "raw")]);
    const database = await openDatabase(settings);
    for (const part of await partsWithin(database.write, { from: null, to: null }))
      await part.deleteFrom("event_addresses").execute();
    await database.close();
    expect(await store.erase(BOB)).toMatchObject({ masked: 1, rawMessages: 1 });
    await store.close();
  });

  test("the files hold nothing of it any more", async () => {
    if (bench.dialect !== "sqlite") return;
    const settings = bench.config();
    const store = await openStore(settings, { now: () => NOW });
    const mark = "zqxjkwvb";
    const events = Array.from({ length: 300 }, (_, index) =>
      makeEvent({ address: index % 3 === 0 ? `${mark}@example.org` : `user${index}@example.org`, at: NOW - index }),
    );
    await store.record(events.map((event) => jobOf([event], "raw")));
    const files = () =>
      ["log.sqlite", "log.sqlite-wal"]
        .map((name) => join(settings.dataDir, name))
        .filter((path) => existsSync(path))
        .map((path) => readFileSync(path, "latin1"))
        .join("");
    expect(files()).toContain(mark);
    expect(await store.erase(`${mark}@example.org`)).toMatchObject({ events: 100 });
    expect(files()).not.toContain(mark);
    await store.close();
    const database = new DatabaseSync(join(settings.dataDir, "log.sqlite"));
    const tables = database.prepare("select name from sqlite_schema where sql like 'create virtual%'").all();
    expect(tables.length).toBeGreaterThan(2);
    for (const { name: table } of tables as { name: string }[]) {
      database.exec(`create virtual table temp.${table}_terms using fts5vocab('main', '${table}', 'row')`);
      const { found } = database
        .prepare(`select count(*) as found from temp.${table}_terms where term in ('zqx', 'xjk', 'kwv')`)
        .get() as { found: number };
      expect(found).toBe(0);
    }
    database.close();
  });
});
