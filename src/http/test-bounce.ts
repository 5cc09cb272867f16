/**
 * A bounce as a remote server would send it, over SMTP through the real listener, to see it arrive. It is a canary: it
 * goes as far as the commit of the log, and reaches no log, no figure, no suppression list and no queue of a user.
 */
import { randomBytes } from "node:crypto";
import { createTransport } from "nodemailer";
import { canaryAddress, canaryTag, makeCanaryToken, markCanary, type CanaryStore } from "../canary/canary.ts";
import type { Config } from "../config/config.ts";
import { createReturnPath } from "../return-path/create.ts";
import { returnPathSettingsOf } from "../return-path/settings.ts";

const TIMEOUT_MS = 10_000;
/** RFC 2606 section 3: an address of nobody. */
const RECIPIENT = "nobody@example.org";

export interface TestBounce {
  readonly token: string;
  readonly forwardPath: string;
  /** Last reply of the listener. */
  readonly reply: string;
}

/** Rejects with what the listener said, or why it could not be reached. */
export async function sendTestBounce(config: Config, store: CanaryStore, now: Date): Promise<TestBounce> {
  const domain = config.BOUNCED_DOMAINS[0] ?? "localhost";
  const isSigned = config.BOUNCED_SECRET.length > 0;
  const token = isSigned ? randomBytes(6).toString("hex") : await makeCanaryToken(store);
  const forwardPath = isSigned
    ? createReturnPath({ domain, recipient: RECIPIENT, tag: canaryTag(token) }, returnPathSettingsOf(config), now)
    : canaryAddress(token, domain);
  const messageId = `<${token}@${domain}>`;
  await markCanary(store, token, "sent");
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
    return { token, forwardPath, reply: sent.response };
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
