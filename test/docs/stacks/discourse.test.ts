/** docs/stacks/discourse.md: what Discourse makes of the events of all fixtures, with the lines of the page. */
import { expect, test, vi } from "vitest";
import { parse } from "yaml";
import type { BouncedEvent } from "../../../src/event/event.ts";
import { passes } from "../../../src/outputs/event-filter.ts";
import { webhookRequestOf } from "../../../src/outputs/webhook-request.ts";
import { webhooksSchema, type WebhookEndpoint } from "../../../src/outputs/webhook-settings.ts";
import { blockOf } from "../../support/docs.ts";
import { FIXTURES, octetsOf, readOctets } from "../../support/fixtures.ts";

vi.setConfig({ testTimeout: 120_000 });

const { webhooks } = parse(blockOf("stacks/discourse.md", "Bounce score", "yaml")) as { webhooks: unknown };
const endpoint = webhooksSchema.parse(webhooks)[0] as WebhookEndpoint;

/** `postmark` of its webhooks_controller.rb: the score that is added to the user of the message. */
function scoreOf(event: BouncedEvent): "hard" | "soft" | null {
  if (!passes(endpoint.filter, event)) return null;
  const { body = "null" } = webhookRequestOf(endpoint, [event], new Date()) ?? {};
  const record = JSON.parse(body) as { MessageID: string; Email: string; Type: string } | null;
  if (!record?.MessageID || !record.Email) return null;
  expect(record.MessageID).not.toMatch(/[<>]/);
  if (["HardBounce", "SpamNotification", "SpamComplaint"].includes(record.Type)) return "hard";
  return record.Type === "SoftBounce" ? "soft" : null;
}

test("hard bounces and complaints count as hard, soft ones as soft, blocks and unproven reports not at all", async () => {
  const read = (await Promise.all(FIXTURES.map(async (fixture) => await readOctets(octetsOf(fixture))))).flat();
  const counts = new Map<string, number>();
  for (const event of read) {
    expect(scoreOf({ ...event, authenticity: "unproven" })).toBeNull();
    const score = scoreOf({ ...event, authenticity: "proven" });
    if (score === null) continue;
    const of = event.kind === "complaint" ? "complaint" : event.severity;
    counts.set(`${of} ${score}`, (counts.get(`${of} ${score}`) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted()).toEqual(["complaint hard", "hard hard", "soft soft"]);
  for (const count of counts.values()) expect(count).toBeGreaterThan(3);
});
