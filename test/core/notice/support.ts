import { parseMail, type Mail } from "../../../src/core/mime/mail.ts";

export interface Letter {
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  /** Further header lines. */
  readonly headers?: string;
}

/** A mail from a daemon about failed delivery, unless told otherwise. */
export const mailOf = (body: string, letter: Letter = {}): Promise<Mail> => {
  const { from = "MAILER-DAEMON@mx.example.net", to = "news-bounces@sender.test" } = letter;
  const { subject = "Undelivered Mail Returned to Sender", headers = "" } = letter;
  const head = `From: ${from}\nTo: ${to}\nSubject: ${subject}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n`;
  return parseMail(Buffer.from(`${head}${headers === "" ? "" : `${headers}\n`}\n${body}\n`));
};
