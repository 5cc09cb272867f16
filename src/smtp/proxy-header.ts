/**
 * PROXY protocol, versions 1 and 2, https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt: how a load balancer
 * tells who the client is. Read only from addresses that the configuration trusts.
 */
import { isIP } from "node:net";

const SIGNATURE_V2 = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
/** Section 2.1: a v1 line has at most 107 octets with its CRLF. */
const MAX_V1 = 107;
const HEAD_V2 = 16;
/** TLVs are ignored; a header with more of them than this is no balancer's. */
const MAX_V2 = 1024;

export interface ProxyClient {
  /** Null for LOCAL and UNKNOWN: the balancer speaks for itself (a health check). */
  readonly address: string | null;
  readonly port: number;
}
export type ProxyReading =
  | { readonly kind: "more" }
  | { readonly kind: "bad" }
  | { readonly kind: "header"; readonly length: number; readonly client: ProxyClient };

const bad: ProxyReading = { kind: "bad" };
const more: ProxyReading = { kind: "more" };
const nobody: ProxyClient = { address: null, port: 0 };

/** Reads a header from the first octets of a connection. `length` octets belong to it. */
export function readProxyHeader(octets: Buffer): ProxyReading {
  const isV2 = octets.subarray(0, SIGNATURE_V2.length).equals(SIGNATURE_V2.subarray(0, octets.length));
  return isV2 ? readV2(octets) : readV1(octets);
}

function readV1(octets: Buffer): ProxyReading {
  const end = octets.subarray(0, MAX_V1).indexOf("\r\n");
  const start = octets.toString("latin1", 0, Math.min(octets.length, 6));
  if (!"PROXY ".startsWith(start)) return bad;
  if (end < 0) return octets.length < MAX_V1 ? more : bad;
  const [, family, source = "", destination = "", sourcePort = "", destinationPort = "", ...rest] = octets
    .toString("latin1", 0, end)
    .split(" ");
  const length = end + 2;
  if (family === "UNKNOWN") return { kind: "header", length, client: nobody };
  const version = family === "TCP4" ? 4 : family === "TCP6" ? 6 : 0;
  const isRight =
    version !== 0 &&
    isIP(source) === version &&
    isIP(destination) === version &&
    rest.length === 0 &&
    [sourcePort, destinationPort].every(isPort);
  return isRight ? { kind: "header", length, client: { address: source, port: Number(sourcePort) } } : bad;
}

function readV2(octets: Buffer): ProxyReading {
  if (octets.length < HEAD_V2) return more;
  const versionAndCommand = octets.readUInt8(12);
  const family = octets.readUInt8(13);
  const length = HEAD_V2 + octets.readUInt16BE(14);
  const command = versionAndCommand & 0x0f;
  if (versionAndCommand >> 4 !== 2 || command > 1 || length > MAX_V2) return bad;
  if (octets.length < length) return more;
  if (command === 0) return { kind: "header", length, client: nobody };
  if (family === 0x11 && length >= HEAD_V2 + 12)
    return header(length, [...octets.subarray(16, 20)].join("."), octets.readUInt16BE(24));
  if (family === 0x21 && length >= HEAD_V2 + 36) {
    const words = Array.from({ length: 8 }, (_, word) => octets.readUInt16BE(16 + word * 2).toString(16));
    return header(length, words.join(":"), octets.readUInt16BE(48));
  }
  return bad;
}

const header = (length: number, address: string, port: number): ProxyReading => ({
  kind: "header",
  length,
  client: { address, port },
});
const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
