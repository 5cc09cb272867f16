/** Walks the way of docs/flow.md with its own message and functions: every value on the page is what they give. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configFileSchema } from "../../src/config/config-file.ts";
import { emptyRefusal, classify } from "../../src/core/classify/classify.ts";
import { withinBudget } from "../../src/event/event-budget.ts";
import { readReports } from "../../src/core/formats/index.ts";
import { findPart, parseMail } from "../../src/core/mime/mail.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { loadConfig } from "../../src/config/config.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { messageIdOf, packMessages } from "../../src/intake/pack.ts";
import { foldEvents, unfoldEvents } from "../../src/queues/fold-events.ts";
import { packOctets, unpackOctets } from "../../src/queues/raw.ts";
import { defaultQueueOf, routeEvent } from "../../src/queues/routes.ts";
import { acceptMessage, checkReversePath, createDataReader, readForwardPath } from "../../src/smtp/hooks.ts";
import { forwardPathPolicyOf } from "../../src/smtp/forward-path-policy.ts";
import type { ReceivedMessage } from "../../src/intake/message.ts";
import type { AcceptedEnvelope } from "../../src/intake/accept.ts";

const page = readFileSync("docs/flow.md", "utf8");
/** The text of a numbered step. */
const step = (number: number): string => page.split(`\n${number}. **`)[1]?.split(/\n(?:\d+\. \*\*|\n)/)[0] ?? "";
const says = (number: number, ...values: readonly (string | number | null | undefined)[]): void => {
  for (const value of values) expect(step(number), `step ${number}`).toContain(`\`${value}\``);
};

const NOW = new Date();
const RECIPIENT = "marta.keller84@bigmail.test";
const config = loadConfig({
  BOUNCED_DOMAINS: "bounces.example.com",
  BOUNCED_SECRET: "a-key-for-the-docs-of-thirty-two-characters",
});
const fixture = /`(fixtures\/\S+\.eml)`/.exec(page)?.[1] ?? "";
const octets = Buffer.from(readFileSync(fixture, "latin1").replaceAll(/\r?\n/g, "\r\n"), "latin1");

test("every file of the page exists, and has the functions named after it", () => {
  const named = [...page.matchAll(/`((?:src|workers)\/[\w/.-]+)`(?::\s+`(\w+)`)?/g)];
  expect(named.length).toBeGreaterThan(30);
  for (const [, path = "", name] of named) {
    expect(existsSync(path), path).toBe(true);
    if (name !== undefined)
      expect(readFileSync(path, "utf8"), `${path} has ${name}`).toMatch(new RegExp(`(?:function|const) ${name}\\b`));
  }
});

test("the message of the page goes the way of the page", async () => {
  checkReversePath({ state: () => "ready" });
  expect(() => checkReversePath({ state: () => "away" })).toThrow();
  says(2, 451, 452);

  const signed = createReturnPath({ domain: "bounces.example.com", recipient: RECIPIENT }, settingsOf(), NOW);
  const domains = new Set(["bounces.example.com"]);
  const forwardPath = readForwardPath(signed, { domains, policy: forwardPathPolicyOf(config) }, "192.0.2.1");
  expect(forwardPath).toBe(signed);
  expect(() => readForwardPath("x@elsewhere.example", { domains, policy: () => null }, "192.0.2.1")).toThrow();
  says(3, RECIPIENT);

  const reader = createDataReader({ maxSize: 1e6, keepBytes: 262_144, maxDotLines: 1000 });
  expect(reader.take(octets)).toBeNull();
  const message = reader.finish();
  says(4, message.size, `${message.sha256.slice(0, 8)}…`);

  let accepted: (ReceivedMessage & AcceptedEnvelope) | null = null;
  const envelope = { reversePath: "", forwardPaths: [forwardPath], remoteAddress: "192.0.2.1" };
  const id = messageIdOf(message.sha256, envelope);
  const accept = (given: ReceivedMessage, to: AcceptedEnvelope): Promise<string> => {
    accepted = { ...given, ...to };
    return Promise.resolve(id);
  };
  expect(await acceptMessage({ accept }, message, envelope)).toBe(`2.6.0 Queued as ${id}`);
  expect(accepted).toMatchObject({ sha256: message.sha256, forwardPaths: [forwardPath] });
  const { octets: kept, ...head } = message;
  const raw = await packOctets(kept);
  const receivedAt = NOW.toISOString();
  const [job] = packMessages([{ ...head, ...envelope, id, raw, receivedAt }]);
  expect(job?.opts.jobId).toBe(id);
  says(5, 250, "intake");

  const read = unpackOctets(job?.data.messages[0]?.raw ?? "");
  expect(read.equals(octets)).toBe(true);
  const mail = await parseMail(read);
  expect(findPart(mail, "message/delivery-status")).not.toBeNull();
  says(7, "message/delivery-status");

  const [reading] = readReports(mail);
  const recipient = reading?.report.recipients[0];
  says(8, reading?.format, recipient?.action, recipient?.status, reading?.report.software);

  const settings = readSettingsOf(config);
  const input = {
    octets: read,
    truncated: message.truncated,
    size: message.size,
    sha256: message.sha256,
    receivedAt,
    remoteAddress: envelope.remoteAddress,
    envelope: { reversePath: "", forwardPath },
  };
  const events = await readMessage(input, settings);
  const [event] = events;
  says(9, event?.authenticity, event?.proof);
  expect(event?.recipient.mailed).toBe(RECIPIENT);
  const verdict = classify({ ...emptyRefusal, text: event?.diagnostic?.text ?? "" }, settings);
  says(10, verdict.evidence[0]?.rule, verdict.severity, verdict.reason);
  expect(event).toMatchObject({ severity: verdict.severity, reason: verdict.reason });
  expect(withinBudget(events)).toEqual(events);
  says(11, event?.id);

  expect(routeEvent(event!, [])).toEqual([defaultQueueOf(event!)]);
  says(12, defaultQueueOf(event!));
  expect(unfoldEvents(foldEvents(events))).toEqual(events);
});

function settingsOf() {
  return { ...configFileSchema.parse({}).returnPath, secrets: config.BOUNCED_SECRET };
}
