/** A bounce as a remote server would send it, over SMTP through the real listener, to see it arrive. */
import { randomBytes } from "node:crypto";
import { createTransport } from "nodemailer";
import type { Config } from "../config.ts";
import { createReturnPath } from "../core/return-path/create.ts";
import { returnPathSettingsOf } from "../return-path.ts";

const TIMEOUT_MS = 10_000;
/** RFC 2606 section 3: an address of nobody. */
const RECIPIENT = "nobody@example.org";

export interface TestBounce {
  readonly messageId: string;
  readonly forwardPath: string;
  /** Last reply of the listener. */
  readonly reply: string;
}

/** Rejects with what the listener said, or why it could not be reached. */
export async function sendTestBounce(config: Config, now: Date): Promise<TestBounce> {
  const domain = config.BOUNCED_DOMAINS[0] ?? "localhost";
  const forwardPath =
    config.BOUNCED_SECRET.length > 0
      ? createReturnPath({ domain, recipient: RECIPIENT, tag: "set-up test" }, returnPathSettingsOf(config), now)
      : `bounces@${domain}`;
  const messageId = `<set-up-${randomBytes(8).toString("hex")}@${domain}>`;
  const transport = createTransport({
    host:
      config.BOUNCED_SMTP_HOST === "0.0.0.0" || config.BOUNCED_SMTP_HOST === "::"
        ? "localhost"
        : config.BOUNCED_SMTP_HOST,
    port: config.BOUNCED_SMTP_PORT,
    // The listener's own certificate may be one that it made itself.
    tls: { rejectUnauthorized: false },
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  try {
    const sent = await transport.sendMail({
      envelope: { from: "", to: [forwardPath] },
      raw: messageOf(forwardPath, messageId, domain, now),
    });
    return { messageId, forwardPath, reply: sent.response };
  } finally {
    transport.close();
  }
}

/** RFC 3464 inside RFC 6522. */
function messageOf(forwardPath: string, messageId: string, domain: string, now: Date): string {
  const date = now.toUTCString().replace("GMT", "+0000");
  const boundary = `=_${randomBytes(9).toString("hex")}`;
  return [
    `From: Mail Delivery System <MAILER-DAEMON@mx.example.org>`,
    `To: <${forwardPath}>`,
    `Subject: Undelivered Mail Returned to Sender`,
    `Date: ${date}`,
    `Message-ID: <${randomBytes(8).toString("hex")}@mx.example.org>`,
    `Auto-Submitted: auto-replied`,
    `MIME-Version: 1.0`,
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    ``,
    `--${boundary}`,
    `Content-Type: text/plain; charset=us-ascii`,
    ``,
    `This is a test from the set-up page of bounced. Your message could not be delivered.`,
    ``,
    `--${boundary}`,
    `Content-Type: message/delivery-status`,
    ``,
    `Reporting-MTA: dns; mx.example.org`,
    `Arrival-Date: ${date}`,
    ``,
    `Final-Recipient: rfc822; ${RECIPIENT}`,
    `Action: failed`,
    `Status: 5.1.1`,
    `Remote-MTA: dns; mx.example.org`,
    `Diagnostic-Code: smtp; 550 5.1.1 <${RECIPIENT}>: Recipient address rejected: User unknown`,
    ``,
    `--${boundary}`,
    `Content-Type: message/rfc822`,
    ``,
    `From: Set-up <setup@${domain}>`,
    `To: ${RECIPIENT}`,
    `Subject: Test of the way back`,
    `Date: ${date}`,
    `Message-ID: ${messageId}`,
    ``,
    `Nothing to see.`,
    ``,
    `--${boundary}--`,
    ``,
  ].join("\r\n");
}
