import { expect, test } from "vitest";
import type { LogQuery } from "../../src/store/log/log-query.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const full = {
  severity: "soft",
  reason: "mailbox_full",
  status: "5.2.2",
  derivedStatus: "5.2.2",
  replyCode: 552,
  provider: "google",
  diagnostic: { type: "smtp", text: "552 5.2.2 The inbox is OUT OF storage (100% used)" },
} as const;

onBoth(({ open }) => {
  test("a job recorded twice is in the log once, with its message", async () => {
    const store = await open();
    const event = makeEvent();
    const job = jobOf([event, makeEvent({ address: "other@example.org" })], "From: x\r\n\r\nbody");
    expect(await store.record([job, job])).toEqual({ events: 2, known: 0, changes: 2 });
    expect(await store.record([job])).toEqual({ events: 0, known: 2, changes: 0 });
    expect(await store.count({})).toBe(2);
    expect(await store.get(event.id)).toEqual({
      recordedAt: "2026-03-01T12:00:00.000Z",
      event,
      hasRaw: true,
      verdicts: [],
    });
    expect((await store.raw(event.id))?.toString()).toBe("From: x\r\n\r\nbody");
    expect(await store.get("absent")).toBeNull();
    expect(await store.raw("absent")).toBeNull();
  });

  test("thousands of recipients in one millisecond are all there, newest first without a gap", async () => {
    const store = await open();
    const events = Array.from({ length: 5000 }, (_, index) => makeEvent({ address: `user${index}@example.org` }));
    expect(await store.record([jobOf(events.slice(0, 3000)), jobOf(events.slice(3000))])).toMatchObject({
      events: 5000,
    });
    const seen = new Set<string>();
    for await (const { event } of store.iterate({ direction: "asc" })) seen.add(event.id);
    expect(seen.size).toBe(5000);
  }, 120_000);

  test("two writers at once do not write an event twice", async () => {
    const store = await open();
    const events = Array.from({ length: 300 }, (_, index) => makeEvent({ address: `user${index}@example.org` }));
    const results = await Promise.all([store.record([jobOf(events)]), store.record([jobOf(events)])]);
    expect(results.reduce((sum, { events: written }) => sum + written, 0)).toBe(300);
    expect(await store.count({})).toBe(300);
  });

  test("every filter finds its event and no other", async () => {
    const store = await open();
    const wanted = makeEvent({
      address: "jöhn_50%@mail.example.net",
      at: NOW - 2 * DAY,
      ...full,
      original: {
        ...makeEvent().original,
        from: "Shop <orders@shop.example>",
        subject: "Ihre Größe ist DA",
        messageId: "<ABC.42@shop.example>",
        headers: { "x-api-data": "Customer=99;x" },
      },
      returnPath: { ...makeEvent().returnPath!, tag: "Autumn" },
      authenticity: "likely",
    });
    const others = ["a@example.org", "b@example.org", "john@mail.example.com"].map((address, index) =>
      makeEvent({ address, at: NOW - index * 1000 }),
    );
    await store.record([jobOf([wanted]), ...others.map((event) => jobOf([event]))]);
    const queries: LogQuery[] = [
      { from: "2026-02-27T00:00:00Z", to: "2026-02-28T00:00:00Z" },
      { to: "2026-02-27T12:00:00.001Z" },
      { kind: ["bounce"], severity: ["soft"] },
      { reason: ["mailbox_full", "mailbox_disabled"] },
      { status: ["5.2.2"] },
      { status: ["4.", "5.2."] },
      { replyCode: [552, 452] },
      { provider: ["Google"] },
      { domain: ["mail.example.net"] },
      { senderDomain: ["shop.example"] },
      { authenticity: ["likely"] },
      { tag: ["AUTUMN"] },
      { address: ["JÖHN_50%@mail.example.net"] },
      { recipient: "ÖHN_5" },
      { recipient: "hn_" },
      { recipient: "0%" },
      { recipient: "example.ne" },
      { sender: "orders@" },
      { subject: "größe ist" },
      { messageId: "abc.42" },
      { diagnostic: "inbox is out of storage (100%" },
      { diagnostic: "out of storage", sender: "shop", subject: "DA" },
      { recipient: "mail.example", diagnostic: "storage" },
      { header: { name: "X-Api-Data", value: "customer=99" } },
      { message: [wanted.message.sha256] },
    ];
    for (const query of queries) {
      const { entries } = await store.search(query);
      expect([query, entries.map(({ event }) => event.id)]).toEqual([query, [wanted.id]]);
      expect(await store.count(query)).toBe(1);
    }
    expect(await store.count({ recipient: "hnj" })).toBe(0);
    expect(await store.count({ header: { name: "X-Api-Data", value: "" } })).toBe(4);
    expect(await store.count({}, 2)).toBe(2);
  });

  test("pages in every order go through everything once", async () => {
    const store = await open();
    const events = Array.from({ length: 57 }, (_, index) =>
      makeEvent({
        address: `user${index % 10}@example${index % 3}.org`,
        at: NOW - index * 60_000,
        replyCode: 500 + (index % 5),
      }),
    );
    await store.record(events.map((event) => jobOf([event])));
    for (const sort of ["received", "recipient", "replyCode"] as const)
      for (const direction of ["asc", "desc"] as const)
        for (const recipient of [undefined, "example"]) {
          const ids: string[] = [];
          let cursor: string | undefined;
          do {
            const page = await store.search({ sort, direction, limit: 10, recipient, cursor });
            ids.push(...page.entries.map(({ event }) => event.id));
            cursor = page.next ?? undefined;
          } while (cursor);
          expect(ids.length).toBe(57);
          expect(new Set(ids).size).toBe(57);
        }
    const { entries } = await store.search({ sort: "recipient", direction: "asc", limit: 7 });
    expect(entries.map(({ event }) => event.recipient.address)).toEqual(
      [
        ...Array.from({ length: 2 }, () => "user0@example0.org"),
        ...Array.from({ length: 2 }, () => "user0@example1.org"),
        ...Array.from({ length: 2 }, () => "user0@example2.org"),
        "user1@example0.org",
      ].sort(),
    );
  });

  test("facets and time series count what the filter lets through", async () => {
    const store = await open();
    await store.record([
      jobOf([makeEvent({ at: NOW }), makeEvent({ address: "x@example.net", at: NOW })]),
      jobOf([makeEvent({ address: "y@example.org", at: NOW - DAY, ...full })]),
      jobOf([
        makeEvent({
          address: null,
          at: NOW - DAY,
          kind: "unrecognized",
          severity: "unknown",
          reason: "unknown",
          replyCode: null,
        }),
      ]),
    ]);
    expect(await store.facets({ kind: ["bounce"] }, ["severity", "domain", "replyCode", "provider"])).toEqual({
      severity: [
        { value: "hard", count: 2 },
        { value: "soft", count: 1 },
      ],
      domain: [
        { value: "example.org", count: 2 },
        { value: "example.net", count: 1 },
      ],
      replyCode: [
        { value: "550", count: 2 },
        { value: "552", count: 1 },
      ],
      provider: [
        { value: "", count: 2 },
        { value: "google", count: 1 },
      ],
    });
    expect(await store.facets({ recipient: "example." }, ["replyCode"], 1)).toEqual({
      replyCode: [{ value: "550", count: 2 }],
    });
    expect(await store.series({ by: "day", dimension: "severity" })).toEqual([
      { at: "2026-02-28T00:00:00.000Z", value: "soft", count: 1 },
      { at: "2026-02-28T00:00:00.000Z", value: "unknown", count: 1 },
      { at: "2026-03-01T00:00:00.000Z", value: "hard", count: 2 },
    ]);
    expect(await store.series({ by: "day", offsetMinutes: 13 * 60, kind: ["bounce"] })).toEqual([
      { at: "2026-02-28T11:00:00.000Z", value: "", count: 1 },
      { at: "2026-03-01T11:00:00.000Z", value: "", count: 2 },
    ]);
    expect((await store.series({ by: "hour" }))[1]).toEqual({ at: "2026-03-01T12:00:00.000Z", value: "", count: 2 });
  });

  test("what cannot be asked is refused with the name of it", async () => {
    const store = await open();
    await expect(store.search({ from: "yesterday" })).rejects.toThrow(/^from: not a date/);
    await expect(store.search({ limit: 0 })).rejects.toThrow(/^limit: /);
    await expect(store.search({ limit: 1001 })).rejects.toThrow(/^limit: /);
    await expect(store.search({ cursor: "x" })).rejects.toThrow(/^cursor: /);
    const { next } = { next: Buffer.from('["recipient","a",1]').toString("base64url") };
    await expect(store.search({ cursor: next })).rejects.toThrow(/^cursor: /);
  });

  test("hostile text is stored and found", async () => {
    const store = await open();
    const text = "550 \u0000 \ud800 '; drop table events; -- \" %_\\ \u{1f600}";
    const event = makeEvent({ diagnostic: { type: "smtp", text } });
    await store.record([jobOf([event])]);
    expect((await store.get(event.id))?.event.diagnostic?.text.slice(0, 5)).toBe("550 \u0000");
    for (const part of ["'; drop", '" %_\\', "\u{1f600}", '-- "'])
      expect(await store.count({ diagnostic: part })).toBe(1);
  });

  test("a part of an address goes across its marks, and letters are never taken for them", async () => {
    const store = await open();
    const written = ["first.last@example.org", "first-last@example.org", "firstjxlast@example.org", "a_b+c@x.example"];
    await store.record([jobOf(written.map((address) => makeEvent({ address })))]);
    const found = async (recipient: string): Promise<readonly string[]> => {
      const { entries } = await store.search({ recipient });
      return written.filter((address) => entries.some(({ event }) => event.recipient.address === address));
    };
    expect(await found("t.l")).toEqual(["first.last@example.org"]);
    expect(await found("tjxl")).toEqual(["firstjxlast@example.org"]);
    expect(await found("last@exam")).toEqual(written.slice(0, 3));
    expect(await found("lastqzqexam")).toEqual([]);
    expect(await found("_b+")).toEqual(["a_b+c@x.example"]);
    expect(await found("t_l")).toEqual([]);
    expect(await found("@x.")).toEqual(["a_b+c@x.example"]);
    expect(await found("+c@")).toEqual(["a_b+c@x.example"]);
  });
});
