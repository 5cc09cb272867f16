import { expect, test } from "vitest";
import { eventSchema } from "../../src/event/event.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { loadConfig } from "../../src/config/config.ts";
import { readWhole } from "../../src/intake/message.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { differs, type VerdictChange } from "../../src/store/reclassify/reclassify.ts";
import { rereadWith } from "../../src/store/reclassify/reread.ts";
import type { Store } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { onBoth } from "./on-both.ts";

const settings = readSettingsOf(loadConfig({}));
const diff = async (store: Store): Promise<VerdictChange[]> => {
  const changes: VerdictChange[] = [];
  for await (const { event, after } of store.reread({}, rereadWith(settings)))
    if (after && differs(event, after)) changes.push({ before: event, after });
  return changes;
};

const dsn = [
  "From: MAILER-DAEMON@mx.sender.example",
  "To: b@bounces.example.com",
  "Subject: Undelivered Mail Returned to Sender",
  "MIME-Version: 1.0",
  'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
  "",
  "--b",
  "Content-Type: text/plain",
  "",
  "It could not be delivered.",
  "",
  "--b",
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns; mx.sender.example",
  "",
  "Final-Recipient: rfc822; user@example.org",
  "Action: failed",
  "Status: 5.2.2",
  "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full",
  "",
  "--b--",
  "",
].join("\r\n");

onBoth(({ open }) => {
  test("a wrong verdict is found from the kept message, replaced, kept beside, and the list follows", async () => {
    const store = await open();
    const message = readWhole(Buffer.from(dsn), 100_000);
    const [right] = await readMessage(
      {
        ...message,
        receivedAt: "2026-03-01T11:00:00.000Z",
        envelope: { reversePath: "", forwardPath: null },
        remoteAddress: null,
      },
      settings,
    );
    const wrong = eventSchema.parse({
      ...right,
      severity: "hard",
      reason: "mailbox_unknown",
      authenticity: "likely",
      confidence: 0.9,
    });
    await store.record([jobOf([wrong], dsn)]);
    expect(await store.suppressions.count({})).toBe(1);

    const changes = await diff(store);
    expect(changes).toMatchObject([
      {
        before: { reason: "mailbox_unknown" },
        after: { id: wrong.id, reason: "mailbox_full", severity: "soft", authenticity: "likely" },
      },
    ]);
    expect(await store.count({ reason: ["mailbox_full"] })).toBe(0);
    expect(await store.replaceVerdicts(changes, "ada")).toEqual({ events: 1, changes: 1 });
    expect(await store.count({ reason: ["mailbox_full"], severity: ["soft"] })).toBe(1);
    expect(await store.count({ recipient: "user@ex" })).toBe(1);
    expect(await store.get(wrong.id)).toMatchObject({
      event: { reason: "mailbox_full" },
      verdicts: [{ actor: "ada", event: { reason: "mailbox_unknown" } }],
    });
    expect(await store.suppressions.history({ limit: 1 })).toMatchObject([
      { action: "removed", note: "reclassified: mailbox_unknown is mailbox_full" },
    ]);
    expect(await diff(store)).toEqual([]);
    expect(await store.replaceVerdicts(changes, "ada")).toEqual({ events: 0, changes: 0 });
  });

  test("without its message an event is read from its own fields; a new hard verdict suppresses", async () => {
    const store = await open();
    const event = makeEvent({ severity: "unknown", reason: "unknown", fault: "unknown", advice: "investigate" });
    const silent = makeEvent({ address: "x@example.org", severity: "unknown", reason: "unknown", diagnostic: null });
    await store.record([jobOf([event, silent])]);
    const changes = await diff(store);
    expect(changes).toMatchObject([
      { after: { id: event.id, reason: "mailbox_unknown", severity: "hard", authenticity: "proven" } },
    ]);
    expect(await store.replaceVerdicts(changes, "ada")).toEqual({ events: 1, changes: 1 });
    expect((await store.suppressions.check(["user@example.org"]))[0]?.suppressed).toBe(true);
  });

  test("what a person put on the list stays", async () => {
    const store = await open();
    const event = makeEvent();
    await store.record([jobOf([event])]);
    await store.suppressions.add([{ value: "user@example.org" }], { actor: "ada" });
    const after = eventSchema.parse({ ...event, severity: "block", reason: "policy" });
    expect(await store.replaceVerdicts([{ before: event, after }], "ada")).toEqual({ events: 1, changes: 0 });
    expect(await store.suppressions.count({})).toBe(1);
  });
});
