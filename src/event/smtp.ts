/** Words of SMTP and of delivery reports that events, reported refusals and reports share. */

/** RFC 3464 section 2.3.3. */
export const ACTIONS = ["failed", "delayed", "delivered", "relayed", "expanded"] as const;
export type Action = (typeof ACTIONS)[number];
export const isAction = (word: string): word is Action => (ACTIONS as readonly string[]).includes(word);

/** The stage of the SMTP dialogue that the reply answered. `EOD` is the reply after the final dot. */
export const SMTP_COMMANDS = ["CONN", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "EOD"] as const;
export type SmtpCommand = (typeof SMTP_COMMANDS)[number];

/** Of a reported refusal: what became of one attempt at one recipient, or what he said about the mail later. */
export const REFUSAL_ACTIONS = ["failed", "delayed", "delivered", "not_sent", "complained", "unsubscribed"] as const;
export type RefusalAction = (typeof REFUSAL_ACTIONS)[number];
