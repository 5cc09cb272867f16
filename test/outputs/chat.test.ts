/** Alerts for chats and pagers: the requests as each service documents them, with a stranger's words in them. */
import { describe, expect, test } from "vitest";
import { sampleAlert } from "../../src/outputs/chat/alert-text.ts";
import { CHAT_SHAPES, type ChatShape } from "../../src/outputs/chat/messages.ts";
import { quietFor } from "../../src/outputs/chat/quiet-hours.ts";
import { noticeRequestOf } from "../../src/outputs/webhook-request.ts";
import { webhooksSchema } from "../../src/outputs/webhook-settings.ts";
import type { Alert } from "../../src/store/alerts/alerts.ts";
import type { IncidentAlert } from "../../src/store/alerts/incident-alerts.ts";

const HARM = "<!channel> @everyone <https://evil.example|click> [x](https://evil.example) `*_~ ```";
const now = new Date("2026-11-30T10:00:00.000Z");
const alert: Alert = {
  ...sampleAlert(now),
  value: "google",
  explanation: "At google there were 64 events refused as blocked, where about 1 are usual. Look at the texts.",
  texts: [{ text: `550 5.7.1 ${HARM}`, count: 64 }],
};
const resolved: Alert = { ...alert, id: `${alert.id}-resolved`, state: "resolved", texts: [] };
const LINK =
  "https://bounced.example.com/log?provider=google&from=2026-11-30T09%3A00%3A00.000Z&to=2026-11-30T10%3A00%3A00.000Z&severity=block";

function requestFor(shape: ChatShape, of: Alert | IncidentAlert) {
  const [endpoint] = webhooksSchema.parse([
    {
      id: "ops",
      shape,
      url: "https://chat.example.com/hook",
      pagesUrl: "https://bounced.example.com/",
      ...(shape === "pagerduty" ? { secret: "0123456789abcdef0123456789abcdef" } : {}),
    },
  ]);
  const { body, headers } = noticeRequestOf(endpoint!, of, now);
  return { headers, text: body, json: shape === "ntfy" ? null : (JSON.parse(body) as Record<string, never>) };
}

test("slack: blocks whose text is plain, and no mention in the notification", () => {
  const { json, headers } = requestFor("slack", alert);
  expect(headers["content-type"]).toBe("application/json");
  expect(json).toMatchObject({
    text: "Blocks at google. At google there were 64 events refused as blocked, where about 1 are usual. Look at the texts.",
    blocks: [
      { type: "header", text: { type: "plain_text", text: "⚠ Blocks at google" } },
      { type: "section", text: { type: "plain_text", text: alert.explanation } },
      {
        type: "rich_text",
        elements: [{ type: "rich_text_preformatted", elements: [{ type: "text", text: `64 × 550 5.7.1 ${HARM}` }] }],
      },
      { type: "actions", elements: [{ type: "button", url: LINK }] },
    ],
  });
  expect(JSON.stringify(json)).not.toContain("mrkdwn");
  const named = requestFor("slack", { ...alert, value: "<!channel>" });
  expect(String(named.json?.["text"])).toContain("&lt;!channel&gt;");
});

test("teams: an Adaptive Card of text runs", () => {
  const { json } = requestFor("teams", alert);
  expect(json).toMatchObject({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          type: "AdaptiveCard",
          body: [
            { type: "RichTextBlock", inlines: [{ type: "TextRun", text: "Blocks at google", color: "Attention" }] },
            { type: "RichTextBlock", inlines: [{ text: alert.explanation }] },
            { type: "RichTextBlock", inlines: [{ text: `64 × 550 5.7.1 ${HARM}`, fontType: "Monospace" }] },
          ],
          actions: [{ type: "Action.OpenUrl", url: LINK }],
        },
      },
    ],
  });
  expect(JSON.stringify(json)).not.toContain('TextBlock","text');
});

test("discord: nobody is mentioned, and a stranger cannot leave the code block", () => {
  const { json } = requestFor("discord", { ...alert, value: "*google*" });
  const { allowed_mentions, embeds } = json as unknown as {
    allowed_mentions: object;
    embeds: [{ title: string; description: string; url: string }];
  };
  expect(allowed_mentions).toEqual({ parse: [] });
  expect(embeds[0].title).toBe(String.raw`Blocks at \*google\*`);
  expect(embeds[0].description.split("```")).toHaveLength(3);
});

test("pagerduty: an incident that its end resolves", () => {
  const { json } = requestFor("pagerduty", alert);
  expect(json).toMatchObject({
    routing_key: "0123456789abcdef0123456789abcdef",
    event_action: "trigger",
    dedup_key: "bounced/block/provider/google",
    payload: { summary: "Blocks at google", source: "bounced", severity: "warning", timestamp: alert.at },
    links: [{ href: LINK }],
  });
  expect(requestFor("pagerduty", resolved).json).toMatchObject({
    event_action: "resolve",
    dedup_key: "bounced/block/provider/google",
  });
});

test("ntfy: text, with its title in an ASCII header", () => {
  const { text, headers } = requestFor("ntfy", { ...alert, value: "münchen.example\r\nX-Evil: 1" });
  expect(text).toContain("64 × 550 5.7.1");
  expect(headers).toMatchObject({ priority: "high", tags: "warning" });
  for (const value of Object.values(headers)) expect(value).toMatch(/^[ -~]+$/);
  const title = /^=\?utf-8\?B\?(.+)\?=$/.exec(headers["title"] ?? "")?.[1] ?? "";
  expect(Buffer.from(title, "base64").toString("utf8")).toContain("münchen.example");
});

test.each(CHAT_SHAPES)("%s: an end says so, and no text of a mail makes a request too long", (shape) => {
  expect(requestFor(shape, resolved).text + JSON.stringify(requestFor(shape, resolved).headers)).toMatch(
    /Resolved|resolve|check_mark/,
  );
  const long = "x".repeat(100_000);
  const flood = { ...alert, value: long, texts: Array.from({ length: 50 }, () => ({ text: long, count: 1 })) };
  expect(requestFor(shape, { ...flood, explanation: "long" }).text.length).toBeLessThan(210_000);
});

const incident: IncidentAlert = {
  schema: "bounced.incident-alert/1",
  id: "i29563920-auth_failed-google-7",
  state: "open",
  at: now.toISOString(),
  incident: "i29563920-auth_failed-google",
  title: "Google refuses mail with 5.7.26: SPF, DKIM, DMARC or ARC did not pass",
  explanation: `Since 2026-11-30 09:10 UTC. Only mail with the tag ${HARM} \u202egnp.`,
  todo: "Publish a key.",
  reason: "auth_failed",
  severity: "block",
  provider: "google",
  status: "5.7.26",
  startedAt: now.toISOString(),
  count: 1204,
  recipients: { count: 1204, suppressed: 0, atLeast: false },
  scope: [],
  texts: [{ text: `550 5.7.26 ${HARM} \u202egnp`, count: 290 }],
};

test.each(CHAT_SHAPES)("%s: an incident leads to its page, mentions nobody, and its end ends it", (shape) => {
  const { text, json, headers } = requestFor(shape, incident);
  const all = text + JSON.stringify(headers);
  expect(all).toContain("https://bounced.example.com/incidents/i29563920-auth_failed-google");
  expect(all).toContain("Publish a key.");
  expect(all).not.toMatch(/\u202e|\\u202e/);
  if (shape === "slack") expect(String(json?.["text"])).not.toMatch(/<!channel>|<https/);
  if (shape === "discord") expect(json).toMatchObject({ allowed_mentions: { parse: [] } });
  const key = (of: IncidentAlert) => (requestFor("pagerduty", of).json as { dedup_key?: string } | null)?.dedup_key;
  const end: IncidentAlert = { ...incident, id: `${incident.id}1`, state: "resolved", texts: [] };
  expect(key(end)).toBe(key(incident));
  expect(requestFor(shape, end).text + JSON.stringify(requestFor(shape, end).headers)).toMatch(
    /Resolved|resolve|check_mark/,
  );
});

describe("settings", () => {
  const parse = (settings: object) =>
    webhooksSchema.safeParse([{ id: "ops", url: "https://chat.example.com/x", ...settings }]);

  test("a chat needs no secret and gets alerts alone; a pager and the others need one", () => {
    expect(parse({ shape: "slack" }).data?.[0]).toMatchObject({ alerts: "only" });
    expect(parse({ shape: "pagerduty" }).error?.issues[0]?.path).toEqual([0, "secret"]);
    expect(parse({ shape: "native" }).error?.issues[0]?.path).toEqual([0, "secret"]);
    expect(parse({ shape: "slack", suppressions: true }).error?.issues[0]?.path).toEqual([0, "suppressions"]);
  });

  test("a time zone that does not exist is named", () => {
    const quietHours = { from: "22:00", to: "07:00", timezone: "Europe/Atlantis" };
    expect(parse({ shape: "slack", quietHours }).error?.issues[0]?.message).toContain("Europe/Berlin");
  });
});

test.each([
  ["2026-11-30T20:59:00Z", 0],
  ["2026-11-30T21:00:00Z", 9 * 60],
  ["2026-11-30T23:30:00Z", 6 * 60 + 30],
  ["2026-12-01T05:59:00Z", 1],
  ["2026-12-01T06:00:00Z", 0],
])("quiet from 22 to 7 in Berlin: at %s for %d minutes more", (at, minutes) => {
  const quiet = { from: "22:00", to: "07:00", timezone: "Europe/Berlin" };
  expect(quietFor(quiet, Date.parse(at))).toBe(minutes * 60_000);
});
