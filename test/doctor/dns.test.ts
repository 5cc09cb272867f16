import { expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import type { Resolver } from "../../src/doctor/check.ts";
import { checkDns } from "../../src/doctor/dns.ts";

const notFound = (): Promise<never> =>
  Promise.reject(Object.assign(new Error("queryMx ENOTFOUND"), { code: "ENOTFOUND" }));

const good: Resolver = {
  resolveMx: async () => [{ exchange: "mx.bounces.example.com", priority: 10 }],
  resolveTxt: async () => [["v=spf1 ip4:192.0.2.10", " -all"], ["something else"]],
  resolve4: async () => ["192.0.2.10"],
  resolve6: notFound,
  reverse: async () => ["mx.bounces.example.com"],
};

async function statesFor(resolver: Partial<Resolver>, domains = "bounces.example.com") {
  const findings = await checkDns({
    config: loadConfig({ BOUNCED_DOMAINS: domains }),
    resolver: { ...good, ...resolver },
    now: 0,
  });
  return Object.fromEntries(findings.map(({ id, state }) => [id.split(" ")[0], state]));
}

test("everything in place", async () => {
  expect(await statesFor({})).toEqual({ mx: "ok", spf: "ok", ptr: "ok" });
});

test("a domain for trying out has no DNS to check", async () => {
  expect(await statesFor({ resolveMx: notFound }, "localhost")).toEqual({ mx: "skip" });
});

test.each<[string, Partial<Resolver>, Record<string, string>]>([
  ["no MX", { resolveMx: notFound }, { mx: "fail", spf: "ok" }],
  ["null MX", { resolveMx: async () => [{ exchange: "", priority: 0 }] }, { mx: "fail", spf: "ok" }],
  ["an MX without address", { resolve4: notFound }, { mx: "fail", spf: "ok" }],
  [
    "two SPF records",
    { resolveTxt: async () => [["v=spf1 -all"], ["v=spf1 mx -all"]] },
    { mx: "ok", spf: "fail", ptr: "ok" },
  ],
  ["no SPF record", { resolveTxt: notFound }, { mx: "ok", spf: "warn", ptr: "ok" }],
  ["no PTR", { reverse: notFound }, { mx: "ok", spf: "ok", ptr: "warn" }],
  ["a resolver that is away", { resolveMx: () => Promise.reject(new Error("ETIMEOUT")) }, { mx: "warn", spf: "ok" }],
])("%s", async (_name, resolver, states) => {
  expect(await statesFor(resolver)).toEqual(states);
});
