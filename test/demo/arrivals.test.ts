/** The mail of the demo is read as it is meant, and names nobody real. */
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { readMessage } from "../../src/core/index.ts";
import { DEMO_DAYS, demoArrivals, DEMO_TAGS } from "../../src/demo/arrivals.ts";
import { eximReport, postfixReport } from "../../src/demo/messages.ts";
import { DEMO_REFUSALS } from "../../src/demo/refusals.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { readWhole } from "../../src/intake/message.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";

const NOW = Date.UTC(2026, 2, 31, 12);
const DAY_MS = 24 * 60 * 60 * 1000;
const settings = readSettingsOf(
  loadConfig({ BOUNCED_SECRET: "0123456789abcdef0123456789abcdef", BOUNCED_DATA_DIR: "/nowhere" }),
);
const arrivals = demoArrivals(NOW, settings.returnPath);

const read = async (octets: Buffer, forwardPath: string, at: Date): Promise<readonly BouncedEvent[]> =>
  readMessage(
    {
      ...readWhole(octets, 256 * 1024),
      receivedAt: at.toISOString(),
      envelope: { reversePath: "", forwardPath },
      remoteAddress: null,
    },
    settings,
  );

test.each(DEMO_REFUSALS.map((refusal) => [refusal.id, refusal] as const))("%s", async (_, refusal) => {
  const at = new Date(NOW);
  const mail = {
    recipient: `jo@${refusal.domain}`,
    returnPath: "bounce@bounces.shop.test",
    subject: "News",
    sentAt: at,
    id: "0001ABCDEF",
  };
  for (const report of [postfixReport, eximReport]) {
    const [event, ...others] = await read(report(mail, refusal, at), mail.returnPath, at);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      kind: "bounce",
      severity: refusal.severity,
      reason: refusal.reason,
      provider: refusal.provider,
      recipient: { address: mail.recipient },
      diagnostic: { type: "smtp" },
    });
  }
});

test("one event for each message; all but the forged ones are proven, with a tag", async () => {
  const kinds = new Map<string, number>();
  const tags = new Set<string | null>();
  let forged = 0;
  for (const { octets, forwardPath, at } of arrivals) {
    const events = await read(octets, forwardPath, at);
    expect(events).toHaveLength(1);
    const [event] = events;
    if (!event) continue;
    kinds.set(event.kind, (kinds.get(event.kind) ?? 0) + 1);
    if (event.authenticity === "proven") tags.add(event.returnPath?.tag ?? null);
    else forged += 1;
    expect(event.severity).not.toBe("unknown");
  }
  expect([...kinds.keys()].toSorted()).toEqual(["auto_reply", "bounce", "complaint", "delay"]);
  expect(Math.min(...kinds.values())).toBeGreaterThan(5);
  expect(tags).toEqual(new Set<string | null>(DEMO_TAGS));
  expect(forged).toBe(5);
});

test("the same every time, in order, within five weeks", () => {
  expect(demoArrivals(NOW, settings.returnPath)).toEqual(arrivals);
  expect(arrivals.length).toBeGreaterThan(300);
  const times = arrivals.map(({ at }) => at.getTime());
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
  expect(times.at(-1)).toBeLessThanOrEqual(NOW);
  expect(times[0]).toBeGreaterThanOrEqual(NOW - DEMO_DAYS * DAY_MS);
});

test("enough names, whatever day of the week it is", () => {
  for (let day = 0; day < 7; day += 1)
    expect(demoArrivals(NOW + day * DAY_MS, settings.returnPath).length).toBeGreaterThan(300);
});

test("every name ends in .test or .example", () => {
  const others = arrivals
    .flatMap(
      ({ octets }) =>
        octets.toString("utf8").match(/(?<=[@/<\s[(])[a-z][\w-]*(?:\.[a-z][\w-]*)*\.[a-z]{2,}\b(?![\w.-]*@)/gi) ?? [],
    )
    // A word of Exchange, no name.
    .filter((name) => !/\.(?:test|example)$/i.test(name) && name !== "RESOLVER.ADR.RecipientNotFound");
  expect([...new Set(others)]).toEqual([]);
});
