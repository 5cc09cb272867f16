/** Which function starts which role, in the order in which they start: consumers before what feeds them. */
import type { Role, StartRole } from "../client/service.ts";

export const ROLE_STARTERS: readonly (readonly [Role, () => Promise<StartRole>])[] = [
  ["record", async () => (await import("../../workers/record.ts")).recordRole],
  ["webhook", async () => (await import("../../workers/webhook.ts")).webhookRole],
  ["forward", async () => (await import("../../workers/forward.ts")).forwardRole],
  ["worker", async () => (await import("../../workers/classify.ts")).workerRole],
  ["smtp", async () => (await import("../../workers/listener.ts")).smtpRole],
  ["follow", async () => (await import("../../workers/follow.ts")).followRole],
  ["mailbox", async () => (await import("../../workers/mailbox.ts")).mailboxRole],
  ["policy", async () => (await import("../../workers/policy.ts")).policyRole],
  ["http", async () => (await import("../../workers/http.ts")).httpRole],
];
