/** A remote SMTP server of a test, without AUTH and STARTTLS, that takes what its handlers do not refuse. */
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface RemoteSmtp {
  readonly port: number;
  stop(): Promise<void>;
}

export const startRemoteSmtp = async (handlers: SMTPServerOptions): Promise<RemoteSmtp> => {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    onData: (stream, _session, callback) => void stream.on("end", () => callback()).resume(),
    ...handlers,
  });
  // A client that is killed resets its connection; the server raises that as an error of its own.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

/** What an `onMailFrom`, `onRcptTo` or `onData` gives its callback to refuse. `text` may begin with an enhanced status code. */
export const smtpRefusal = (code: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode: code });
