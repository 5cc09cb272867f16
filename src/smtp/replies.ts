/**
 * Every refusal we can give, one table. `text` is for strangers: it says nothing of our insides, and the same for an
 * unknown, an expired and a forged return path. A fault of ours is always temporary (4xx), so the sender keeps the mail.
 */
export interface SmtpReply {
  readonly code: number;
  /** RFC 3463. */
  readonly enhanced: `${4 | 5}.${number}.${number}`;
  readonly text: string;
}

export const REPLIES = {
  notOurDomain: { code: 550, enhanced: "5.7.1", text: "We do not relay" },
  unknownRecipient: { code: 550, enhanced: "5.1.1", text: "No such bounce address" },
  badAddress: { code: 553, enhanced: "5.1.3", text: "Bad recipient address" },
  tooBig: { code: 552, enhanced: "5.3.4", text: "Message too big" },
  tooComplex: { code: 554, enhanced: "5.6.0", text: "Message not acceptable" },
  notStored: { code: 451, enhanced: "4.3.0", text: "Temporary failure, please try again" },
  storageFull: { code: 452, enhanced: "4.3.1", text: "Short of storage, please try again later" },
  tooManyGuesses: { code: 451, enhanced: "4.7.1", text: "Please try again later" },
  incomplete: { code: 451, enhanced: "4.4.2", text: "Message not received in full" },
  tooManyConnections: { code: 421, enhanced: "4.7.0", text: "Too many connections, please try again later" },
  tooManyFromYou: { code: 421, enhanced: "4.7.0", text: "Too many connections from your address" },
  tooManyErrors: { code: 421, enhanced: "4.7.0", text: "Too many refused recipients" },
  tooManyCommands: { code: 421, enhanced: "4.7.0", text: "Too many commands" },
  tooSlow: { code: 421, enhanced: "4.4.2", text: "Timeout, closing connection" },
  shuttingDown: { code: 421, enhanced: "4.3.2", text: "Service shutting down, please try again" },
} as const satisfies Record<string, SmtpReply>;

/** What goes on the wire after the reply code. */
export const replyText = ({ enhanced, text }: SmtpReply): string => `${enhanced} ${text}`;

/** The only error that leaves a hook. `cause` is for the log. */
export class SmtpRefusal extends Error {
  override name = "SmtpRefusal";
  readonly responseCode: number;
  readonly reply: SmtpReply;
  constructor(reply: SmtpReply, options?: { readonly cause?: unknown }) {
    super(replyText(reply), options);
    this.reply = reply;
    this.responseCode = reply.code;
  }
}

/** A refusal stays what it is; whatever else was thrown is a fault of ours, and temporary. */
export const toRefusal = (thrown: unknown): SmtpRefusal =>
  thrown instanceof SmtpRefusal ? thrown : new SmtpRefusal(REPLIES.notStored, { cause: thrown });
