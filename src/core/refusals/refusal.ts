/**
 * A refusal as our own sending system reports it: its MTA was told 550 in the SMTP dialogue, and no message came back.
 * One record for the API, the queue `refusals`, `refuse()` and whoever reads logs.
 */
import { z } from "zod";
import { REFUSAL_ACTIONS, SMTP_COMMANDS } from "../../event/smtp.ts";
import { splitAddress } from "../../return-path/reading.ts";

const MAX_TEXT = 8000;
export const MAX_RAW = 32_768;
const CONTROL = /[\u0000-\u001f\u007f]/;

const line = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !CONTROL.test(text), { error: "remove control characters and line ends" });
const address = line(322)
  .transform((text) => text.trim().replace(/^<(.*)>$/, "$1"))
  .refine((text) => splitAddress(text) !== null && !/[<>]/.test(text), {
    error: "expected an address, e.g. user@example.org",
  });
const messageId = line(998).transform((text) => `<${text.trim().replace(/^<(.*)>$/, "$1")}>`);

/** Names of fields are lower-case when it is read. Several lines of a reply may come as they are. */
export const reportedRefusalSchema = z
  .strictObject({
    recipient: address.describe("whom delivery was attempted to"),
    originalRecipient: address.optional().describe("whom you wrote to, where an alias led to `recipient`"),
    reply: z.string().max(MAX_TEXT).optional().describe("the remote server's reply, e.g. `550 5.1.1 No such user`"),
    diagnostic: z.string().max(MAX_TEXT).optional().describe("instead of `reply`: what your MTA wrote about it"),
    status: z
      .string()
      .regex(/^[245]\.\d{1,3}\.\d{1,3}$/, "expected an enhanced status, e.g. 5.1.1")
      .optional(),
    replyCode: z.number().int().min(200).max(599).optional(),
    remoteMta: line(255).optional().describe("host that refused"),
    reportingMta: line(255).optional().describe("your host that tried"),
    sendingAddress: z
      .union([z.ipv4(), z.ipv6()])
      .optional()
      .describe("IP address that you sent from; deliveries and failures are counted by it"),
    smtpCommand: z.enum(SMTP_COMMANDS).optional().describe("what the reply answered; EOD: the final dot"),
    action: z
      .enum(REFUSAL_ACTIONS)
      .optional()
      .describe(
        "default: `delivered` for 2xx, `delayed` for 4xx, `failed` for everything else; `not_sent`: nobody tried, because the recipient is suppressed; `complained`, `unsubscribed`: what the recipient said about the mail",
      ),
    feedbackType: line(40).optional().describe("of a complaint, RFC 5965: `abuse`, `not-spam`, …"),
    among: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(
        "how many recipients are named, where it is not known which of them it is about: more than one suppress nobody",
      ),
    given: z
      .strictObject({ source: line(40), label: line(200) })
      .optional()
      .describe("what your provider calls it; kept beside the verdict"),
    raw: z.string().max(MAX_RAW).optional().describe("what your provider wrote, kept with the event"),
    returnPath: line(322).optional().describe("the envelope sender that you used"),
    tag: line(500).optional().describe("instead of a signed return path: your campaign or stream"),
    messageId: messageId.optional().describe("Message-ID of your mail"),
    queueId: line(200).optional().describe("your MTA's or provider's id of your mail"),
    attempt: z.number().int().min(0).max(100_000).optional().describe("number of the attempt, of a delay"),
    at: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text).toISOString())
      .optional()
      .describe("when it was refused; default: now"),
    headers: z
      .record(line(100), z.string().max(2000))
      .refine((headers) => Object.keys(headers).length <= 50, { error: "at most 50 header fields" })
      .optional()
      .describe("header fields of your mail: From, Subject, and those in BOUNCED_KEEP_HEADERS are kept"),
    software: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, "expected lower-case letters and digits, e.g. postfix")
      .optional()
      .describe("what your MTA is"),
  })
  .refine(({ reply, diagnostic }) => reply === undefined || diagnostic === undefined, {
    path: ["diagnostic"],
    error: "give `reply` or `diagnostic`, not both",
  })
  .refine(({ messageId: id, queueId, at }) => id !== undefined || queueId !== undefined || at !== undefined, {
    path: ["messageId"],
    error: "give `messageId`, `queueId` or `at`: without them a repetition cannot be told from another refusal",
  });

/** As callers write it. */
export type ReportedRefusalInput = z.input<typeof reportedRefusalSchema>;
/** As it was read: checked, and spelt one way. */
export type ReportedRefusal = z.output<typeof reportedRefusalSchema>;
