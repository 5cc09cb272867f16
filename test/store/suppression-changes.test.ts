/** Copies of the list: the whole of it and a cursor, then changes in order. */
import { expect, test } from "vitest";
import { CursorGone } from "../../src/store/suppressions/changes.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { onBoth } from "./on-both.ts";

const author = { actor: "test" };

/** Follows to the end. */
async function follow(store: Store, cursor: string, copy: Set<string>, limit = 2): Promise<string> {
  for (;;) {
    const { changes, next, more } = await store.suppressions.changes({ after: cursor, limit });
    for (const { value, after } of changes)
      if (after) copy.add(value);
      else copy.delete(value);
    cursor = next;
    if (!more) return cursor;
  }
}

async function listed(store: Store): Promise<Set<string>> {
  const values = new Set<string>();
  for await (const { value } of store.suppressions.iterate({})) values.add(value);
  return values;
}

onBoth(({ config, clock }) => {
  const open = (base = config()) => openStore({ ...base, BOUNCED_SECRET: ["k".repeat(32)] }, { now: () => clock.now });

  test("a list that was read after its cursor, and the changes after it, is the list", async () => {
    const store = await open();
    await store.suppressions.add([{ value: "a@example.org" }, { value: "dead.example" }], author);
    const cursor = await store.suppressions.cursor();
    const copy = await listed(store);
    await store.record([jobOf([makeEvent({ address: "b@example.org" }), makeEvent({ address: "c@example.org" })])]);
    await store.suppressions.add(
      [{ value: "d@example.org", expiresAt: new Date(clock.now + 1000).toISOString() }],
      author,
    );
    const [removed] = await store.suppressions.remove([{ value: "a@example.org" }], author);
    await store.suppressions.undo(removed?.id ?? 0, author);
    await store.suppressions.remove([{ value: "dead.example" }], author);
    clock.now += 2000;
    await store.suppressions.expire();
    const end = await follow(store, cursor, copy);
    expect(copy).toEqual(new Set(["a@example.org", "b@example.org", "c@example.org"]));
    expect(copy).toEqual(await listed(store));
    expect(await store.suppressions.changes({ after: end })).toEqual({ changes: [], next: end, more: false });
    expect(end).toBe(await store.suppressions.cursor());
    await store.close();
  });

  test("after an erasure no cursor goes on, since no change may name who was erased", async () => {
    const store = await open();
    await store.suppressions.add([{ value: "e@example.org" }], author);
    const cursor = await store.suppressions.cursor();
    await store.erase("nobody@example.org");
    await follow(store, cursor, new Set());
    await store.erase("e@example.org", author);
    await expect(store.suppressions.changes({ after: cursor })).rejects.toThrow(CursorGone);
    const [banned] = await listed(store);
    expect(banned).toMatch(/^hmac:/);
    const fresh = await store.suppressions.cursor();
    await store.suppressions.remove([{ value: "e@example.org" }], author);
    const { changes } = await store.suppressions.changes({ after: fresh });
    expect(changes.map(({ action, value }) => [action, value])).toEqual([["removed", banned]]);
    await store.close();
  });

  test("what is no cursor, or one of another database, is refused", async () => {
    const store = await open();
    const cursor = await store.suppressions.cursor();
    const [epoch] = cursor.split(".");
    await expect(store.suppressions.changes({ after: "17" })).rejects.toThrow("after: not a cursor of this list");
    await expect(store.suppressions.changes({ after: `${epoch}.1000000` })).rejects.toThrow(CursorGone);
    const other = `00000000-0000-4000-8000-000000000000.0`;
    await expect(store.suppressions.changes({ after: other })).rejects.toThrow(CursorGone);
    await store.close();
  });

  test("writers beside each other: who follows misses no change", async () => {
    const base = config();
    const store = await open(base);
    const others = await Promise.all([open(base), open(base), open(base)]);
    let cursor = await store.suppressions.cursor();
    const copy = new Set<string>();
    const writers = { atWork: 3 };
    const writing = Promise.all(
      others.map(async (one, writer) => {
        for (let n = 0; n < 25; n++)
          await one.suppressions.add(
            [{ value: `${writer}-${n}@example.org` }, { value: `${writer}-${n}x@example.org` }],
            author,
          );
        writers.atWork--;
      }),
    );
    while (writers.atWork > 0) cursor = await follow(store, cursor, copy, 7);
    await writing;
    await follow(store, cursor, copy, 1000);
    expect(copy.size).toBe(150);
    await Promise.all([store, ...others].map((one) => one.close()));
  });
});
