/** Log lines a second through the readers of `bounced follow`, one core: a sending Postfix, one recipient in fifty refused. */
import { logFormatOf } from "../src/follow/formats/index.ts";
import { createLineSplitter } from "../src/follow/split-lines.ts";

const MAILS = 40_000;
const CHUNK = 256 * 1024;

export function benchFollow(): Promise<void> {
  const text = Buffer.from(postfixLog());
  const reader = logFormatOf("postfix").create(null);
  const splitter = createLineSplitter();
  const now = Date.parse("2026-11-29T12:00:00Z");
  let lines = 0;
  let refusals = 0;
  const startedAt = process.cpuUsage();
  for (let at = 0; at < text.length; at += CHUNK)
    for (const line of splitter.push(text.subarray(at, at + CHUNK)).lines) {
      lines++;
      const reading = reader.read(line, now);
      if (reading.kind === "refusals") refusals += reading.refusals.length;
    }
  const { user, system } = process.cpuUsage(startedAt);
  const seconds = (user + system) / 1e6;
  console.log(
    `follow: ${lines} lines of Postfix with ${refusals} refusals, ${Math.round(lines / seconds)} lines/s of processor time`,
  );
  return Promise.resolve();
}

/** Five lines for each mail, as Postfix writes them. */
function postfixLog(): string {
  const lines: string[] = [];
  for (let n = 0; n < MAILS; n++) {
    const id = `4Xy${(1_000_000 + n).toString(36)}Z`;
    const head = `Nov 29 10:${String(Math.floor(n / 1000) % 60).padStart(2, "0")}:01 mx1 postfix/`;
    const outcome =
      n % 50 === 0
        ? "dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 <user@example.org>: User unknown (in reply to RCPT TO command))"
        : "dsn=2.0.0, status=sent (250 2.0.0 OK 1795946401 a1b2c3 - smtp)";
    lines.push(
      `${head}smtpd[11]: ${id}: client=app.sender.example[192.0.2.9]`,
      `${head}cleanup[12]: ${id}: message-id=<${n}@shop.example>`,
      `${head}qmgr[13]: ${id}: from=<b+${n}@bounces.example>, size=5000, nrcpt=1 (queue active)`,
      `${head}smtp[14]: ${id}: to=<user${n}@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1, delays=0.1/0/0.4/0.5, ${outcome}`,
      `${head}qmgr[13]: ${id}: removed`,
    );
  }
  return `${lines.join("\n")}\n`;
}
