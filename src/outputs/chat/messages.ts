/**
 * Alerts in the words of Slack, Microsoft Teams, Discord, PagerDuty and ntfy. What servers said is put where the service
 * shows text as it is: a stranger's words make no link, mention nobody and format nothing.
 */
import { shortened, type AlertText } from "./alert-text.ts";

export interface ChatMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ChatTarget {
  readonly url: string;
  /** Of PagerDuty: the integration key. */
  readonly secret: string;
}

export const CHAT_SHAPES = ["slack", "teams", "discord", "pagerduty", "ntfy"] as const;
export type ChatShape = (typeof CHAT_SHAPES)[number];

export const isChat = (shape: string): shape is ChatShape => CHAT_SHAPES.some((chat) => chat === shape);

export const chatMessage = (shape: ChatShape, alert: AlertText, target: ChatTarget): ChatMessage =>
  MESSAGES[shape](alert, target);

const MESSAGES: Readonly<Record<ChatShape, (alert: AlertText, target: ChatTarget) => ChatMessage>> = {
  slack: (alert) => json(slack(alert)),
  teams: (alert) => json(teams(alert)),
  discord: (alert) => json(discord(alert)),
  pagerduty: (alert, { secret }) => json(pagerDuty(alert, secret)),
  ntfy,
};

const json = (body: object): ChatMessage => ({
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});

const quoteLine = ({ text, count }: AlertText["quotes"][number]): string => `${count} × ${text}`;

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, Block Kit */
function slack({ title, text, quotes, link, isResolved }: AlertText): object {
  const plain = (words: string, most: number): object => ({
    type: "plain_text",
    text: shortened(words, most),
    emoji: false,
  });
  return {
    text: escapeSlack(`${title}. ${text}`),
    unfurl_links: false,
    blocks: [
      { type: "header", text: plain(`${isResolved ? "✓" : "⚠"} ${title}`, 150) },
      { type: "section", text: plain(text, 3000) },
      ...quotes.map((quote) => ({
        type: "rich_text",
        elements: [{ type: "rich_text_preformatted", elements: [{ type: "text", text: quoteLine(quote) }] }],
      })),
      ...(link === null
        ? []
        : [
            {
              type: "actions",
              elements: [{ type: "button", text: plain("Show the events", 75), url: link }],
            },
          ]),
    ],
  };
}

/** Slack reads `<!channel>` and `<https://…>` in `text`, which notifications show. */
const escapeSlack = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A workflow "post to a channel when a webhook request is received": an Adaptive Card. */
function teams({ title, text, quotes, link, isResolved }: AlertText): object {
  // Text runs are shown as they are; a TextBlock would read Markdown.
  const run = (words: string, style: object = {}): object => ({
    type: "RichTextBlock",
    inlines: [{ type: "TextRun", text: words, ...style }],
  });
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          fallbackText: title,
          body: [
            run(title, { weight: "Bolder", size: "Medium", color: isResolved ? "Good" : "Attention" }),
            run(text),
            ...quotes.map((quote) => run(quoteLine(quote), { fontType: "Monospace", size: "Small" })),
          ],
          actions: link === null ? [] : [{ type: "Action.OpenUrl", title: "Show the events", url: link }],
        },
      },
    ],
  };
}

const RED = 0xcf3236;
const GREEN = 0x2b8a73;

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
function discord({ title, text, quotes, link, isResolved, at }: AlertText): object {
  const block = quotes.map(quoteLine).join("\n").replaceAll("`", "'");
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: shortened(escapeMarkdown(title), 256),
        description:
          shortened(escapeMarkdown(text), 2000) + (block === "" ? "" : `\n\`\`\`\n${shortened(block, 1900)}\n\`\`\``),
        color: isResolved ? GREEN : RED,
        timestamp: at,
        ...(link === null ? {} : { url: link }),
      },
    ],
  };
}

const escapeMarkdown = (text: string): string => text.replaceAll(/[\\*_~`|>#[\]()<@-]/g, String.raw`\$&`);

/** Events API v2: https://developer.pagerduty.com/docs/send-alert-event */
function pagerDuty({ key, title, text, quotes, link, isResolved, at }: AlertText, routingKey: string): object {
  return {
    routing_key: routingKey,
    event_action: isResolved ? "resolve" : "trigger",
    dedup_key: key,
    client: "bounced",
    ...(link === null ? {} : { links: [{ href: link, text: "Show the events" }] }),
    payload: {
      summary: title,
      source: "bounced",
      severity: "warning",
      timestamp: at,
      custom_details: { explanation: text, server_responses: quotes.map(quoteLine) },
    },
  };
}

/** https://docs.ntfy.sh/publish: the address is that of the topic. */
function ntfy({ title, text, quotes, link, isResolved }: AlertText): ChatMessage {
  return {
    body: [text, ...quotes.map(quoteLine)].join("\n\n"),
    headers: {
      "content-type": "text/plain; charset=utf-8",
      // RFC 2047: header fields are ASCII.
      title: `=?utf-8?B?${Buffer.from(title).toString("base64")}?=`,
      tags: isResolved ? "white_check_mark" : "warning",
      priority: isResolved ? "default" : "high",
      ...(link === null ? {} : { click: link }),
    },
  };
}
