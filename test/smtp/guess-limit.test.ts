import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { createGuessLimit } from "../../src/smtp/guess-limit.ts";
import { forwardPathPolicyOf } from "../../src/smtp/forward-path-policy.ts";
import { REPLIES } from "../../src/smtp/replies.ts";

const limits = { badReturnPaths: 10, badReturnPathsPerNetwork: 3, unlimited: ["127.0.0.1"] };

function guessing() {
  const reached: string[] = [];
  let now = Date.UTC(2026, 10, 29, 12);
  const guesses = createGuessLimit({ limits, onReached: (whose) => reached.push(whose), now: () => now });
  const config = loadConfig({ BOUNCED_DOMAINS: "bounces.example.com", BOUNCED_SECRET: "key" });
  const returnPath = { ...config.file.returnPath, batv: { secrets: ["secret"] } };
  const policy = forwardPathPolicyOf({ ...config, file: { ...config.file, returnPath } }, () => undefined, guesses);
  return { policy, reached, wait: (ms: number) => (now += ms) };
}
const wrong = (at: number) => `prvs=0${String(at).padStart(3, "0")}abcdef=bounces@bounces.example.com`;

test("a network that tries addresses is answered 451, right or wrong, and no other network is", () => {
  const { policy, reached } = guessing();
  for (let at = 0; at < 3; at++) expect(policy(wrong(at), `192.0.2.${at}`)).toBe(REPLIES.unknownRecipient);
  expect(policy(wrong(3), "192.0.2.77")).toBe(REPLIES.tooManyGuesses);
  expect(policy("b@bounces.example.com", "192.0.2.77")).toBeNull();
  expect(policy(wrong(4), "198.51.100.1")).toBe(REPLIES.unknownRecipient);
  expect(reached).toEqual(["192.0.2.0/24"]);
});

test("all networks together have a limit too, said once, and the next day begins anew", () => {
  const { policy, reached, wait } = guessing();
  for (let at = 0; at < 10; at++) expect(policy(wrong(at), `10.0.${at}.1`)).toBe(REPLIES.unknownRecipient);
  for (let at = 0; at < 20; at++) expect(policy(wrong(at), `10.1.${at}.1`)).toBe(REPLIES.tooManyGuesses);
  expect(policy(wrong(1), "127.0.0.1")).toBe(REPLIES.tooManyGuesses);
  expect(reached).toEqual(["all networks together"]);
  wait(86_400_000);
  expect(policy(wrong(1), "10.2.0.1")).toBe(REPLIES.unknownRecipient);
});

test("IPv6 counts by /48, and addresses of our own have no limit of their own", () => {
  const { policy, reached } = guessing();
  for (const host of ["2001:db8:1::1", "2001:db8:1:2::1", "2001:db8:1:3::9"]) policy(wrong(1), host);
  expect(policy(wrong(1), "2001:db8:1:ffff::1")).toBe(REPLIES.tooManyGuesses);
  expect(policy(wrong(1), "2001:db8:2::1")).toBe(REPLIES.unknownRecipient);
  expect(reached).toEqual(["2001:db8:1::/48"]);
  for (let at = 0; at < 5; at++) expect(policy(wrong(at), "127.0.0.1")).toBe(REPLIES.unknownRecipient);
});
