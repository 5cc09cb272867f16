/** The landing page: one real bounce on the left, the event that bounced makes of it on the right. */
import { readFileSync } from "node:fs";
import { readMessage } from "../src/core/index.ts";
import { loadConfig } from "../src/config/config.ts";
import type { BouncedEvent } from "../src/event/event.ts";
import { readSettingsOf } from "../src/reading/read-settings.ts";
import { createReturnPath } from "../src/return-path/create.ts";
import { messageInputOf } from "../src/sources/message-input.ts";

export const FIXTURE = "fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml";

/** The event of that report, come back to an address that was signed for its recipient on the day before. */
export async function eventOfFixture(): Promise<BouncedEvent> {
  const settings = readSettingsOf(loadConfig({ BOUNCED_SECRET: "a-key-for-this-picture-only" }));
  const [, recipient = ""] = /^Final-Recipient: rfc822; (\S+)/m.exec(reportLines().join("\n")) ?? [];
  const request = { domain: "bounces.localhost", recipient, tag: "campaign-42" };
  const forwardPath = createReturnPath(request, settings.returnPath, "2026-11-16T12:00:00Z");
  const input = messageInputOf(readFileSync(FIXTURE), 262_144, { reversePath: "", forwardPath });
  const [event] = await readMessage({ ...input, receivedAt: "2026-11-17T15:15:44.000Z" }, settings);
  if (event?.authenticity !== "proven") throw new Error(`${FIXTURE}: no proven event`);
  return event;
}

/** Marked on both sides, one after the other: a field of the report, and what comes of it. */
const PAIRS: readonly (readonly [line: RegExp, keys: readonly string[]])[] = [
  [/^Final-Recipient:|^Original-Recipient:/, ["recipient"]],
  [/^Action:/, ["kind"]],
  [/^Status:/, ["status", "reason"]],
  [/^Remote-MTA:/, ["provider"]],
  [/^Diagnostic-Code:|^ {4}/, ["evidence", "severity", "explanation"]],
];

/** The part of the message that machines read. */
function reportLines(): readonly string[] {
  const [, part = ""] = readFileSync(FIXTURE, "latin1")
    .replaceAll("\r", "")
    .split(/^Content-Type: message\/delivery-status$/m);
  const [, , group = ""] = part.split(/\n\n+/);
  return group.split(/\n--/, 1)[0]?.trimEnd().split("\n") ?? [];
}

function shownOf(event: BouncedEvent): readonly (readonly [string, unknown])[] {
  const { kind, severity, reason, advice, explanation, recipient, status, provider, confidence } = event;
  const evidence = event.evidence.map(({ rule, text }) => ({ rule, text })).slice(0, 1);
  const all = { kind, severity, reason, advice, explanation, recipient: recipient.mailed ?? recipient.address };
  return Object.entries({ ...all, status, provider, confidence, evidence });
}

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const marked = (text: string, pair: number): string =>
  pair < 0 ? escape(text) : `<mark class="pair-${pair + 1}">${escape(text)}</mark>`;

/** What the page has besides the picture. */
export const LANDING_PAGE = `---
layout: home
title: bounced
titleTemplate: ":title, the processor for returned mail"
hero:
  name: bounced
  text: Every bounce, understood
  tagline: Set it as the Return-Path of what you send. Bounces, delays, complaints and auto-replies become one classified event per recipient, on your own machines.
  actions:
    - { theme: brand, text: Get started, link: /readme }
    - { theme: alt, text: Install, link: /install }
    - { theme: alt, text: All pages by task, link: /guide }
features:
  - { title: A block is not a bad address, details: "Spam, policy and reputation refusals have a severity of their own and never count against the recipient.", link: /events }
  - { title: Every verdict says why, details: "Each event carries the rule that decided, the words that matched, and two sentences for support.", link: /rules }
  - { title: Nothing accepted is lost, details: "250 means that the message is on disk. While Redis is down, senders get 451 and keep the mail.", link: /operating }
  - { title: Forged bounces change nothing, details: "A signed return path proves that a report is about mail that you sent. No proof, no suppression.", link: /proof }
---
`;

/** HTML, for the theme. */
export async function landingPicture(): Promise<string> {
  const mail = reportLines().map((line) =>
    marked(
      line,
      PAIRS.findIndex(([pattern]) => pattern.test(line)),
    ),
  );
  const event = shownOf(await eventOfFixture()).map(([key, value]) => {
    const text = `  ${JSON.stringify(key)}: ${JSON.stringify(value, null, 2).replaceAll("\n", "\n  ")},`;
    return marked(
      text,
      PAIRS.findIndex(([, keys]) => keys.includes(key)),
    );
  });
  return `<figure><figcaption>The report that came back</figcaption><pre tabindex="0"><code>${mail.join("\n")}</code></pre></figure>
<div class="arrow" aria-hidden="true">→</div>
<figure><figcaption>The event on the queue bounce-hard</figcaption><pre tabindex="0"><code>{
${event.join("\n")}
  …
}</code></pre></figure>`;
}
