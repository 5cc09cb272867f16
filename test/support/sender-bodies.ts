/** What mail servers and providers post, written after their documentation, with invented values. */
const AT = "2026-11-29T10:00:00.000Z";
export const SECONDS = Date.parse(AT) / 1000;

export const KUMOMTA_RECORD = {
  type: "Bounce",
  id: "d7ef132b5d7711eea8c8000c29c33806",
  sender: "news@shop.example",
  recipient: "kumo@example.org",
  response: { code: 550, enhanced_code: { class: 5, subject: 1, detail: 1 }, content: "No such user", command: null },
  peer_address: { name: "mx.example.org.", addr: "192.0.2.1" },
  timestamp: SECONDS,
  num_attempts: 0,
  meta: { campaign: "c42" },
  headers: { "Message-ID": "<k@shop.example>" },
};

export const postalEvent = (event: string, to: string, output: string | null, direction = "outgoing") => ({
  event,
  timestamp: SECONDS + 0.25,
  payload: {
    message: {
      id: 12_345,
      token: `token-${to}`,
      direction,
      message_id: `${to}@app34.shop.example`,
      to,
      from: "sales@shop.example",
      subject: "Welcome",
      timestamp: SECONDS,
      spam_status: "NotSpam",
      tag: "welcome",
    },
    status: event === "MessageDelayed" ? "SoftFail" : "HardFail",
    details: "SMTP delivery error when sending to mx.example.org",
    output,
    sent_with_ssl: true,
    timestamp: SECONDS + 0.1,
    time: 0.22,
  },
  uuid: "5a2e0b9c",
});

export const SES_NOTIFICATION = {
  notificationType: "Bounce",
  bounce: {
    bounceType: "Permanent",
    bounceSubType: "General",
    timestamp: AT,
    feedbackId: "F1",
    bouncedRecipients: [
      {
        emailAddress: "ses@example.org",
        action: "failed",
        status: "5.1.1",
        diagnosticCode: "smtp; 550 5.1.1 No such user",
      },
    ],
  },
  mail: { timestamp: AT, messageId: "0100-ses", source: "news@shop.example", destination: ["ses@example.org"] },
};

export const SENDGRID_BOUNCE = {
  email: "sendgrid@example.org",
  timestamp: SECONDS,
  "smtp-id": "<s@shop.example>",
  event: "bounce",
  type: "bounce",
  sg_event_id: "E1",
  sg_message_id: "M1.filter01.1.2.0",
  reason: "550 5.1.1 No such user",
  status: "5.1.1",
};
