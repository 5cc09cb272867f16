/** What may change the list, beside a hard bounce: and what may not, because anybody can write it. */
import { expect, test } from "vitest";
import { normalAddress } from "../../src/addresses/normal-address.ts";
import { jobOf, makeEvent, type EventChanges } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const complaint = { kind: "complaint", severity: "complaint", reason: "complaint" } as const;
const notSpam = { kind: "not_spam", severity: "info", reason: "other_info" } as const;
const unanswered = (daysAgo: number): EventChanges => ({
  address: "user@dead.example",
  severity: "soft",
  reason: "connection_failed",
  at: NOW - daysAgo * DAY,
  original: { ...makeEvent().original, messageId: `<${daysAgo}@sender.example>` },
});
const POLICY = {};

onBoth(({ open }) => {
  test("a complaint that is taken back leaves the list, an unsubscribe does not, and no stranger takes one back", async () => {
    const store = await open();
    const isListed = async (address: string) => (await store.suppressions.check([address]))[0]?.suppressed;
    const record = (changes: EventChanges) => store.record([jobOf([makeEvent(changes)])]);
    await record({ ...complaint, at: NOW - 3 * DAY });
    await record({ ...complaint, reason: "unsubscribe", address: "u@example.org", at: NOW - 3 * DAY });
    await record({ ...notSpam, authenticity: "unproven", proof: null, at: NOW - 2 * DAY });
    expect(await isListed("user@example.org")).toBe(true);
    await record({ ...notSpam, at: NOW - DAY });
    await record({ ...notSpam, address: "u@example.org", at: NOW - DAY });
    expect(await isListed("user@example.org")).toBe(false);
    expect(await isListed("u@example.org")).toBe(true);
    expect((await store.suppressions.history({ value: "user@example.org" }))[0]).toMatchObject({ action: "removed" });
  });

  test("whoever got a mail of ours decides nothing about a domain that he names as the final one", async () => {
    const store = await open();
    const own = makeEvent({
      address: "attacker@evil.example",
      recipient: {
        mailed: "attacker@evil.example",
        address: "anybody@dead.example",
        original: "attacker@evil.example",
        domain: "dead.example",
      },
      kind: "delivery",
      severity: "info",
      reason: "delivered",
      at: NOW - 4.5 * DAY,
    });
    const events = [10, 8, 6, 4, 2].map((daysAgo) => makeEvent(unanswered(daysAgo)));
    for (const event of [...events.slice(0, 3), own, ...events.slice(3)]) await store.record([jobOf([event])]);
    expect((await store.suppressions.check(["user@dead.example"]))[0]?.suppressed).toBe(true);
    expect(await store.suppressions.dryRun({}, POLICY)).toMatchObject({ suppressed: 1, added: 0, missing: 0 });
  });

  test("limits of a domain are those of the address that was mailed", async () => {
    const store = await open({ suppression: { domains: { "lenient.example": { when: "never" } } } });
    const recipient = {
      mailed: "user@example.org",
      address: "far@lenient.example",
      original: "user@example.org",
      domain: "lenient.example",
    };
    await store.record([jobOf([makeEvent({ recipient })])]);
    expect((await store.suppressions.check(["user@example.org"]))[0]?.suppressed).toBe(true);
  });

  test("a stranger's delivery keeps no dead domain off the list, nor does a dry run believe it", async () => {
    const store = await open();
    const forged = makeEvent({
      address: "anybody@dead.example",
      kind: "delivery",
      severity: "info",
      reason: "delivered",
      authenticity: "unproven",
      proof: null,
      at: NOW - 4.5 * DAY,
    });
    const events = [10, 8, 6, 4, 2].map((daysAgo) => makeEvent(unanswered(daysAgo)));
    for (const event of [...events.slice(0, 3), forged, ...events.slice(3)]) await store.record([jobOf([event])]);
    expect((await store.suppressions.check(["user@dead.example"]))[0]?.suppressed).toBe(true);
    expect(await store.suppressions.dryRun({}, POLICY)).toMatchObject({ suppressed: 1, added: 0, missing: 0 });
  });
});

test("an address of another alphabet is nobody else's", () => {
  expect(normalAddress("fran\u212A@Example.org")).not.toBe(normalAddress("frank@example.org"));
  expect(normalAddress("Frank@GRÜN.example")).toBe("frank@xn--grn-ioa.example");
});
