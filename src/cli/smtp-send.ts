import SMTPConnection from "nodemailer/lib/smtp-connection";
import { UsageError } from "./exit-status.ts";

export interface SmtpTarget {
  readonly host: string;
  readonly port: number;
}

/** `smtp://host:port`, `host:port` or `host`. */
export function parseSmtpTarget(text: string): SmtpTarget {
  const url = URL.canParse(text) && text.includes("://") ? new URL(text) : new URL(`smtp://${text}`);
  if (url.protocol !== "smtp:" || !url.hostname) throw new UsageError(`--to ${text}: expected smtp://host:port`);
  return { host: url.hostname, port: url.port ? Number(url.port) : 25 };
}

export interface SmtpSession {
  /** Resolves with the last reply; rejects with the refusal. */
  send(message: Buffer, envelope: { readonly from: string; readonly to: string }): Promise<string>;
  close(): void;
}

/** A plain session with the certificate unchecked: it talks to the listener of this very installation. */
export function openSmtpSession(target: SmtpTarget): Promise<SmtpSession> {
  const connection = new SMTPConnection({ ...target, tls: { rejectUnauthorized: false }, connectionTimeout: 10_000 });
  return new Promise((resolve, reject) => {
    connection.once("error", reject);
    connection.connect(() => {
      connection.on("error", () => undefined);
      resolve({
        send: (message, { from, to }) =>
          new Promise((sent, refused) => {
            connection.send({ from, to: [to] }, message, (error, info) => {
              if (error) refused(error);
              else sent(info.response);
            });
          }),
        close: () => connection.quit(),
      });
    });
  });
}
