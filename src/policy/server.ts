/**
 * One port for every protocol of docs/policy.md: the first octets tell which one is spoken. An answer never waits for a
 * disk or another server; requests of a connection are answered in order.
 */
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { Answer, AnswerQuestion, PolicyQuestion } from "./answer.ts";
import { httpHandler } from "./http.ts";
import { delegation } from "./protocols/delegation.ts";
import { line } from "./protocols/line.ts";
import type { Protocol } from "./protocols/protocol.ts";
import { socketmap } from "./protocols/socketmap.ts";
import { tcpTable } from "./protocols/tcp-table.ts";

export interface PolicyServerOptions {
  readonly host: string;
  readonly port: number;
  readonly answer: AnswerQuestion;
  /** After each answer, which it does not delay. `ms`: what it took. */
  readonly onAnswer?: (protocol: string, question: PolicyQuestion | null, answer: Answer, ms: number) => void;
  readonly maxConnections?: number;
}

export interface PolicyServer {
  readonly host: string;
  readonly port: number;
  connections(): number;
  stop(): Promise<void>;
}

/** A request that is longer is none; Postfix's have about one kilobyte. */
const MAX_REQUEST = 64 * 1024;
/** Postfix keeps a connection for 300 s without use. */
const IDLE_MS = 600_000;
const PASS: Answer = { kind: "pass" };

/** Rejects when the port is taken. */
export async function startPolicyServer({
  host,
  port,
  answer,
  onAnswer = () => undefined,
  maxConnections = 5000,
}: PolicyServerOptions): Promise<PolicyServer> {
  const sockets = new Set<Socket>();
  const http = createHttpServer({ keepAliveTimeout: IDLE_MS }, httpHandler(answer, onAnswer));
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    serve(socket);
  });
  server.maxConnections = maxConnections;

  function serve(socket: Socket): void {
    let buffer = "";
    let protocol: Protocol | null = null;
    let isAnswering = false;
    const onData = (octets: Buffer): void => {
      buffer += octets.toString("latin1");
      if (protocol === null) {
        const told = protocolOf(buffer);
        if (told === "http") return handOver(octets);
        if (told === undefined) return;
        protocol = told;
      }
      if (!isAnswering) void answerAll(protocol).catch(() => socket.destroy());
    };
    /** What is HTTP goes to the server that understands it, with what was read of it. */
    const handOver = (octets: Buffer): void => {
      socket.removeListener("data", onData);
      socket.pause();
      socket.unshift(octets);
      http.emit("connection", socket);
      process.nextTick(() => socket.resume());
    };
    /** Most answers are there at once, and those of one read go into one write. Rejects on what is not of the protocol. */
    const answerAll = async (spoken: Protocol): Promise<void> => {
      isAnswering = true;
      let written = "";
      for (let cut = spoken.cut(buffer); cut !== null; cut = spoken.cut(buffer)) {
        buffer = buffer.slice(cut.length);
        const { question, reply } = cut.request;
        const startedAt = performance.now();
        const given = question === null ? PASS : answer(question);
        if (given instanceof Promise) socket.pause();
        const ready = given instanceof Promise ? await given : given;
        written += reply(ready);
        onAnswer(spoken.name, question, ready, performance.now() - startedAt);
        if (!spoken.once) continue;
        socket.end(written);
        return;
      }
      isAnswering = false;
      if (buffer.length > MAX_REQUEST) return void socket.destroy();
      // Who does not read its answers gets no more of them.
      if (written !== "" && !socket.write(written)) {
        socket.pause();
        socket.once("drain", () => socket.resume());
      } else if (socket.isPaused()) socket.resume();
    };
    socket.on("data", onData);
  }

  server.listen(port, host);
  await once(server, "listening");
  const bound = server.address() as AddressInfo;
  return {
    host: bound.address,
    port: bound.port,
    connections: () => sockets.size,
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      http.close();
      if (server.listening) await once(server, "close");
    },
  };
}

/** Undefined: too little has come to tell. */
function protocolOf(buffer: string): Protocol | "http" | undefined {
  const [first = ""] = buffer;
  if (first >= "0" && first <= "9") return socketmap;
  if (first >= "A" && first <= "Z") return "http";
  // No attribute of Postfix is followed by a blank.
  if (/^(?:get|put) /.test(buffer)) return tcpTable;
  if (buffer.startsWith("check ")) return line;
  return ["get ", "put ", "check "].some((word) => word.startsWith(buffer)) ? undefined : delegation;
}
