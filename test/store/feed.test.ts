import { expect, test } from "vitest";
import { SETTLED_MS } from "../../src/store/log/feed.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

onBoth(({ open, clock }) => {
  test("the feed gives each event once, in the order of recording, and goes on where it ended", async () => {
    const store = await open();
    const record = async (minute: number, ages: readonly number[]) => {
      clock.now = NOW + minute * 60_000;
      const events = ages.map((age) => makeEvent({ address: `u${minute}.${age}@example.org`, at: NOW - age * DAY }));
      await store.record(events.map((event) => jobOf([event])));
      return events.map(({ id }) => id);
    };
    const read = async (after: string, filter = {}) => {
      const entries = [];
      for await (const entry of store.feed(filter, after)) entries.push(entry);
      return entries;
    };
    const first = await record(0, [3, 2, 1]);
    clock.now = NOW + SETTLED_MS;
    expect(await read("")).toEqual([]);
    clock.now += 1;
    const begun = await read("");
    expect(begun.map(({ event }) => event.id)).toEqual(first);
    expect(begun[0]?.recordedAt).toBe(new Date(NOW).toISOString());
    // Older mail that comes later is not missed; more than is read at once.
    const many = Array.from({ length: 450 }, (_, index) => 30 - index / 100);
    const later = await record(5, many);
    clock.now += SETTLED_MS + 1;
    const rest = await read(begun.at(-1)?.position ?? "");
    expect(rest.map(({ event }) => event.id)).toEqual(later);
    expect((await read(begun[1]?.position ?? "")).length).toBe(451);
    expect((await read("", { recipient: "u0.2" })).map(({ event }) => event.id)).toEqual([first[1]]);
    await expect(read("yesterday")).rejects.toThrow(/^after: /);
  });

  test("a download and the feed end with whoever reads them", async () => {
    clock.now = NOW;
    const store = await open();
    await store.record([jobOf(Array.from({ length: 450 }, (_, index) => makeEvent({ at: NOW - index })))]);
    clock.now += SETTLED_MS + 1;
    for (const entries of [
      (signal: AbortSignal) => store.iterate({}, signal),
      (signal: AbortSignal) => store.feed({}, "", signal),
    ]) {
      const left = new AbortController();
      let read = 0;
      const reading = async (): Promise<void> => {
        for await (const _entry of entries(left.signal)) if (++read === 1) left.abort();
      };
      await expect(reading()).rejects.toThrow();
      expect(read).toBeLessThan(450);
    }
  });
});
