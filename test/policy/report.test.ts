/** Refusals on their way into the log. */
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { readMessage } from "../../src/core/read-message.ts";
import type { ReportedRefusalInput } from "../../src/core/refusals/refusal.ts";
import type { ReceivedMessage } from "../../src/intake/message.ts";
import type { Answer } from "../../src/policy/answer.ts";
import { createReporter } from "../../src/policy/report.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { acceptRefusals } from "../../src/refusals/accept-refusals.ts";

const REPLY = "550 5.1.1 suppressed since 2026-03-02: mailbox unknown (bounced:e0123456789abcdef0123456789abcde)";
const refuse: Answer = {
  kind: "refuse",
  reply: REPLY,
  entry: {
    scope: "address",
    stream: "",
    cause: "hard",
    reason: "mailbox_unknown",
    eventId: null,
    createdAt: 0,
    expiresAt: 0,
  },
};
const NOW = Date.UTC(2026, 2, 2, 10, 0, 30);

test("a refusal becomes one event of kind not_sent, however often the message is tried; what passes becomes none", async () => {
  const messages: ReceivedMessage[] = [];
  const reporter = createReporter({
    accept: (refusals) =>
      acceptRefusals(
        {
          accept: (message) => (messages.push(message), Promise.resolve("")),
          write: () => Promise.reject(new Error("nothing was sent that could be counted")),
        },
        refusals,
        { pathPrefix: "b" },
      ),
    onLost: () => expect.unreachable(),
    everyMs: 3_600_000,
  });
  const question = { recipient: "Gone@example.org", sender: "news@example.com", instance: "1.2.3" };
  reporter.report(question, refuse, NOW);
  reporter.report(question, refuse, NOW + 5000);
  reporter.report({ ...question, instance: null }, refuse, NOW);
  reporter.report({ ...question, instance: null }, refuse, NOW + 5000);
  reporter.report(question, { kind: "pass" }, NOW);
  reporter.report(question, { kind: "defer", reply: "451 4.3.0 later" }, NOW);
  await reporter.stop();
  const events = (
    await Promise.all(
      messages.map(({ octets, size, sha256 }) =>
        readMessage(
          {
            octets,
            size,
            sha256,
            truncated: false,
            isRefusal: true,
            receivedAt: new Date(NOW).toISOString(),
            envelope: { reversePath: null, forwardPath: null },
            remoteAddress: null,
          },
          readSettingsOf(loadConfig({})),
        ),
      ),
    )
  ).flat();
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  expect(events[0]).toMatchObject({
    kind: "not_sent",
    severity: "info",
    reason: "not_attempted",
    advice: "ignore",
    action: null,
    recipient: { mailed: "Gone@example.org" },
    diagnostic: { text: REPLY },
    authenticity: "proven",
    returnPath: { address: "news@example.com" },
  });
});

test("more than waits for Redis at most is counted, not kept; what Redis does not take is counted too", async () => {
  const taken: ReportedRefusalInput[] = [];
  const lost: number[] = [];
  let isAway = false;
  const reporter = createReporter({
    accept: async (refusals) => {
      if (isAway) throw new Error("no Redis");
      taken.push(...refusals);
    },
    onLost: (count) => lost.push(count),
    everyMs: 3_600_000,
  });
  for (let n = 0; n < 20_010; n++)
    reporter.report({ recipient: `user${n}@example.org`, sender: "", instance: String(n) }, refuse, NOW);
  await reporter.stop();
  expect([taken.length, lost]).toEqual([20_000, [10]]);
  isAway = true;
  reporter.report({ recipient: "user@example.org", sender: "", instance: null }, refuse, NOW);
  await reporter.stop();
  expect(lost).toEqual([10, 1]);
});
