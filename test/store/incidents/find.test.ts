import { afterEach, expect, test } from "vitest";
import { DAY, NOW, onBoth } from "../on-both.ts";
import { background, fill, filled, HOUR, mailFrom, pathTagged, spread, UNALIGNED } from "./seed.ts";

onBoth((bench) => {
  const { clock } = bench;
  afterEach(() => void (clock.now = NOW));
  const flood = (changes = {}) =>
    spread(1000, NOW - HOUR + 10 * 60_000, HOUR - 20 * 60_000, { ...UNALIGNED, ...changes });

  test("an ordinary day opens none", async () => {
    const store = await filled(bench, background());
    expect(await store.findIncidents()).toEqual([]);
    expect(await store.incidents.list({})).toEqual({ incidents: [], next: null });
  });

  test("a thousand refusals of one mailing are one incident, with its scope, its numbers and its words", async () => {
    const store = await filled(bench, [...background(), ...flood()]);
    await store.suppressions.add([{ value: `u7-${NOW - HOUR + 10 * 60_000}@gmail.example` }], { actor: "test" });
    const changes = await store.findIncidents();
    expect(changes.map(({ kind }) => kind)).toEqual(["opened"]);
    const { incidents } = await store.incidents.list({});
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({
      state: "open",
      reason: "auth_failed",
      fault: "sender",
      severity: "block",
      provider: "google",
      startedAt: "2026-03-01T11:10:00.000Z",
      openedAt: "2026-03-01T12:00:00.000Z",
      clearedAt: null,
      count: 1001,
      proven: 1001,
      delayed: 0,
      expectedPerHour: 1,
      rate: null,
      recipients: { count: 1001, suppressed: 1, atLeast: false },
      status: "5.7.26",
      rule: "google/unauthenticated",
      quietAt: ["yahoo"],
    });
    const [incident] = incidents;
    const only = incident?.scope.filter(({ extent }) => extent === "only");
    expect(only?.map(({ dimension, value }) => `${dimension} ${value}`)).toEqual([
      "tag spring",
      "sender news@sender.example",
    ]);
    expect(only?.[0]).toMatchObject({ share: 0.999, shareOfMail: 0 });
    expect(incident?.texts).toEqual([
      { text: "550-5.7.26 Unauthenticated email from <host> is not accepted, ref <number>", count: 251 },
    ]);
    expect(incident?.hours.at(-1)).toEqual({
      at: "2026-03-01T11:00:00.000Z",
      count: 1001,
      proven: 1001,
      delayed: 0,
    });
    // Found once, however often it is looked for.
    expect(await store.findIncidents()).toEqual([]);
    const detail = await store.incidents.get(incident?.id ?? "");
    expect(detail?.entries.map(({ kind, actor }) => `${kind} ${actor}`)).toEqual(["opened bounced"]);
  });

  test("it goes on while failures come, clears after quiet, and is the same one if it is back within a day", async () => {
    const store = await filled(bench, [...background(NOW + 2 * DAY), ...flood()]);
    await store.findIncidents();
    clock.now = NOW + HOUR;
    await fill(store, spread(40, NOW, HOUR / 2, UNALIGNED));
    expect(await store.findIncidents()).toEqual([]);
    const [going] = await store.incidents.open();
    expect(going).toMatchObject({ count: 1043, updatedAt: "2026-03-01T13:00:00.000Z" });
    // The usual one an hour does not keep it open, and an hour of quiet does not clear it.
    clock.now = NOW + 2.25 * HOUR;
    expect(await store.findIncidents()).toEqual([]);
    clock.now = NOW + 3.25 * HOUR;
    expect((await store.findIncidents()).map(({ kind }) => kind)).toEqual(["cleared"]);
    expect(await store.incidents.open()).toEqual([]);
    clock.now = NOW + 10 * HOUR;
    await fill(store, spread(60, NOW + 9.5 * HOUR, HOUR / 4, UNALIGNED));
    const [again] = await store.findIncidents();
    expect(again).toMatchObject({ kind: "reopened", incident: { id: going?.id, state: "open", clearedAt: null } });
    clock.now = NOW + 20 * HOUR;
    await store.findIncidents();
    const detail = await store.incidents.get(going?.id ?? "");
    expect(detail?.state).toBe("cleared");
    expect(detail?.entries.map(({ kind, text }) => `${kind} ${text}`.trim())).toEqual([
      "opened",
      "cleared quiet",
      "reopened",
      "cleared quiet",
    ]);
    // A day later it is another one.
    clock.now = NOW + 46 * HOUR;
    await fill(store, spread(400, NOW + 45.5 * HOUR, HOUR / 4, UNALIGNED));
    const [next] = await store.findIncidents();
    expect(next?.kind).toBe("opened");
    expect(next?.incident.id).not.toBe(going?.id);
    expect((await store.incidents.list({ state: "cleared" })).incidents.map(({ id }) => id)).toEqual([going?.id]);
  });

  test("what strangers write opens none, whatever they write", async () => {
    const store = await filled(bench, [
      ...background(),
      ...flood({ authenticity: "forged", proof: null }),
      ...spread(1000, NOW - HOUR / 2, HOUR / 4, { ...UNALIGNED, authenticity: "unproven", proof: null }, "u.example"),
    ]);
    expect(await store.findIncidents()).toEqual([]);
  });

  test("who holds one return path opens none, says not what one is about, and keeps none open", async () => {
    const evil = {
      address: "eve@evil.example",
      original: mailFrom("ceo@sender.example"),
      returnPath: pathTagged("eve"),
      diagnostic: { type: "smtp", text: "550 5.7.26 send your keys to evil" },
    } as const;
    const alone = await filled(bench, [...background(), ...flood(evil)]);
    expect(await alone.findIncidents()).toEqual([]);
    const store = await filled(bench, [
      ...background(),
      ...flood().slice(0, 200),
      ...spread(3000, NOW - 5 * 60_000, 4 * 60_000, { ...UNALIGNED, ...evil }),
    ]);
    const [opened] = await store.findIncidents();
    expect(opened?.incident).toMatchObject({ recipients: { count: 202 } });
    expect(opened?.incident.scope.find(({ dimension }) => dimension === "sender")).toMatchObject({
      value: "news@sender.example",
      extent: "only",
    });
    expect(opened?.incident.texts[0]?.text).toContain("Unauthenticated email");
    for (const hours of [1, 2, 3, 4]) {
      await fill(store, spread(200, NOW + (hours - 1) * HOUR, HOUR, { ...UNALIGNED, ...evil }));
      clock.now = NOW + hours * HOUR;
      await store.findIncidents();
    }
    expect(await store.incidents.open()).toEqual([]);
  });

  test("what a person cleared is opened again neither by the same failures nor within a day, and reopens only for a month", async () => {
    const store = await filled(bench, [...background(NOW + 2 * DAY), ...flood()], { alerts: { baselineDays: 1 } });
    const [opened] = await store.findIncidents();
    const id = opened?.incident.id ?? "";
    const by = { actor: "token:ann", text: "" };
    expect(await store.incidents.close(id, by)).toBe("done");
    for (const hours of [0, 1, 5, 23]) {
      clock.now = NOW + hours * HOUR;
      await fill(store, spread(100, clock.now - 60_000, 30_000, UNALIGNED));
      expect(await store.findIncidents()).toEqual([]);
    }
    clock.now = NOW + 25 * HOUR;
    await fill(store, spread(1000, clock.now - 60_000, 30_000, UNALIGNED));
    const [next] = await store.findIncidents();
    expect(next?.kind).toBe("opened");
    expect(await store.incidents.reopen(id, by)).toBe("taken");
    clock.now = NOW + 32 * DAY;
    await store.findIncidents();
    expect(await store.incidents.reopen(id, by)).toBe("old");
    await expect(store.incidents.close(id, { actor: "a", text: "x".repeat(2001) })).rejects.toThrow("2000");
    expect(await store.incidents.close("i1-none-none", by)).toBeNull();
  });

  test("a clock that was ahead does not keep one open until then", async () => {
    clock.now = NOW + 3000 * DAY;
    const store = await filled(bench, [
      ...background(),
      ...spread(30, NOW + 2998 * DAY, HOUR, { provider: "google" }),
      ...spread(200, clock.now - HOUR / 2, HOUR / 4, UNALIGNED),
    ]);
    expect((await store.findIncidents()).map(({ kind }) => kind)).toEqual(["opened"]);
    clock.now = NOW;
    expect(await store.findIncidents()).toEqual([]);
    clock.now = NOW + 3 * HOUR;
    expect((await store.findIncidents()).map(({ kind }) => kind)).toEqual(["cleared"]);
  });

  test("one mailing to a bad list is no incident", async () => {
    const store = await filled(bench, [
      ...background(),
      ...spread(2000, NOW - HOUR / 2, HOUR / 4, { provider: "google", returnPath: pathTagged("old-list") }),
    ]);
    expect(await store.findIncidents()).toEqual([]);
  });

  test("without a day of history, with few events, and where it is switched off, none is opened", async () => {
    expect(await (await filled(bench, flood())).findIncidents()).toEqual([]);
    const few = await filled(bench, [...background(), ...flood().slice(0, 18)]);
    expect(await few.findIncidents()).toEqual([]);
    const off = await filled(bench, [...background(), ...flood()], { alerts: { incidents: { enabled: false } } });
    expect(await off.findIncidents()).toEqual([]);
  });

  test("the same failure at many providers is one incident, and takes in what was open before", async () => {
    const listed = { severity: "block", reason: "ip_reputation", fault: "sender", status: "5.7.1" } as const;
    const store = await filled(bench, background());
    await fill(store, spread(100, NOW - HOUR / 2, HOUR / 4, { ...listed, provider: "google" }));
    const [first] = await store.findIncidents();
    expect(first?.incident.provider).toBe("google");
    for (const provider of ["yahoo", "gmx", "apple"])
      await fill(store, spread(100, NOW - HOUR / 2, HOUR / 4, { ...listed, provider }, `${provider}.example`));
    clock.now = NOW + 60_000;
    const changes = await store.findIncidents();
    expect(changes.map(({ kind, incident }) => `${kind} ${incident.provider}`)).toEqual(["opened *", "merged google"]);
    const open = await store.incidents.open();
    expect(open.map(({ provider }) => provider)).toEqual(["*"]);
    expect(open[0]).toMatchObject({ count: 400, status: "5.7.1" });
    expect(open[0]?.providers.map(({ value }) => value).toSorted()).toEqual(["apple", "gmx", "google", "yahoo"]);
    expect(await store.findIncidents()).toEqual([]);
  });

  test("two processes that look at the same time open it once", async () => {
    const store = await filled(bench, [...background(), ...flood()]);
    const found = await Promise.all([store.findIncidents(), store.findIncidents()]);
    expect(found.flat().map(({ kind }) => kind)).toEqual(["opened"]);
    const { incidents } = await store.incidents.list({});
    expect((await store.incidents.get(incidents[0]?.id ?? ""))?.entries).toHaveLength(1);
  });
});
