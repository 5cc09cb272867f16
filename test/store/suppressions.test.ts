import { expect, test } from "vitest";
import { jobOf, makeEvent, type EventChanges } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const author = { actor: "ada" };
const softEvent = (daysAgo: number, changes: EventChanges = {}) => {
  const event = makeEvent({ severity: "soft", reason: "mailbox_full", at: NOW - daysAgo * DAY, ...changes });
  return { ...event, original: { ...event.original, messageId: `<${daysAgo}@sender.example>` } };
};
const delivered = { kind: "delivery", severity: "info", reason: "delivered", action: "delivered" } as const;

onBoth(({ open, clock }) => {
  test("a hard bounce and a complaint are on the list at once, with cause, event and history", async () => {
    const store = await open();
    const hard = makeEvent();
    const complaint = makeEvent({
      address: "c@example.org",
      kind: "complaint",
      severity: "complaint",
      reason: "complaint",
    });
    expect(await store.record([jobOf([hard, complaint])])).toMatchObject({ changes: 2 });
    const [first, second, third] = await store.suppressions.check([
      "User@Example.ORG",
      "c@example.org",
      "x@example.org",
    ]);
    expect(first).toMatchObject({
      address: "User@Example.ORG",
      suppressed: true,
      entry: { cause: "hard", reason: "mailbox_unknown", eventId: hard.id },
    });
    expect(second).toMatchObject({ suppressed: true, entry: { cause: "complaint" } });
    expect(third).toEqual({ address: "x@example.org", suppressed: false, entry: null });
    expect(await store.suppressions.history({ value: "user@example.org" })).toMatchObject([
      { action: "added", actor: "policy", before: null },
    ]);
  });

  test("blocks, unknown senders and doubts suppress nobody", async () => {
    const store = await open();
    const { changes } = await store.record([
      jobOf([
        makeEvent({ address: "1@example.org", severity: "block", reason: "ip_reputation" }),
        makeEvent({ address: "2@example.org", authenticity: "forged" }),
        makeEvent({ address: "3@example.org", authenticity: "unproven" }),
        makeEvent({ address: "4@example.org", confidence: 0.5 }),
        makeEvent({ address: null }),
      ]),
    ]);
    expect(changes).toBe(0);
    expect(await store.suppressions.count({})).toBe(0);
  });

  test("the address we wrote to is suppressed, not the one it was forwarded to", async () => {
    const store = await open();
    await store.record([
      jobOf([
        makeEvent({
          recipient: {
            mailed: "Alias@example.org",
            address: "far@example.net",
            original: "Alias@example.org",
            domain: "example.net",
          },
        }),
      ]),
    ]);
    const checks = await store.suppressions.check(["alias@example.org", "far@example.net"]);
    expect(checks.map(({ suppressed }) => suppressed)).toEqual([true, false]);
    expect(await store.count({ recipient: "alias@" })).toBe(1);
    expect(await store.count({ address: ["ALIAS@example.org"] })).toBe(1);
  });

  test("the fifth soft failure suppresses, until it expires; a delivery lifts it and starts the count again", async () => {
    const store = await open();
    for (const day of [8, 6, 4, 2]) expect(await store.record([jobOf([softEvent(day)])])).toMatchObject({ changes: 0 });
    expect(await store.record([jobOf([softEvent(2.1)])])).toMatchObject({ changes: 0 });
    expect(await store.record([jobOf([softEvent(0)])])).toMatchObject({ changes: 1 });
    const [check] = await store.suppressions.check(["user@example.org"]);
    expect(check?.entry).toMatchObject({ cause: "soft", note: "5 failures from 2026-02-21 to 2026-03-01" });
    expect(check?.entry?.expiresAt).toBe(new Date(NOW + 180 * DAY).toISOString());
    expect(await store.record([jobOf([makeEvent({ ...delivered, at: NOW + 1000 })])])).toMatchObject({ changes: 1 });
    expect(await store.suppressions.count({})).toBe(0);
    expect(await store.record([jobOf([softEvent(-1)])])).toMatchObject({ changes: 0 });
  });

  test("a hard bounce is not hidden by an earlier soft entry, and a delivery does not lift it", async () => {
    const store = await open({ suppression: { reasons: { mailbox_full: { when: "at-once" } } } });
    await store.record([jobOf([softEvent(3)])]);
    expect(await store.record([jobOf([softEvent(2)])])).toMatchObject({ changes: 0 });
    await store.record([jobOf([makeEvent()]), jobOf([makeEvent({ ...delivered, at: NOW })])]);
    expect(await store.suppressions.find("user@example.org")).toMatchObject([{ cause: "hard", expiresAt: null }]);
    expect((await store.suppressions.history({})).map(({ action }) => action)).toEqual(["changed", "added"]);
  });

  test("an absence holds the address until its day is over, and replaces no other entry", async () => {
    const store = await open({ suppression: { absences: "hold" } });
    const reply = (until: string, changes: EventChanges = {}) =>
      makeEvent({
        kind: "auto_reply",
        severity: "info",
        reason: "auto_reply",
        at: NOW,
        answer: { until, successor: null },
        ...changes,
      });
    const hold = { cause: "soft", reason: "auto_reply" };
    await store.record([
      jobOf([reply("2026-03-10"), reply("2026-03-10", { address: "x@example.org", authenticity: "unproven" })]),
    ]);
    expect(await store.suppressions.find("user@example.org")).toMatchObject([
      { ...hold, expiresAt: "2026-03-11T00:00:00.000Z", note: "absent until 2026-03-10" },
    ]);
    expect(await store.suppressions.find("x@example.org")).toEqual([]);
    // A later reply names another day; what is delivered meanwhile ends no absence.
    await store.record([
      jobOf([reply("2026-03-20", { at: NOW + 1 })]),
      jobOf([makeEvent({ ...delivered, at: NOW + 2 })]),
    ]);
    expect(await store.suppressions.find("user@example.org")).toMatchObject([
      { ...hold, expiresAt: "2026-03-21T00:00:00.000Z" },
    ]);
    expect((await store.suppressions.history({})).map(({ action }) => action)).toEqual(["changed", "added"]);
    await store.record([jobOf([makeEvent({ at: NOW + 3 })]), jobOf([reply("2026-03-30", { at: NOW + 4 })])]);
    expect(await store.suppressions.find("user@example.org")).toMatchObject([{ cause: "hard", expiresAt: null }]);
  });

  test("what a person wrote stays", async () => {
    const store = await open();
    await store.suppressions.add([{ value: "user@example.org", note: "asked by phone" }], author);
    await store.record([jobOf([makeEvent()])]);
    expect(await store.suppressions.find("user@example.org")).toMatchObject([
      { cause: "manual", note: "asked by phone" },
    ]);
  });

  test("removing also forgets the soft failures; undo puts things back, once", async () => {
    const store = await open();
    await store.record([9, 7, 5, 3, 1].map((day) => jobOf([softEvent(day)])));
    const [removed] = await store.suppressions.remove([{ value: "USER@example.org" }], { actor: "ada", note: "fixed" });
    expect(removed).toMatchObject({
      action: "removed",
      actor: "ada",
      note: "fixed",
      before: { cause: "soft" },
      after: null,
    });
    expect(await store.record([jobOf([softEvent(0.5)])])).toMatchObject({ changes: 0 });
    const undone = await store.suppressions.undo(removed!.id, author);
    expect(undone).toMatchObject({ action: "undone", after: { cause: "soft" } });
    expect(await store.suppressions.count({})).toBe(1);
    await expect(store.suppressions.undo(removed!.id, author)).rejects.toThrow(/is newer/);
    await expect(store.suppressions.undo(999_999, author)).rejects.toThrow(/there is no change 999999/);
    expect(await store.suppressions.remove([{ value: "absent@example.org" }], author)).toEqual([]);
  });

  test("clearing starts the count again", async () => {
    const store = await open();
    await store.record([9, 7, 5, 3].map((day) => jobOf([softEvent(day)])));
    await store.suppressions.clear(["user@example.org"], author);
    expect(await store.record([jobOf([softEvent(0)])])).toMatchObject({ changes: 0 });
  });

  test("domains and streams have entries of their own", async () => {
    const store = await open({ suppression: { stream: "tag" } });
    await store.record([jobOf([makeEvent()])]);
    await store.suppressions.add([{ value: "Bücher.example" }, { value: "all@example.net" }], author);
    const suppressed = async (address: string, stream?: string) =>
      (await store.suppressions.check([address], stream))[0]?.entry?.scope ?? null;
    expect(await suppressed("user@example.org")).toBeNull();
    expect(await suppressed("user@example.org", "spring")).toBe("address");
    expect(await suppressed("user@example.org", "autumn")).toBeNull();
    expect(await suppressed("all@example.net", "autumn")).toBe("address");
    expect(await suppressed("anyone@bücher.example")).toBe("domain");
    expect(await suppressed("anyone@xn--bcher-kva.example")).toBe("domain");
    expect(await suppressed("anyone@sub.bücher.example")).toBeNull();
    // No address at all.
    expect(await suppressed("bücher.example")).toBeNull();
  });

  test("an entry ends at its time, and is then taken off with a change", async () => {
    const store = await open();
    const expiresAt = new Date(NOW + DAY).toISOString();
    await store.suppressions.add([{ value: "a@example.org", expiresAt }, { value: "b@example.org" }], author);
    clock.now = NOW + DAY;
    try {
      expect((await store.suppressions.check(["a@example.org"]))[0]?.suppressed).toBe(false);
      expect(await store.suppressions.expire()).toBe(1);
      expect(await store.suppressions.expire()).toBe(0);
    } finally {
      clock.now = NOW;
    }
    expect(await store.suppressions.count({})).toBe(1);
    expect(await store.suppressions.history({ value: "a@example.org", limit: 1 })).toMatchObject([
      { action: "expired" },
    ]);
  });

  test("counts what came on the list on which day", async () => {
    const store = await open();
    const entries = [0, 1, 1, 5].map((day, index) => ({
      value: `user${index}@example.org`,
      createdAt: new Date(NOW - day * DAY).toISOString(),
    }));
    await store.suppressions.add(entries, author);
    const dayOf = (ago: number) => new Date(NOW - ago * DAY).toISOString().slice(0, 10);
    expect(await store.suppressions.addedPerDay({ from: dayOf(4) })).toEqual([
      { day: dayOf(1), count: 2 },
      { day: dayOf(0), count: 1 },
    ]);
  });

  test("lists, filters and pages; nonsense is refused", async () => {
    const store = await open();
    await store.suppressions.add(
      Array.from({ length: 25 }, (_, index) => ({
        value: `user${index}@example.org`,
        cause: index % 2 ? "import" : "manual",
      })),
      author,
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.suppressions.list({ limit: 10, cursor });
      seen.push(...page.entries.map(({ value }) => value));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(25);
    expect(await store.suppressions.count({ value: "USER1" })).toBe(11);
    expect(await store.suppressions.count({ cause: ["import"], actor: ["ada"], scope: ["address"] })).toBe(12);
    expect(await store.suppressions.count({ from: "2027-01-01" })).toBe(0);
    for (const value of [
      "",
      "nobody",
      "a@b@",
      "user@@x.test",
      "http://x.test",
      "@example.org",
      "x y@example.org",
      "a@example.org\nb@example.org",
    ])
      await expect(store.suppressions.add([{ value }], author)).rejects.toThrow(/^value: /);
    await expect(store.suppressions.add([{ value: "a@b.example", scope: "domain" }], author)).rejects.toThrow(
      /^value: /,
    );
    await expect(store.suppressions.add([{ value: "a@b.example", expiresAt: "soon" }], author)).rejects.toThrow(
      /^expiresAt: /,
    );
    await expect(store.suppressions.list({ cursor: "x" })).rejects.toThrow(/^cursor: /);
    await expect(store.suppressions.check(Array.from({ length: 1001 }, () => "a@b.example"))).rejects.toThrow(
      /^addresses: /,
    );
  });

  test("every change waits for the feed until it is marked", async () => {
    const store = await open();
    await store.record([jobOf([makeEvent()])]);
    const waiting = await store.suppressions.unpublished();
    expect(waiting).toMatchObject([{ action: "added", value: "user@example.org" }]);
    await store.suppressions.markPublished(waiting.map(({ id }) => id));
    expect(await store.suppressions.unpublished()).toEqual([]);
  });

  test("a dry run over the past changes nothing and says what would be different", async () => {
    const store = await open({ suppression: { automatic: false } });
    await store.record([
      ...[9, 7, 5, 3, 1].map((day) => jobOf([softEvent(day)])),
      jobOf([
        makeEvent({ address: "h@example.org" }),
        makeEvent({ address: "b@example.org", severity: "block", reason: "policy" }),
      ]),
    ]);
    expect(await store.suppressions.count({})).toBe(0);
    expect(await store.suppressions.dryRun({})).toEqual({
      events: 7,
      suppressed: 2,
      added: 2,
      missing: 0,
      byCause: { soft: 1, hard: 1 },
      byReason: { mailbox_full: 1, mailbox_unknown: 1 },
      examples: { added: ["user@example.org", "h@example.org"], missing: [] },
    });
    const strict = await store.suppressions.dryRun({ from: "2026-02-25" }, { soft: { failures: 2, spreadDays: 1 } });
    expect(strict).toMatchObject({ events: 4, suppressed: 2 });
    expect(await store.suppressions.dryRun({}, { minConfidence: 1 })).toMatchObject({ suppressed: 0 });
    expect(await store.suppressions.count({})).toBe(0);
  });
});
