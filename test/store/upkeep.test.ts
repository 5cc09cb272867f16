import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { jobOf, makeEvent } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const messageOf = (index: number) => {
  const sha256 = createHash("sha256").update(String(index)).digest("hex");
  return { ...makeEvent().message, sha256 };
};

onBoth(({ open }) => {
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
});
