/**
 * A load generator in a process of its own: `node bench/load.ts PORT MESSAGES CONNECTIONS [PREFIX] [RATE]
 * [proof|no-proof]`. Every
 * message is a delivery status notification with an id of its own; the commands of a transaction are pipelined. With a
 * RATE, messages begin at that many a second whatever the server does, and a message that had to wait for a free
 * connection counts from when it was due. With `proof` every other message returns a header with a DKIM signature that
 * proves it, with `no-proof` the same octets in a field that proves nothing. Prints JSON.
 */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { KEY_VARIABLE, returnedHeaders, type ReturnedHeader } from "./signed-headers.ts";

const [port = 0, messages = 0, connections = 1] = process.argv.slice(2).map(Number);
const prefix = process.argv[5] ?? "load";
const rate = Number(process.argv[6] ?? 0);
const mode = process.argv[7] ?? "";

/** About 3 KB, as Postfix writes it. */
export const bounceOf = (id: string, { recipient, header } = plainHeader(id)): string =>
  [
    "Received: by mx1.sender.example (Postfix) id 4F1; Mon, 5 Jan 2026 10:00:00 +0000 (UTC)",
    "Date: Mon, 5 Jan 2026 10:00:00 +0000 (UTC)",
    "From: MAILER-DAEMON@mx1.sender.example (Mail Delivery System)",
    "Subject: Undelivered Mail Returned to Sender",
    "To: b@bounces.example.com",
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="4F1.1/mx1"',
    `Message-Id: <${id}@mx1.sender.example>`,
    "",
    "--4F1.1/mx1",
    "Content-Description: Notification",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    "This is the mail system at host mx1.sender.example.",
    "",
    "I'm sorry to have to inform you that your message could not be delivered.",
    "",
    `<${recipient}>: host mx.example.org[192.0.2.9] said: 550 5.1.1`,
    `    <${recipient}>: Recipient address rejected: User unknown (in reply to RCPT TO command)`,
    "",
    "--4F1.1/mx1",
    "Content-Description: Delivery report",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx1.sender.example",
    "X-Postfix-Queue-ID: 4F1",
    "Arrival-Date: Mon, 5 Jan 2026 09:59:59 +0000 (UTC)",
    "",
    `Final-Recipient: rfc822; ${recipient}`,
    "Action: failed",
    "Status: 5.1.1",
    "Remote-MTA: dns; mx.example.org",
    `Diagnostic-Code: smtp; 550 5.1.1 <${recipient}>: Recipient address`,
    "    rejected: User unknown",
    "",
    "--4F1.1/mx1",
    "Content-Description: Undelivered Message",
    "Content-Type: message/rfc822",
    "",
    header,
    "",
    ...Array<string>(20).fill("The quick brown fox jumps over the lazy dog, and the parcel is on its way."),
    "",
    "--4F1.1/mx1--",
  ].join("\r\n");

function plainHeader(id: string): ReturnedHeader {
  const recipient = `user-${id}@example.org`;
  const fields = ["From: News <news@sender.example>", `To: ${recipient}`, "Subject: Your order has shipped"];
  return { recipient, header: [...fields, `Message-ID: <original-${id}@sender.example>`].join("\r\n") };
}

/** Every other message returns one of these; none without a mode. */
const returned = mode === "" ? [] : returnedHeaders(process.env[KEY_VARIABLE] ?? "", mode === "proof");
const messageOf = (number: number): string =>
  bounceOf(`${prefix}${number}`, number % 2 === 0 ? returned[(number / 2) % returned.length] : undefined);

const TRANSACTION = "MAIL FROM:<>\r\nRCPT TO:<b@bounces.example.com>\r\nDATA\r\n";

interface Next {
  readonly number: number;
  /** `performance.now()` at which it is to begin. */
  readonly due: number;
}

/** Sends until there is no next one; resolves with how long each took from when it was due to its 250, in ms. */
function sender(next: () => Next | null): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    const took: number[] = [];
    let current: Next | null = null;
    let isGreeted = false;
    let isAtDot = false;
    let buffered = "";
    const answer = (line: string): void => {
      if (line.startsWith("220")) socket.write("EHLO load.example\r\n");
      else if (!isGreeted) {
        isGreeted = true;
        void begin();
      } else if (line.startsWith("354")) {
        isAtDot = true;
        socket.write(`${messageOf(current?.number ?? 0)}\r\n.\r\n`);
      } else if (/^250 2\.6\.0|^250 OK: message/.test(line)) {
        if (current) took.push(performance.now() - current.due);
        void begin();
      } else if (line.startsWith("4") && isAtDot) void send();
      else if (/^[45]/.test(line)) void begin();
    };
    const begin = async (): Promise<void> => {
      current = next();
      await send();
    };
    /** Once more where the server was not ready: as a mail server does, which keeps what was not accepted. */
    const send = async (): Promise<void> => {
      isAtDot = false;
      const waitMs = (current?.due ?? 0) - performance.now();
      if (waitMs > 1) await sleep(waitMs);
      socket.write(current === null ? "QUIT\r\n" : TRANSACTION);
    };
    socket.on("data", (chunk) => {
      buffered += chunk.toString("latin1");
      for (let end = buffered.indexOf("\r\n"); end >= 0; end = buffered.indexOf("\r\n")) {
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        if (line[3] === " ") answer(line);
      }
    });
    socket.once("close", () => resolve(took));
    socket.once("error", reject);
  });
}

if (import.meta.main) {
  let sent = 0;
  const startedAt = performance.now();
  const next = (): Next | null => {
    if (sent >= messages) return null;
    const number = sent++;
    return { number, due: rate > 0 ? startedAt + (number / rate) * 1000 : performance.now() };
  };
  const all = await Promise.all(Array.from({ length: connections }, () => sender(next)));
  const seconds = (performance.now() - startedAt) / 1000;
  const took = all.flat().toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round((took[Math.floor(took.length * share)] ?? 0) * 10) / 10;
  console.log(JSON.stringify({ accepted: took.length, seconds, p50Ms: at(0.5), p99Ms: at(0.99) }));
}
