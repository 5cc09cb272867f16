import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readProxyHeader } from "../../src/smtp/proxy-header.ts";

const SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
/** A v2 header: version and command, family, addresses. */
export const v2 = (command: number, family: number, body: readonly number[]): Buffer =>
  Buffer.concat([
    Buffer.from(SIGNATURE, "latin1"),
    Buffer.from([0x20 | command, family, body.length >> 8, body.length & 255]),
    Buffer.from(body),
  ]);
const ipv4 = [192, 0, 2, 7, 198, 51, 100, 1, 0x12, 0x34, 0, 25];
const ipv6 = [0x20, 1, 0x0d, 0xb8, ...Array(11).fill(0), 9, ...Array(16).fill(1), 0x12, 0x34, 0, 25] as number[];

describe("version 1", () => {
  test.each([
    ["PROXY TCP4 192.0.2.7 198.51.100.1 4660 25\r\nEHLO", { address: "192.0.2.7", port: 4660 }, 43],
    ["PROXY TCP6 2001:db8::9 2001:db8::1 4660 25\r\n", { address: "2001:db8::9", port: 4660 }, 44],
    ["PROXY UNKNOWN\r\n", { address: null, port: 0 }, 15],
    ["PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", { address: null, port: 0 }, 35],
  ])("%j", (text, client, length) => {
    expect(readProxyHeader(Buffer.from(text))).toEqual({ kind: "header", length, client });
  });

  test.each([
    "EHLO sender.example\r\n",
    "PROXY TCP4 host.example 198.51.100.1 4660 25\r\n",
    "PROXY TCP4 2001:db8::9 198.51.100.1 4660 25\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 99999 25\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 4660\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 4660 25 more\r\n",
    "PROXY UDP4 192.0.2.7 198.51.100.1 4660 25\r\n",
    `PROXY TCP4 ${"1".repeat(2000)}`,
  ])("refuses %j", (text) => {
    expect(readProxyHeader(Buffer.from(text))).toEqual({ kind: "bad" });
  });
});

describe("version 2", () => {
  test("IPv4, IPv6, and LOCAL for the proxy itself", () => {
    expect(readProxyHeader(v2(1, 0x11, ipv4))).toMatchObject({
      length: 28,
      client: { address: "192.0.2.7", port: 4660 },
    });
    expect(readProxyHeader(v2(1, 0x21, ipv6))).toMatchObject({
      length: 52,
      client: { address: "2001:db8:0:0:0:0:0:9" },
    });
    expect(readProxyHeader(v2(0, 0, []))).toMatchObject({ length: 16, client: { address: null } });
  });

  test("further fields (TLV) belong to the header", () => {
    expect(readProxyHeader(v2(1, 0x11, [...ipv4, 3, 0, 4, 1, 2, 3, 4]))).toMatchObject({ length: 35 });
  });

  test.each([
    ["a family without addresses", v2(1, 0x31, ipv4)],
    ["too short for its family", v2(1, 0x11, ipv4.slice(4))],
    ["an unknown command", v2(2, 0x11, ipv4)],
    ["a length that no proxy sends", v2(1, 0x11, [...ipv4, ...(Array(2000).fill(0) as number[])])],
  ])("refuses %s", (_name, octets) => {
    expect(readProxyHeader(octets)).toEqual({ kind: "bad" });
  });
});

test("every beginning of a good header asks for more", () => {
  for (const header of [Buffer.from("PROXY TCP4 192.0.2.7 198.51.100.1 4660 25\r\n"), v2(1, 0x11, ipv4)])
    for (let length = 1; length < header.length; length++)
      expect(readProxyHeader(header.subarray(0, length))).toEqual({ kind: "more" });
});

test("any octets give an answer, and never wait for more than a header can be long", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1200 }), (octets) => {
      const { kind } = readProxyHeader(Buffer.from(octets));
      expect(kind === "more" && octets.length > 1040).toBe(false);
    }),
  );
});
