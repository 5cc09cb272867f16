/** The listening socket: who may connect at all, and on whose behalf. Nothing of SMTP is spoken before this says yes. */
import { randomBytes } from "node:crypto";
import { BlockList, createServer, isIP, isIPv6, type Server, type Socket } from "node:net";
import { readProxyHeader, type ProxyClient } from "./proxy-header.ts";
import type { SmtpLimits } from "./limits.ts";
import { REPLIES, replyText, type SmtpReply } from "./replies.ts";
import type { Sessions } from "./sessions.ts";

const MINUTE_MS = 60_000;
const LINGER_MS = 1000;

export interface GateOptions {
  readonly limits: SmtpLimits;
  /** BOUNCED_MAX_CLIENTS. */
  readonly maxClients: number;
  /** BOUNCED_PROXY_PROTOCOL: addresses or networks whose connections begin with a PROXY header. */
  readonly trustedProxies: readonly string[];
  readonly sessions: Sessions;
  readonly onRefuse: (reply: SmtpReply) => void;
  readonly connect: (socket: Socket, client: { id: string; remoteAddress?: string; remotePort?: number }) => void;
}

export function createGate(options: GateOptions): Server {
  const { limits, sessions, maxClients } = options;
  const proxies = networksOf(options.trustedProxies);
  const unlimited = networksOf(limits.unlimited);
  const recent = new Map<string, number>();
  const forget = setInterval(() => recent.clear(), MINUTE_MS);
  forget.unref();

  const refuse = (socket: Socket, reply: SmtpReply): void => {
    options.onRefuse(reply);
    socket.on("error", () => undefined);
    socket.end(`${reply.code} ${replyText(reply)}\r\n`);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
  const admit = (socket: Socket, client: ProxyClient | null): void => {
    const address = client?.address ?? plainAddress(socket.remoteAddress);
    const group = groupOf(address);
    if (sessions.count() >= maxClients) return refuse(socket, REPLIES.tooManyConnections);
    if (!isIn(unlimited, address)) {
      const inThisMinute = (recent.get(group) ?? 0) + 1;
      recent.set(group, inThisMinute);
      if (inThisMinute > limits.connectionsPerMinute || sessions.countOf(group) >= limits.connectionsPerAddress)
        return refuse(socket, REPLIES.tooManyFromYou);
    }
    const id = randomBytes(10).toString("hex");
    sessions.add(id, socket, group);
    options.connect(socket, {
      id,
      ...(client?.address ? { remoteAddress: client.address, remotePort: client.port } : {}),
    });
  };

  const server = createServer({ noDelay: true }, (socket) => {
    const peer = plainAddress(socket.remoteAddress);
    if (isIn(proxies, peer)) awaitHeader(socket, limits.proxyHeaderSeconds, (client) => admit(socket, client));
    else admit(socket, null);
  });
  server.on("close", () => clearInterval(forget));
  return server;
}

/** Waits for the whole PROXY header, gives what follows back to the socket. */
function awaitHeader(socket: Socket, seconds: number, onClient: (client: ProxyClient) => void): void {
  let octets: Buffer = Buffer.alloc(0);
  const ignoreError = (): void => undefined;
  const deadline = setTimeout(() => socket.destroy(), seconds * 1000);
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (!chunk) return;
    octets = Buffer.concat([octets, chunk]);
    const reading = readProxyHeader(octets);
    if (reading.kind === "more") return;
    stop();
    if (reading.kind === "bad") {
      socket.on("error", ignoreError);
      socket.destroy();
      return;
    }
    const rest = octets.subarray(reading.length);
    if (rest.length > 0) socket.unshift(rest);
    onClient(reading.client);
  };
  const stop = (): void => {
    clearTimeout(deadline);
    socket.off("readable", onReadable);
    socket.off("error", ignoreError);
    socket.off("close", stop);
  };
  socket.on("readable", onReadable);
  socket.on("error", ignoreError);
  socket.once("close", stop);
}

function networksOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", bits] = entry.split("/");
    const version = isIP(address);
    if (version === 0) continue;
    const family = version === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Whether connections from this address begin with a PROXY header. */
export const isTrustedProxy = (trusted: readonly string[], address: string): boolean =>
  isIn(networksOf(trusted), address);

const isIn = (list: BlockList, address: string): boolean =>
  isIP(address) !== 0 && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");

/** A dual-stack listener reports `::ffff:192.0.2.1` for an IPv4 peer. */
const plainAddress = (address: string | undefined): string => (address ?? "").replace(/^::ffff:/i, "");

/** One IPv6 customer has a /64 at least: it counts as one address. */
function groupOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [left = "", right = ""] = address.split("::");
  const first = left.split(":").filter(Boolean);
  const last = right.split(":").filter(Boolean);
  const words = address.includes("::")
    ? [...first, ...Array(8 - first.length - last.length).fill("0"), ...last]
    : first;
  return `${words.slice(0, 4).join(":")}::/64`;
}
