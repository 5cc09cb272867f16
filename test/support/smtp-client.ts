/** A raw SMTP client that says exactly what it is told, and hears whole replies. */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

export interface SmtpClient {
  readonly socket: Socket;
  write(octets: string | Uint8Array): void;
  /** The next reply, its lines joined by LF, without line ends; "" when the other end closed. */
  reply(): Promise<string>;
  /** Sends a line and resolves with the reply. */
  command(line: string): Promise<string>;
  /** The message, one char per octet, and the final dot. Nothing is stuffed. */
  data(message: string): Promise<string>;
  /** The same connection under TLS, after a 220 to STARTTLS. */
  upgrade(): Promise<SmtpClient>;
  /** Resolves when the other end has closed. */
  closed(): Promise<void>;
  close(): void;
}

export async function connectSmtp(port: number): Promise<SmtpClient> {
  const socket = connectTcp(port, "127.0.0.1");
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return clientOn(socket);
}

function clientOn(socket: Socket): SmtpClient {
  let buffered = "";
  let isClosed = false;
  let wake = (): void => undefined;
  const onData = (chunk: Buffer): void => {
    buffered += chunk.toString("latin1");
    wake();
  };
  const onEnd = (): void => {
    isClosed = true;
    wake();
  };
  socket.on("data", onData);
  socket.on("error", () => undefined);
  socket.once("end", onEnd).once("close", onEnd);
  const client: SmtpClient = {
    socket,
    write: (octets) => void socket.write(octets),
    async reply() {
      for (;;) {
        const match = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(buffered);
        if (match) {
          buffered = buffered.slice(match[0].length);
          return match[0].trimEnd().replaceAll("\r\n", "\n");
        }
        if (isClosed) return "";
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    command(line) {
      client.write(`${line}\r\n`);
      return client.reply();
    },
    data: (message) => {
      client.write(Buffer.from(`${message}\r\n.\r\n`, "latin1"));
      return client.reply();
    },
    async upgrade() {
      socket.off("data", onData);
      const secure = connectTls({ socket, rejectUnauthorized: false });
      await new Promise((resolve, reject) => secure.once("secureConnect", resolve).once("error", reject));
      return clientOn(secure);
    },
    async closed() {
      if (!isClosed) await new Promise<void>((resolve) => socket.once("end", resolve).once("close", resolve));
    },
    close: () => socket.destroy(),
  };
  return client;
}

/** Greeting, EHLO, MAIL and RCPT; the connection is then ready for DATA. */
export async function openTransaction(port: number, recipient = "b@bounces.example.com"): Promise<SmtpClient> {
  const client = await connectSmtp(port);
  await client.reply();
  await client.command("EHLO client.example");
  await client.command("MAIL FROM:<>");
  await client.command(`RCPT TO:<${recipient}>`);
  return client;
}
