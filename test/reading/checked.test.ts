import { expect, test, vi } from "vitest";
import type { BouncedEvent, ReportSignal } from "../../src/event/event.ts";
import { readChecked } from "../../src/reading/checked.ts";
import type { Readable } from "../../src/reading/thread.ts";
import { sampleEvent } from "../support/event.ts";

const INPUT: Readable = {
  octets: Buffer.from("Subject: x\r\n\r\nx"),
  truncated: false,
  size: 16,
  sha256: "0".repeat(64),
  receivedAt: "2026-11-29T10:00:00.000Z",
  envelope: { reversePath: "", forwardPath: "b@bounces.example.com" },
  remoteAddress: "8.8.4.4",
};
const OWN: ReportSignal = { check: "own_signature", result: "pass", domain: "example.com", detail: "s1" };
const DKIM: ReportSignal = { check: "dkim", result: "pass", domain: "x.test", detail: "mailer-daemon@x.test" };
const NONE: ReportSignal = { check: "dkim", result: "none", domain: null, detail: null };
const UNPROVEN = { authenticity: "unproven", proof: null, advice: "investigate" } as const;

async function run(event: Partial<BouncedEvent>, found: readonly ReportSignal[]) {
  const given = [sampleEvent(event)];
  const read = vi.fn(async ({ signals = [] }: Readable) => given.map((one) => ({ ...one, signals: [...signals] })));
  read.mockResolvedValueOnce(given);
  const check = vi.fn(async () => found);
  const events = await readChecked(read, check)(INPUT);
  return { events, reads: read.mock.calls, checks: check.mock.calls };
}

test("what is proven, and what nobody acts on, is not checked", async () => {
  expect((await run({ authenticity: "proven", proof: "token" }, [NONE])).checks).toEqual([]);
  expect((await run({ authenticity: "likely", proof: "quoted_path" }, [NONE])).checks).toEqual([]);
  expect((await run({ ...UNPROVEN, kind: "auto_reply" }, [NONE])).checks).toEqual([]);
  expect((await run({ authenticity: "forged", proof: null, advice: "investigate" }, [NONE])).checks).toEqual([]);
});

test("what was found stands in the event, which changes in nothing else", async () => {
  const { events, reads, checks } = await run(UNPROVEN, [NONE]);
  expect(checks).toMatchObject([
    [{ remoteAddress: "8.8.4.4", reversePath: "", hosts: ["mx1.sender.example", "mx.example.org"] }],
  ]);
  expect(reads).toHaveLength(1);
  expect(events).toEqual([sampleEvent({ ...UNPROVEN, signals: [NONE] })]);
});

test("a report is read again only if a signature of ours and one of its own hold", async () => {
  expect((await run(UNPROVEN, [DKIM])).reads).toHaveLength(1);
  expect((await run({ ...UNPROVEN, signals: [OWN] }, [NONE])).reads).toHaveLength(1);
  const { reads } = await run({ ...UNPROVEN, signals: [OWN] }, [DKIM]);
  expect(reads).toHaveLength(2);
  expect(reads[1]?.[0]?.signals).toEqual([DKIM]);
});

test("the same holds for a report that came to an address of ours which names nobody", async () => {
  const warnings = [{ code: "unbound-path", value: "user@example.org" }];
  expect((await run({ ...UNPROVEN, warnings }, [NONE])).reads).toHaveLength(1);
  expect((await run({ ...UNPROVEN, warnings }, [DKIM])).reads[1]?.[0]?.signals).toEqual([DKIM]);
});

test("the name in HELO and the domains of recipients go along", async () => {
  const read = async () => [sampleEvent(UNPROVEN)];
  const check = vi.fn(async () => []);
  await readChecked(read, check)({ ...INPUT, helo: "mx.isp.test" });
  expect(check.mock.calls).toMatchObject([[{ helo: "mx.isp.test", recipientDomains: ["example.org"] }]]);
});

test("a thousand events stay within the budget of a message", async () => {
  const long = { ...NONE, domain: "d".repeat(250), detail: "x".repeat(300) };
  const read = async () => Array.from({ length: 1000 }, (_, at) => sampleEvent({ ...UNPROVEN, id: `e${at}` }));
  const events = await readChecked(read, async () => Array.from({ length: 7 }, () => long))(INPUT);
  expect(JSON.stringify(events).length).toBeLessThan(4.5 * 1024 * 1024);
});
