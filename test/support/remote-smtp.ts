/** A remote SMTP server of a test, without AUTH and STARTTLS, that takes what its handlers do not refuse. */
import { createServer, type AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface RemoteSmtp {
  readonly port: number;
  stop(): Promise<void>;
}

/** On another loopback address than 127.0.0.1 it is a remote server for whoever takes that one for a filter of its own. */
export const startRemoteSmtp = async (handlers: SMTPServerOptions, host = "127.0.0.1"): Promise<RemoteSmtp> => {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    onData: (stream, _session, callback) => void stream.on("end", () => callback()).resume(),
    ...handlers,
  });
  // A client that is killed resets its connection; the server raises that as an error of its own.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

/** What an `onMailFrom`, `onRcptTo` or `onData` gives its callback to refuse. `text` may begin with an enhanced status code. */
export const smtpRefusal = (code: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode: code });

/** A server that answers 250 to every command but those, which it refuses for good; `CONN` is its greeting. */
export async function startRefusing(refused: readonly string[], host: string): Promise<RemoteSmtp> {
  const greeting = refused.includes("CONN") ? "554 5.7.1 No service for you" : "220 remote.example ESMTP";
  const server = createServer((socket) => {
    socket.on("error", () => undefined).write(`${greeting}\r\n`);
    socket.on("data", (octets) => {
      for (const line of octets.toString().split("\r\n").slice(0, -1)) {
        const verb = line.slice(0, 4).toUpperCase();
        if (verb === "QUIT") socket.end("221 2.0.0 Bye\r\n");
        else socket.write(refused.includes(verb) ? "550 5.7.1 Go away\r\n" : "250 2.0.0 OK\r\n");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
