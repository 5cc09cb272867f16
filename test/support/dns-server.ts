/** A name server of the test's own on loopback: answers from a table, over UDP, RFC 1035. */
import { createSocket } from "node:dgram";
import { once } from "node:events";

const TYPES = { 1: "A", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA" } as const;
type RecordType = (typeof TYPES)[keyof typeof TYPES];

/** `{ "bounces.example.com MX": ["10 mx.example.com"], "mx.example.com A": ["127.0.0.1"] }`. */
export type Zone = Readonly<Partial<Record<`${string} ${RecordType}`, readonly string[]>>>;

export interface DnsServer {
  /** For `--dns`. */
  readonly address: string;
  /** What it answers from now on; null: nothing at all. */
  zone: Zone | null;
  stop(): Promise<void>;
}

export async function startDnsServer(zone: Zone): Promise<DnsServer> {
  const socket = createSocket("udp4");
  const server: DnsServer = {
    address: "",
    zone,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on("message", (query, { address, port }) => {
    if (server.zone) socket.send(answer(query, server.zone), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return Object.assign(server, { address: `127.0.0.1:${socket.address().port}` });
}

function answer(query: Buffer, zone: Zone): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const name = labels.join(".").toLowerCase();
  const type = TYPES[query.readUInt16BE(at + 1) as keyof typeof TYPES];
  const values = zone[`${name} ${type}`] ?? [];
  const isKnown = Object.keys(zone).some((key) => key.startsWith(`${name} `));
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // A response, recursion available; NXDOMAIN where nothing of this name is in the table.
  header.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(values.length, 6);
  const records = values.map((value) => {
    const data = dataOf(type, value);
    const record = Buffer.from([0xc0, 12, ...query.subarray(at + 1, at + 5), 0, 0, 0, 60, 0, 0]);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([header, query.subarray(12, at + 5), ...records]);
}

function dataOf(type: RecordType, value: string): Buffer {
  if (type === "A") return Buffer.from(value.split(".").map(Number));
  if (type === "TXT") {
    const pieces = value.match(/.{1,255}/gs) ?? [];
    return Buffer.concat(pieces.map((piece) => Buffer.from([piece.length, ...Buffer.from(piece)])));
  }
  if (type === "PTR") return nameOf(value);
  if (type !== "MX") throw new Error(`no ${type} records in tests yet`);
  const [preference = "0", host = ""] = value.split(" ");
  return Buffer.concat([Buffer.from([0, Number(preference)]), nameOf(host)]);
}

/** `.` is the root. */
const nameOf = (host: string): Buffer =>
  Buffer.concat([
    ...host.split(".").flatMap((label) => (label === "" ? [] : [Buffer.from([label.length, ...Buffer.from(label)])])),
    Buffer.from([0]),
  ]);
