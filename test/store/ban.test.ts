/** An erased address that stays suppressed: known by a digest, named nowhere. */
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { isBan } from "../../src/erasure/ban.ts";
import { listCsvOf, readListCsv } from "../../src/store/suppressions/csv.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const ADDRESS = "gone.person@example.org";
const KEY = "0123456789abcdef0123456789abcdef";
const author = { actor: "test" };

onBoth(({ config, clock }) => {
  const openWith = (keys: readonly string[], base = config()) =>
    openStore({ ...base, BOUNCED_SECRET: [...keys] }, { now: () => clock.now });
  const isListed = async (store: Store, address = ADDRESS): Promise<boolean | undefined> =>
    (await store.suppressions.check([address]))[0]?.suppressed;

  test("an erased address stays suppressed by a digest, until somebody lifts it", async () => {
    const store = await openWith([KEY]);
    await store.record([jobOf([makeEvent({ address: ADDRESS })])]);
    expect(await isListed(store)).toBe(true);
    await store.erase(ADDRESS, author);
    const [check, other] = await store.suppressions.check(["Gone.Person@EXAMPLE.org", "somebody@example.org"]);
    expect(check).toMatchObject({ suppressed: true, entry: { scope: "hash", cause: "erased", actor: "test" } });
    expect(other).toMatchObject({ suppressed: false, entry: null });
    const { entries } = await store.suppressions.list({});
    expect(entries.map(({ value }) => isBan(value))).toEqual([true]);
    const history = await store.suppressions.history({ value: ADDRESS });
    expect(history.map(({ action }) => action)).toEqual(["added"]);
    expect(JSON.stringify([entries, history])).not.toContain("gone");
    expect(await store.suppressions.find(ADDRESS)).toEqual(entries);
    // A late report does not bring the address back onto the list.
    await store.record([jobOf([makeEvent({ address: ADDRESS, at: NOW - DAY })])]);
    expect((await store.suppressions.list({})).entries).toEqual(entries);
    // Erased once more, with or without, the first one stays.
    await store.erase(ADDRESS, author);
    await store.erase(ADDRESS);
    expect((await store.suppressions.list({})).entries).toEqual(entries);
    const [removed] = await store.suppressions.remove([{ value: ADDRESS }], author);
    expect(removed).toMatchObject({ action: "removed", scope: "hash" });
    expect(await isListed(store)).toBe(false);
    await store.suppressions.undo(removed?.id ?? 0, author);
    expect(await isListed(store)).toBe(true);
    await store.suppressions.remove([{ value: entries[0]?.value ?? "" }], author);
    expect(await isListed(store)).toBe(false);
    await store.close();
  });

  test("an export holds the digest, and an import of it bans the address again", async () => {
    const store = await openWith([KEY]);
    await store.erase(ADDRESS, author);
    const csv = await text(listCsvOf(store.suppressions.iterate({}), "bounced"));
    expect(csv).toMatch(/^hmac:[0-9a-f]{8}:[0-9a-f]{64},hash,,erased,/m);
    expect(await text(listCsvOf(store.suppressions.iterate({}), "sendgrid"))).not.toContain("hmac");
    await store.suppressions.remove([{ value: ADDRESS }], author);
    for await (const { entry } of readListCsv(Readable.from([csv]), "bounced"))
      if (entry) await store.suppressions.add([entry], author);
    expect(await isListed(store)).toBe(true);
    await store.close();
  });

  test("a ban lasts while its key is kept, and needs one to be made", async () => {
    const base = config();
    const first = await openWith([KEY], base);
    await first.erase(ADDRESS, author);
    await first.close();
    const rotated = await openWith(["a newer key, of thirty characters", KEY], base);
    expect(await isListed(rotated)).toBe(true);
    await rotated.close();
    const without = await openWith([], base);
    await expect(isListed(without)).rejects.toThrow("give this program BOUNCED_SECRET");
    await expect(without.erase("other@example.org", author)).rejects.toThrow("there is no key");
    await without.close();
  });

  test("a thousand addresses at once beside bans, each with its own answer", async () => {
    const store = await openWith(["a newer key, of thirty characters", KEY]);
    await store.erase("user7@example.org", author);
    await store.suppressions.add([{ value: "user8@example.org" }, { value: "dead.example" }], author);
    const asked = Array.from({ length: 998 }, (_, n) => `user${n}@example.org`);
    const checks = await store.suppressions.check([...asked, "anybody@dead.example"]);
    const found = checks.filter(({ suppressed }) => suppressed);
    expect(found.map(({ address, entry }) => [address, entry?.scope])).toEqual([
      ["user7@example.org", "hash"],
      ["user8@example.org", "address"],
      ["anybody@dead.example", "domain"],
    ]);
    await store.close();
  });
});
