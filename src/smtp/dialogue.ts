/** A short SMTP dialogue as a client, with our own listener: what `doctor` asks, and how the canary goes in. */
import { connect, type Socket } from "node:net";
import { connect as connectTls, type PeerCertificate } from "node:tls";

const TIMEOUT_MS = 3000;

export interface SmtpDialogue {
  /** `220 mx.example.com ESMTP bounced`; null where the other end took the connection and said nothing. */
  readonly greeting: string | null;
  readonly command: (line: string) => Promise<string>;
  /** The certificate shown after STARTTLS. The dialogue goes on under TLS. */
  readonly startTls: () => Promise<PeerCertificate>;
  readonly close: () => void;
}

/** Rejects when nobody takes the connection. `preface` goes before all else: a PROXY header. */
export async function openDialogue(host: string, port: number, preface = ""): Promise<SmtpDialogue> {
  let socket: Socket = connect({ host, port, timeout: TIMEOUT_MS });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
    socket.once("timeout", () => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
  });
  if (preface !== "") socket.write(preface);
  let replies = readReplies(socket);
  const command = (line: string): Promise<string> => {
    socket.write(`${line}\r\n`);
    return replies().then((reply) => reply ?? "");
  };
  return {
    greeting: await replies(),
    command,
    async startTls() {
      const secure = connectTls({ socket, rejectUnauthorized: false });
      await new Promise((resolve, reject) => secure.once("secureConnect", resolve).once("error", reject));
      socket = secure;
      replies = readReplies(secure);
      return secure.getPeerCertificate();
    },
    close: () => socket.destroy(),
  };
}

/** Each call gives the last line of the next reply; null when the other end closed or says nothing. */
function readReplies(socket: Socket): () => Promise<string | null> {
  let text = "";
  let isOver = false;
  let wake = (): void => undefined;
  const end = (): void => {
    isOver = true;
    wake();
  };
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    wake();
  });
  socket.on("error", end).on("close", end).on("timeout", end);
  socket.setTimeout(TIMEOUT_MS);
  return async () => {
    for (;;) {
      const reply = /^(?:\d{3}-[^\r\n]*\r?\n)*(\d{3}(?: [^\r\n]*)?)\r?\n/.exec(text);
      if (reply) {
        text = text.slice(reply[0].length);
        return reply[1] ?? null;
      }
      if (isOver) return null;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
}
