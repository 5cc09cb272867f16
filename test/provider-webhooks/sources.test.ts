/** What each provider posts, and which refusals it becomes. Bodies as the providers' references show them. */
import { expect, test } from "vitest";
import { reportedRefusalSchema } from "../../src/core/refusals/refusal.ts";
import type { ProviderEvent } from "../../src/provider-webhooks/provider-event.ts";
import { readBody } from "../../src/provider-webhooks/read-body.ts";
import { providerWebhooksSchema, type ProviderEndpoint } from "../../src/provider-webhooks/settings.ts";
import { BODIES } from "./bodies.ts";

const endpointOf = (endpoint: object): ProviderEndpoint =>
  providerWebhooksSchema.parse([{ secret: "0123456789abcdef01234567", ...endpoint }])[0]!;

/** In a line: what it became, whom it is about, and in whose words. */
function lineOf(event: ProviderEvent): string {
  if (event.outcome !== "refusal") return `${event.outcome} ${event.type}`.trim();
  const { data, error } = reportedRefusalSchema.safeParse(event.refusal);
  if (!data) return `refused ${error.issues[0]?.path.join(".")}`;
  const { action, recipient, given, status, replyCode, messageId, queueId, tag, at, attempt, among, feedbackType } =
    data;
  const more = { status, replyCode, remoteMta: data.remoteMta, messageId, queueId, tag, at, attempt, feedbackType };
  const said = Object.entries(more).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return [action, recipient, `(${given?.label})`, ...said, ...((among ?? 1) > 1 ? [`among=${among}`] : [])].join(" ");
}

test.each(BODIES)("$source: $name", ({ source, body, expected, diagnostic, ...settings }) => {
  const events = readBody(endpointOf({ source, ...settings.endpoint }), body);
  expect(events.map(lineOf)).toEqual(expected);
  const said = events.flatMap((event) => (event.outcome === "refusal" ? [event.refusal] : []));
  if (diagnostic !== undefined) expect(said.map((refusal) => refusal.diagnostic)).toEqual([diagnostic].flat());
  for (const refusal of said) {
    expect(refusal.given?.source).toBeTruthy();
    expect(JSON.parse(refusal.raw ?? "null")).toBeTypeOf("object");
  }
});

test.each(["ses", "sendgrid", "postmark", "mailgun", "sparkpost", "resend", "brevo", "mailjet", "kumomta"])(
  "%s: any JSON is read, and what makes no sense is counted as such",
  (source) => {
    const junk: unknown[] = [null, 7, "x", [], {}, [[]], [null], { msys: 1 }, { event: {} }, { "event-data": [] }];
    const deep = (value: unknown): unknown => ({ event: value, type: value, RecordType: value, msys: { a: value } });
    for (const body of [...junk, ...junk.map(deep), { notificationType: "Bounce" }, { eventType: "Complaint" }])
      for (const event of readBody(endpointOf({ source }), body))
        expect(["ignored", "unknown", "refused"]).toContain(lineOf(event).split(" ")[0]);
  },
);

test("lengths and characters of a provider cost the field, not the event", () => {
  const long = "x".repeat(10_000);
  const [event] = readBody(endpointOf({ source: "sendgrid" }), [
    {
      event: "bounce",
      email: "a@example.org",
      sg_message_id: `a\n${long}`,
      category: long,
      reason: long,
      status: "5.x",
      timestamp: "soon",
    },
  ]);
  expect(event && lineOf(event)).toMatch(/^failed a@example\.org \(bounce\) queueId=a x+ tag=x{500}$/);
});
