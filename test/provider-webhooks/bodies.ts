/** Bodies in the shape of each provider's reference, with invented values. */
interface Body {
  readonly source: string;
  readonly name: string;
  readonly body: unknown;
  readonly expected: readonly string[];
  readonly diagnostic?: string | readonly (string | undefined)[];
  readonly endpoint?: object;
}

const AT = "2026-11-29T10:00:00.000Z";
const SECONDS = Date.parse(AT) / 1000;
const SES_MAIL = {
  timestamp: AT,
  messageId: "0100-ses",
  source: "bounces@shop.example",
  destination: ["ann@example.org", "bob@example.org"],
  headersTruncated: false,
  headers: [{ name: "Message-ID", value: "<1@shop.example>" }],
  commonHeaders: { from: ["Shop <news@shop.example>"], subject: "News", to: ["ann@example.org"] },
  tags: { "ses:configuration-set": ["set"], campaign: ["spring"] },
};
const ses = (more: object) => ({ mail: SES_MAIL, ...more });
const SES_IDS = "messageId=<1@shop.example> queueId=0100-ses tag=spring";
const sendgrid = (event: string, more: object = {}) => ({
  email: "ann@example.org",
  timestamp: SECONDS,
  "smtp-id": "<1@shop.example>",
  event,
  category: ["spring"],
  sg_event_id: "E1",
  sg_message_id: "M1.filter01.1.2.0",
  ...more,
});
const SG_IDS = `messageId=<1@shop.example> queueId=M1 tag=spring at=${AT}`;
const postmark = (more: object) => ({
  ID: 4_323_372_036_854_775,
  MessageID: "883953f4",
  MessageStream: "outbound",
  Tag: "spring",
  ServerID: 1,
  From: "news@shop.example",
  Email: "ann@example.org",
  BouncedAt: "2026-11-29T10:00:00.0000000Z",
  ...more,
});
const PM_IDS = `queueId=883953f4 tag=spring at=${AT}`;
const mailgun = (more: object) => ({
  signature: {},
  "event-data": {
    id: "E1",
    timestamp: SECONDS + 0.25,
    recipient: "ann@example.org",
    message: { headers: { "message-id": "1@shop.example", to: "ann@example.org", subject: "News" } },
    tags: ["spring"],
    ...more,
  },
});
const MG_IDS = "messageId=<1@shop.example> tag=spring at=2026-11-29T10:00:00.250Z";
const sparkpost = (more: object, family = "message_event") => ({
  msys: {
    [family]: {
      event_id: "1",
      timestamp: String(SECONDS),
      rcpt_to: "ann@example.org",
      raw_rcpt_to: "Ann@example.org",
      message_id: "000443",
      campaign_id: "spring",
      ...more,
    },
  },
});
const SP_IDS = `queueId=000443 tag=spring at=${AT}`;
const resend = (type: string, more: object = {}) => ({
  type,
  created_at: AT,
  data: { email_id: "56761188", from: "Shop <news@shop.example>", to: ["ann@example.org"], subject: "News", ...more },
});
const RE_IDS = `queueId=56761188 at=${AT}`;
const brevo = (event: string, more: object = {}) => ({
  event,
  email: "ann@example.org",
  id: 1,
  date: "2026-11-29 11:00:00",
  ts_event: SECONDS,
  "message-id": "<1@shop.example>",
  tags: ["spring"],
  ...more,
});
const BR_IDS = `messageId=<1@shop.example> tag=spring at=${AT}`;
const mailjet = (event: string, more: object = {}) => ({
  event,
  time: SECONDS,
  MessageID: 19_421_777_835,
  Message_GUID: "1ab23cd4",
  email: "ann@example.org",
  customcampaign: "spring",
  ...more,
});
const MJ_IDS = `queueId=1ab23cd4 tag=spring at=${AT}`;

const kumo = (type: string, more: object = {}) => ({
  type,
  id: "K1",
  sender: "b+x@bounces.example",
  recipient: "ann@example.org",
  response: { code: 550, enhanced_code: { class: 5, subject: 1, detail: 1 }, content: "No such user" },
  timestamp: SECONDS,
  num_attempts: 0,
  meta: { campaign: "spring" },
  headers: { "Message-ID": "<1@shop.example>" },
  ...more,
});

export const BODIES: readonly Body[] = [
  {
    source: "ses",
    name: "a bounce of several recipients",
    body: ses({
      notificationType: "Bounce",
      bounce: {
        bounceType: "Permanent",
        bounceSubType: "General",
        timestamp: AT,
        feedbackId: "F1",
        reportingMTA: "dns; mx.example.org",
        remoteMtaIp: "192.0.2.1",
        bouncedRecipients: [
          {
            emailAddress: "Ann <ann@example.org>",
            action: "failed",
            status: "5.1.1",
            diagnosticCode: "smtp; 550 5.1.1 No such user",
          },
          { emailAddress: "bob@example.org" },
        ],
      },
    }),
    expected: [
      `failed ann@example.org (Permanent/General) status=5.1.1 remoteMta=192.0.2.1 ${SES_IDS} at=${AT}`,
      `failed bob@example.org (Permanent/General) remoteMta=192.0.2.1 ${SES_IDS} at=${AT}`,
    ],
    diagnostic: ["smtp; 550 5.1.1 No such user", undefined],
  },
  {
    source: "ses",
    name: "what SES itself does not send, and what the recipient's server did not explain",
    body: ses({
      eventType: "Bounce",
      bounce: {
        bounceType: "Permanent",
        bounceSubType: "NoEmail",
        bouncedRecipients: [{ emailAddress: "ann@example.org" }],
      },
    }),
    expected: [`failed ann@example.org (Permanent/NoEmail) status=5.1.1 ${SES_IDS}`],
  },
  {
    source: "ses",
    name: "an address on a list of SES",
    body: ses({
      eventType: "Bounce",
      bounce: {
        bounceType: "Permanent",
        bounceSubType: "Suppressed",
        bouncedRecipients: [{ emailAddress: "ann@example.org" }],
      },
    }),
    expected: [`not_sent ann@example.org (Permanent/Suppressed) ${SES_IDS}`],
  },
  {
    source: "ses",
    name: "a complaint, of one and of several that may have complained",
    body: ses({
      notificationType: "Complaint",
      complaint: {
        complainedRecipients: [{ emailAddress: "ann@example.org" }, { emailAddress: "bob@example.org" }],
        timestamp: AT,
        complaintFeedbackType: "abuse",
      },
    }),
    expected: [
      `complained ann@example.org (Complaint/abuse) ${SES_IDS} at=${AT} feedbackType=abuse among=2`,
      `complained bob@example.org (Complaint/abuse) ${SES_IDS} at=${AT} feedbackType=abuse among=2`,
    ],
  },
  {
    source: "ses",
    name: "a complaint of the past, because of which SES does not send",
    body: ses({
      notificationType: "Complaint",
      complaint: {
        complainedRecipients: [{ emailAddress: "ann@example.org" }],
        complaintSubType: "OnAccountSuppressionList",
      },
    }),
    expected: [`not_sent ann@example.org (Complaint/OnAccountSuppressionList) ${SES_IDS}`],
  },
  {
    source: "ses",
    name: "a delay",
    body: ses({
      eventType: "DeliveryDelay",
      deliveryDelay: {
        delayType: "MailboxFull",
        timestamp: AT,
        delayedRecipients: [
          { emailAddress: "ann@example.org", status: "4.2.2", diagnosticCode: "smtp; 452 4.2.2 full" },
        ],
      },
    }),
    expected: [`delayed ann@example.org (DeliveryDelay/MailboxFull) status=4.2.2 ${SES_IDS} at=${AT}`],
  },
  {
    source: "ses",
    name: "a delivery",
    body: ses({
      notificationType: "Delivery",
      delivery: { timestamp: AT, recipients: ["ann@example.org", "bob@example.org"] },
    }),
    expected: [
      `delivered ann@example.org (Delivery) ${SES_IDS} at=${AT}`,
      `delivered bob@example.org (Delivery) ${SES_IDS} at=${AT}`,
    ],
  },
  { source: "ses", name: "something new", body: ses({ eventType: "Teleport" }), expected: ["unknown Teleport"] },
  {
    source: "sendgrid",
    name: "a batch",
    body: [
      sendgrid("bounce", {
        type: "bounce",
        bounce_classification: "Invalid Address",
        reason: "550 5.1.1 no",
        status: "5.1.1",
      }),
      sendgrid("bounce", { type: "blocked", reason: "554 5.7.1 spam", status: "" }),
      sendgrid("deferred", { response: "451 4.7.1 later", attempt: "3" }),
      sendgrid("dropped", { reason: "Bounced Address" }),
      sendgrid("spamreport"),
      sendgrid("group_unsubscribe", { asm_group_id: 7 }),
      sendgrid("open"),
      sendgrid("teleported"),
    ],
    expected: [
      `failed ann@example.org (bounce/Invalid Address) status=5.1.1 ${SG_IDS}`,
      `failed ann@example.org (blocked) ${SG_IDS}`,
      `delayed ann@example.org (deferred) ${SG_IDS} attempt=3`,
      `not_sent ann@example.org (dropped/Bounced Address) ${SG_IDS}`,
      `complained ann@example.org (spamreport) ${SG_IDS}`,
      `unsubscribed ann@example.org (group_unsubscribe) ${SG_IDS}`,
      "ignored open",
      "unknown teleported",
    ],
    diagnostic: ["550 5.1.1 no", "554 5.7.1 spam", "451 4.7.1 later", undefined, undefined, undefined],
  },
  {
    source: "sendgrid",
    name: "a bounce that came later: without ids of the mail",
    body: [sendgrid("bounce", { "smtp-id": undefined, sg_message_id: "", category: undefined, reason: "550 no" })],
    expected: [`failed ann@example.org (bounce) at=${AT}`],
  },
  {
    source: "postmark",
    name: "a bounce, with the raw message that is not kept",
    body: postmark({
      RecordType: "Bounce",
      Type: "HardBounce",
      Details: "smtp;550 5.1.1 no such user",
      Content: "x".repeat(99),
    }),
    expected: [`failed ann@example.org (HardBounce) ${PM_IDS}`],
    diagnostic: "smtp;550 5.1.1 no such user",
  },
  {
    source: "postmark",
    name: "a message that waits",
    body: postmark({ RecordType: "Bounce", Type: "Transient", Details: "" }),
    expected: [`delayed ann@example.org (Transient) ${PM_IDS}`],
  },
  {
    source: "postmark",
    name: "an automatic answer",
    body: postmark({ RecordType: "Bounce", Type: "AutoResponder" }),
    expected: ["ignored Bounce/AutoResponder"],
  },
  {
    source: "postmark",
    name: "a complaint",
    body: postmark({ RecordType: "SpamComplaint", Type: "SpamComplaint" }),
    expected: [`complained ann@example.org (SpamComplaint) ${PM_IDS}`],
  },
  {
    source: "postmark",
    name: "an unsubscribe, and a suppression that follows from a bounce",
    body: [
      {
        RecordType: "SubscriptionChange",
        MessageID: "883953f4",
        Recipient: "ann@example.org",
        ChangedAt: AT,
        Origin: "Recipient",
        SuppressSending: true,
        SuppressionReason: "ManualSuppression",
        MessageStream: "outbound",
      },
      {
        RecordType: "SubscriptionChange",
        Recipient: "ann@example.org",
        SuppressSending: true,
        SuppressionReason: "HardBounce",
      },
    ],
    expected: [
      `unsubscribed ann@example.org (SubscriptionChange) queueId=883953f4 tag=outbound at=${AT}`,
      "ignored SubscriptionChange/HardBounce",
    ],
  },
  {
    source: "mailgun",
    name: "a failure for good",
    body: mailgun({
      event: "failed",
      severity: "permanent",
      reason: "bounce",
      "delivery-status": { code: 550, "enhanced-code": "5.1.1", message: "no such user", "mx-host": "mx.example.org" },
    }),
    expected: [
      `failed ann@example.org (permanent/bounce) status=5.1.1 replyCode=550 remoteMta=mx.example.org ${MG_IDS}`,
    ],
    diagnostic: "no such user",
  },
  {
    source: "mailgun",
    name: "a failure for now, with a code of Mailgun's own",
    body: mailgun({
      event: "failed",
      severity: "temporary",
      reason: "generic",
      "delivery-status": { code: 498, message: "No MX", "attempt-no": 2 },
    }),
    expected: [`delayed ann@example.org (temporary/generic) ${MG_IDS} attempt=2`],
  },
  {
    source: "mailgun",
    name: "an address on a list",
    body: mailgun({
      event: "failed",
      severity: "permanent",
      reason: "suppress-bounce",
      "delivery-status": { code: 605 },
    }),
    expected: [`not_sent ann@example.org (permanent/suppress-bounce) ${MG_IDS}`],
  },
  {
    source: "mailgun",
    name: "a complaint",
    body: mailgun({ event: "complained" }),
    expected: [`complained ann@example.org (complained) ${MG_IDS}`],
  },
  {
    source: "mailgun",
    name: "an unsubscribe",
    body: mailgun({ event: "unsubscribed" }),
    expected: [`unsubscribed ann@example.org (unsubscribed) ${MG_IDS}`],
  },
  { source: "mailgun", name: "an opened mail", body: mailgun({ event: "opened" }), expected: ["ignored opened"] },
  {
    source: "sparkpost",
    name: "a batch",
    body: [
      sparkpost({ type: "bounce", bounce_class: "10", error_code: "550", raw_reason: "550 5.1.1 no such user" }),
      sparkpost({ type: "out_of_band", bounce_class: "51", raw_reason: "554 5.7.1 listed" }),
      sparkpost({
        type: "bounce",
        bounce_class: "25",
        error_code: "554",
        raw_reason: "554 5.7.1 [internal] suppressed",
      }),
      sparkpost({ type: "delay", bounce_class: "22", num_retries: "2", raw_reason: "452 4.2.2 full" }),
      sparkpost({ type: "spam_complaint", fbtype: "abuse" }),
      sparkpost({ type: "list_unsubscribe" }, "unsubscribe_event"),
      sparkpost({ type: "click" }, "track_event"),
      { msys: {} },
      sparkpost({ type: "teleport" }, "gen_event"),
    ],
    expected: [
      `failed Ann@example.org (bounce/10) replyCode=550 ${SP_IDS}`,
      `failed Ann@example.org (out_of_band/51) ${SP_IDS}`,
      `not_sent Ann@example.org (bounce/25) replyCode=554 ${SP_IDS}`,
      `delayed Ann@example.org (delay/22) ${SP_IDS} attempt=2`,
      `complained Ann@example.org (spam_complaint) ${SP_IDS} feedbackType=abuse`,
      `unsubscribed Ann@example.org (list_unsubscribe) ${SP_IDS}`,
      "ignored click",
      "ignored ping",
      "unknown teleport",
    ],
  },
  {
    source: "sparkpost",
    name: "an out-of-band bounce without a recipient",
    body: [{ msys: { message_event: { type: "out_of_band", timestamp: String(SECONDS), raw_reason: "550 no" } } }],
    expected: ["refused recipient"],
  },
  {
    source: "resend",
    name: "a bounce",
    body: resend("email.bounced", {
      bounce: { type: "Permanent", subType: "General", message: "It bounced.", diagnosticCode: ["smtp; 550 5.1.1 no"] },
      tags: { category: "spring" },
    }),
    expected: [`failed ann@example.org (Permanent/General) queueId=56761188 tag=spring at=${AT}`],
    diagnostic: "smtp; 550 5.1.1 no",
  },
  {
    source: "resend",
    name: "mail to several, of whom one bounced",
    body: resend("email.bounced", { to: ["ann@example.org", "bob@example.org"], bounce: { type: "Permanent" } }),
    expected: [
      `failed ann@example.org (Permanent) ${RE_IDS} among=2`,
      `failed bob@example.org (Permanent) ${RE_IDS} among=2`,
    ],
  },
  {
    source: "resend",
    name: "a complaint",
    body: resend("email.complained"),
    expected: [`complained ann@example.org (email.complained) ${RE_IDS}`],
  },
  {
    source: "resend",
    name: "a delay",
    body: resend("email.delivery_delayed"),
    expected: [`delayed ann@example.org (email.delivery_delayed) ${RE_IDS}`],
  },
  {
    source: "resend",
    name: "an address on a list",
    body: resend("email.suppressed"),
    expected: [`not_sent ann@example.org (email.suppressed) ${RE_IDS}`],
  },
  { source: "resend", name: "an opened mail", body: resend("email.opened"), expected: ["ignored email.opened"] },
  { source: "resend", name: "something new", body: resend("email.teleported"), expected: ["unknown email.teleported"] },
  {
    source: "brevo",
    name: "a list of events",
    body: [
      brevo("hard_bounce", { reason: "550 5.1.1 no such user" }),
      brevo("soft_bounce", { reason: "452 4.2.2 full" }),
      brevo("deferred", { reason: "451 4.7.1 later" }),
      brevo("blocked", { reason: "blocked" }),
      brevo("spam"),
      brevo("unsubscribed"),
      brevo("unique_opened"),
      brevo("teleported"),
    ],
    expected: [
      `failed ann@example.org (hard_bounce) ${BR_IDS}`,
      `failed ann@example.org (soft_bounce) ${BR_IDS}`,
      `delayed ann@example.org (deferred) ${BR_IDS}`,
      `not_sent ann@example.org (blocked) ${BR_IDS}`,
      `complained ann@example.org (spam) ${BR_IDS}`,
      `unsubscribed ann@example.org (unsubscribed) ${BR_IDS}`,
      "ignored unique_opened",
      "unknown teleported",
    ],
  },
  {
    source: "mailjet",
    name: "a list of events",
    body: [
      mailjet("bounce", {
        hard_bounce: true,
        error_related_to: "recipient",
        error: "user unknown",
        comment: "550 5.1.1 no",
      }),
      mailjet("bounce", { hard_bounce: false, error_related_to: "recipient", error: "mailbox inactive", comment: "" }),
      mailjet("blocked", { error_related_to: "mailjet", error: "preblocked" }),
      mailjet("blocked", { error_related_to: "spam", error: "spam blocked" }),
      mailjet("spam", { source: "JMRPP" }),
      mailjet("unsub"),
      mailjet("open"),
      mailjet("teleport"),
    ],
    expected: [
      `failed ann@example.org (bounce/hard/recipient/user unknown) ${MJ_IDS}`,
      `failed ann@example.org (bounce/recipient/mailbox inactive) ${MJ_IDS}`,
      `not_sent ann@example.org (blocked/mailjet/preblocked) ${MJ_IDS}`,
      `failed ann@example.org (blocked/spam/spam blocked) ${MJ_IDS}`,
      `complained ann@example.org (spam) ${MJ_IDS}`,
      `unsubscribed ann@example.org (unsub) ${MJ_IDS}`,
      "ignored open",
      "unknown teleport",
    ],
    diagnostic: ["550 5.1.1 no", "mailbox inactive", "preblocked", "spam blocked", undefined, undefined],
  },
  {
    source: "custom",
    name: "JSON pointers",
    endpoint: {
      name: "acme",
      map: {
        events: "/payload/items",
        recipient: "/to/0/address",
        type: "/kind",
        types: { failed: "failed", spam: "complained", sent: "ignored" },
        label: "/a~1b",
        diagnostic: "/why",
        queueId: "/id",
        at: "/when",
      },
    },
    body: {
      payload: {
        items: [
          {
            kind: "failed",
            to: [{ address: "ann@example.org" }],
            "a/b": "perm",
            why: "550 5.1.1 no",
            id: 7,
            when: SECONDS * 1000,
          },
          { kind: "spam", to: [{ address: "ann@example.org" }], id: 8 },
          { kind: "sent" },
          { kind: "toString" },
          { kind: "failed", to: "nobody", id: 9 },
        ],
      },
    },
    expected: [
      `failed ann@example.org (perm) queueId=7 at=${AT}`,
      "complained ann@example.org (spam) queueId=8",
      "ignored sent",
      "unknown toString",
      "refused recipient",
    ],
  },
  {
    source: "custom",
    name: "only what is outgoing",
    endpoint: {
      name: "postal",
      map: {
        only: { "/mail/direction": "outgoing" },
        recipient: "/mail/to",
        type: "/event",
        types: { Failed: "failed" },
        queueId: "/mail/id",
      },
    },
    body: [
      { event: "Failed", mail: { direction: "outgoing", to: "ann@example.org", id: 1 } },
      { event: "Failed", mail: { direction: "incoming", to: "info@shop.example", id: 2 } },
      { event: "Other", mail: { direction: "outgoing" } },
      { event: "Failed" },
    ],
    expected: ["failed ann@example.org (Failed) queueId=1", "ignored Failed", "unknown Other", "ignored Failed"],
  },
  {
    source: "kumomta",
    name: "records of the log hook",
    body: [
      kumo("Bounce"),
      kumo("TransientFailure", { num_attempts: 2 }),
      kumo("Delivery"),
      kumo("Bounce", { sender: "" }),
      kumo("Bounce", { recipient: 7 }),
    ],
    expected: [
      `failed ann@example.org (Bounce) status=5.1.1 replyCode=550 messageId=<1@shop.example> queueId=K1 tag=spring at=${AT} attempt=0`,
      `delayed ann@example.org (TransientFailure) status=5.1.1 replyCode=550 messageId=<1@shop.example> queueId=K1 tag=spring at=${AT} attempt=2`,
      "delivered ann@example.org (Delivery) status=5.1.1 replyCode=550 messageId=<1@shop.example> queueId=K1 tag=spring at=2026-11-29T10:00:00.000Z attempt=0",
      "ignored Bounce",
      "unknown Bounce",
    ],
  },
];
