/** Shapes of e-mail providers: what they write when one downloads a list, and take when one uploads it. */
import {
  parseCellInstant,
  isComplaint,
  isYes,
  reasonText,
  statusOf,
  unixOf,
  UNSUBSCRIBED,
  type ListShape,
} from "./shape.ts";

// One file per list at SendGrid; the reason tells them apart.
const sendgrid: ListShape = {
  name: "SendGrid",
  columns: ["email", "created", "reason", "status"],
  write: (entry) => [
    [
      entry.value,
      unixOf(entry.createdAt),
      entry.cause === "import" ? entry.reason : reasonText(entry),
      isComplaint(entry) ? "" : statusOf(entry),
    ],
  ],
  read: (cell) => ({
    value: cell("email"),
    cause: /spam report|complaint/i.test(cell("reason")) ? "complaint" : "import",
    reason: cell("reason"),
    note: cell("status") || undefined,
    createdAt: parseCellInstant(cell("created")),
  }),
};

const ses: ListShape = {
  name: "Amazon SES",
  columns: ["EmailAddress", "Reason", "LastUpdateTime"],
  bare: true,
  write: (entry) => [[entry.value, isComplaint(entry) ? "COMPLAINT" : "BOUNCE", entry.updatedAt]],
  read: (cell) => ({
    value: cell("emailaddress"),
    cause: cell("reason").toUpperCase() === "COMPLAINT" ? "complaint" : "import",
    reason: cell("reason"),
    createdAt: parseCellInstant(cell("lastupdatetime")),
  }),
};

const postmark: ListShape = {
  name: "Postmark",
  columns: ["EmailAddress", "SuppressionReason", "Origin", "CreatedAt"],
  write: (entry) => [
    [
      entry.value,
      entry.cause === "manual" ? "ManualSuppression" : isComplaint(entry) ? "SpamComplaint" : "HardBounce",
      entry.cause === "manual" ? "Admin" : "Recipient",
      entry.createdAt,
    ],
  ],
  read: (cell) => ({
    value: cell("emailaddress"),
    cause:
      cell("suppressionreason") === "SpamComplaint"
        ? "complaint"
        : cell("suppressionreason") === "ManualSuppression"
          ? "manual"
          : "import",
    reason: cell("suppressionreason"),
    note: cell("origin") || undefined,
    createdAt: parseCellInstant(cell("createdat")),
  }),
};

const mailgun: ListShape = {
  name: "Mailgun",
  columns: ["address", "code", "error", "created_at"],
  write: (entry) => [
    [entry.value, isComplaint(entry) ? "" : "550", reasonText(entry), new Date(entry.createdAt).toUTCString()],
  ],
  read: (cell) => ({
    value: cell("address"),
    cause: "import",
    reason: cell("error") || cell("code"),
    note: cell("code") || undefined,
    createdAt: parseCellInstant(cell("createdat")),
  }),
};

/** Two rows for an address: one type of row stops only that type of mail, and an entry of ours stops both. */
const sparkpost: ListShape = {
  name: "SparkPost",
  columns: ["recipient", "type", "description"],
  needs: ["recipient"],
  write: (entry) =>
    ["transactional", "non_transactional"].map((type) => [
      entry.value,
      type,
      `${reasonText(entry)} since ${entry.createdAt}`,
    ]),
  read: (cell) => {
    const description = cell("description");
    const source = cell("source");
    const isUnsubscribe = /unsubscribe/i.test(source || description);
    const known = / since (\d{4}-\d\d-\d\dT[\d:.]+Z)$/.exec(description);
    return {
      value: cell("recipient"),
      ...(/spam (complaint|report)/i.test(source || description)
        ? { cause: "complaint" as const, reason: "spam report" }
        : isUnsubscribe
          ? UNSUBSCRIBED
          : { cause: "import" as const, reason: source || description }),
      note: description || undefined,
      createdAt: parseCellInstant(cell("created")) ?? parseCellInstant(known?.[1] ?? ""),
    };
  },
};

const resend: ListShape = {
  name: "Resend",
  columns: ["email", "origin", "created_at"],
  write: (entry) => [
    [entry.value, entry.cause === "manual" ? "manual" : isComplaint(entry) ? "complaint" : "bounce", entry.createdAt],
  ],
  read: (cell) => ({
    value: cell("email"),
    cause: cell("origin") === "complaint" ? "complaint" : cell("origin") === "manual" ? "manual" : "import",
    reason: cell("origin"),
    createdAt: parseCellInstant(cell("createdat")),
  }),
};

/** Codes of `GET /v3/smtp/blockedContacts`; files of the contacts page have EMAIL and nothing that says why. */
const brevo: ListShape = {
  name: "Brevo",
  columns: ["EMAIL", "REASON", "BLOCKED_AT"],
  write: (entry) => [
    [
      entry.value,
      isComplaint(entry)
        ? entry.reason === UNSUBSCRIBED.reason
          ? "unsubscribedViaEmail"
          : "contactFlaggedAsSpam"
        : entry.cause === "manual"
          ? "adminBlocked"
          : "hardBounce",
      entry.createdAt,
    ],
  ],
  read: (cell) => {
    const reason = cell("reason");
    return {
      value: cell("email"),
      ...(/^unsubscribed/i.test(reason)
        ? UNSUBSCRIBED
        : {
            cause: /spam/i.test(reason)
              ? ("complaint" as const)
              : reason === "adminBlocked"
                ? ("manual" as const)
                : ("import" as const),
            reason,
          }),
      createdAt: parseCellInstant(cell("blockedat")),
    };
  },
};

/** A contact list: rows that are not excluded are people who want mail. */
const mailjet: ListShape = {
  name: "Mailjet",
  columns: ["Email", "IsExcludedFromCampaigns", "IsSpamComplaining", "ExclusionFromCampaignsUpdatedAt"],
  needs: ["isexcludedfromcampaigns", "isspamcomplaining"],
  write: (entry) => [[entry.value, "true", isComplaint(entry) ? "true" : "false", entry.createdAt]],
  read: (cell) => {
    const complains = isYes(cell("isspamcomplaining"));
    if (!complains && !isYes(cell("isexcludedfromcampaigns"))) return null;
    return {
      value: cell("email"),
      cause: complains ? "complaint" : "import",
      reason: complains ? "spam report" : "excluded from campaigns",
      createdAt: parseCellInstant(cell("exclusionfromcampaignsupdatedat")),
    };
  },
};

export const PROVIDER_SHAPES = { sendgrid, ses, postmark, mailgun, resend, brevo, mailjet, sparkpost } as const;
