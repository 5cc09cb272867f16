/** Real questions to a real name server, and to whoever answers where the MX leads. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { checkDns } from "../../src/doctor/dns.ts";
import { openResolver } from "../../src/doctor/run.ts";
import { startDnsServer, type DnsServer, type Zone } from "../support/dns-server.ts";

const GOOD: Zone = {
  "bounces.example.com MX": ["10 mx.example.com"],
  "bounces.example.com TXT": ["something else", "v=spf1 ip4:192.0.2.10 -all"],
  "mx.example.com A": ["127.0.0.1"],
  "1.0.0.127.in-addr.arpa PTR": ["mx.example.com"],
};

let names: DnsServer;
let listener: Server;
let greeting = "220 mx.example.com ESMTP bounced\r\n";
let mxPort = 0;
beforeAll(async () => {
  names = await startDnsServer(GOOD);
  listener = createServer((socket) => socket.end(greeting)).listen(0, "127.0.0.1");
  await once(listener, "listening");
  mxPort = (listener.address() as AddressInfo).port;
});
afterAll(async () => {
  await names.stop();
  listener.close();
});

async function check(zone: Zone | null, domains = "bounces.example.com", port = mxPort) {
  names.zone = zone;
  return checkDns({
    config: loadConfig({ BOUNCED_DOMAINS: domains }),
    resolver: openResolver(names.address),
    now: 0,
    mxPort: port,
  });
}
const statesOf = (findings: Awaited<ReturnType<typeof check>>) =>
  Object.fromEntries(findings.map(({ id, state }) => [id.split(" ")[0], state]));

test("everything in place, said once for two domains with one host", async () => {
  const found = await check(
    { ...GOOD, "b.example.com MX": ["10 mx.example.com"], "b.example.com TXT": ["v=spf1 -all"] },
    "bounces.example.com,b.example.com",
  );
  expect(statesOf(found)).toEqual({ mx: "ok", "port-25": "ok", spf: "ok", ptr: "ok" });
  expect(found.length).toBe(6);
});

test("a domain for trying out has no DNS to check", async () => {
  expect(statesOf(await check({}, "localhost,bounces.test"))).toEqual({ mx: "skip" });
});

const without = (...keys: (keyof Zone)[]): Zone =>
  Object.fromEntries(Object.entries(GOOD).filter(([key]) => !keys.includes(key as keyof Zone)));

test.each<[string, Zone | null, Record<string, string>]>([
  ["no MX", without("bounces.example.com MX"), { mx: "fail", spf: "ok" }],
  ["a domain that does not exist", {}, { mx: "fail", spf: "warn" }],
  ["null MX", { ...GOOD, "bounces.example.com MX": ["0 ."] }, { mx: "fail", spf: "ok" }],
  ["an MX without address", without("mx.example.com A"), { mx: "fail", spf: "ok" }],
  [
    "two SPF records",
    { ...GOOD, "bounces.example.com TXT": ["v=spf1 -all", "v=spf1 mx -all"] },
    { mx: "ok", "port-25": "ok", spf: "fail", ptr: "ok" },
  ],
  [
    "SPF for everybody",
    { ...GOOD, "bounces.example.com TXT": ["v=spf1 +all"] },
    { mx: "ok", "port-25": "ok", spf: "warn", ptr: "ok" },
  ],
  ["no SPF record", without("bounces.example.com TXT"), { mx: "ok", "port-25": "ok", spf: "warn", ptr: "ok" }],
  ["no PTR", without("1.0.0.127.in-addr.arpa PTR"), { mx: "ok", "port-25": "ok", spf: "ok", ptr: "warn" }],
  [
    "a PTR to another name",
    { ...GOOD, "1.0.0.127.in-addr.arpa PTR": ["host-1.isp.example"] },
    { mx: "ok", "port-25": "ok", spf: "ok", ptr: "warn" },
  ],
  ["a name server that is away", null, { mx: "warn", spf: "warn" }],
])(
  "%s",
  async (_name, zone, states) => {
    expect(statesOf(await check(zone))).toEqual(states);
  },
  30_000,
);

test("the MX leads to another mail server", async () => {
  greeting = "220 mx.example.com ESMTP Postfix\r\n";
  const found = await check(GOOD);
  greeting = "220 mx.example.com ESMTP bounced\r\n";
  expect(found.find(({ id }) => id === "port-25 127.0.0.1")).toMatchObject({
    state: "fail",
    found: expect.stringContaining("ESMTP Postfix"),
  });
});

test("nobody listens where the MX leads: a failure where that is this machine", async () => {
  const unused = createServer().listen(0, "127.0.0.1");
  await once(unused, "listening");
  const { port } = unused.address() as AddressInfo;
  unused.close();
  await once(unused, "close");
  expect(statesOf(await check(GOOD, "bounces.example.com", port))).toMatchObject({ "port-25": "fail" });
});
