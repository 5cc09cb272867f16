/** SMTP dialogues quoted in reports: `>>>` what was sent, `<<<` what came back, `while talking to` whom. */
import type { SmtpCommand } from "../../event/smtp.ts";
import { parseSmtpCommand } from "./smtp-command.ts";

export interface Exchange {
  /** Whom the reporting MTA talked to, host name or address; null if the transcript does not say. */
  readonly host: string | null;
  readonly command: SmtpCommand | null;
  /** As sent, `RCPT TO:<user@example.org>`; empty for the greeting. */
  readonly sent: string;
  /** The whole reply on one line. */
  readonly reply: string;
}

const HOST_LINES: readonly RegExp[] = [
  /while talking to (\[?[\w.:-]{1,255}\]?)/,
  // Courier: `mail.example.org [192.0.2.1]:` alone on its line.
  /^\s*([\w-]{1,63}(?:\.[\w-]{1,63}){1,10}\.?) \[[\w.:]{3,60}\]:$/,
];
const SENT = /^[\s>|]{0,12}(?:>>>|-->|==>)\s?(.*)$/;
const RECEIVED = /^[\s|]{0,12}(?:>\s?)?(?:<<<|<--|<==)\s?(.*)$/;

/** `mx.example.org.:` -> `mx.example.org`; `[192.0.2.1]` -> `192.0.2.1`. */
export const hostName = (text: string): string =>
  PLAIN_HOST.test(text) ? text : text.replace(/^\[|\]$/g, "").replace(/[.:]+$/, "");
const PLAIN_HOST = /^\w[\w.-]*\w$/;

/** A reply before anything was sent is the greeting; words without a code are the reporting server's own. */
const commandFor = (sent: string, reply: string): SmtpCommand | null => {
  if (sent !== "") return parseSmtpCommand(sent);
  return /^\d{3}/.test(reply) ? "CONN" : null;
};

/** Every reply of every dialogue in the text, in order. Linear; at most 2,000. */
export function readTranscript(text: string): readonly Exchange[] {
  const exchanges: { host: string | null; command: SmtpCommand | null; sent: string; reply: string }[] = [];
  if (!/<<<|<--|<==/.test(text)) return exchanges;
  let host: string | null = null;
  let sent = "";
  let continues = false;
  for (const line of text.split("\n")) {
    const reply = RECEIVED.exec(line);
    if (reply) {
      const last = exchanges.at(-1);
      const words = reply[1]!.trim();
      if (continues && last) last.reply = `${last.reply} ${words}`;
      else if (exchanges.length < 2_000) exchanges.push({ host, command: commandFor(sent, words), sent, reply: words });
      // `550-` announces another line of the same reply.
      continues = /^\d{3}-/.test(words);
      continue;
    }
    continues = false;
    const command = SENT.exec(line);
    if (command) {
      sent = command[1]!.trim();
      continue;
    }
    for (const pattern of HOST_LINES) {
      const match = pattern.exec(line);
      if (match) {
        host = hostName(match[1]!);
        sent = "";
      }
    }
  }
  return exchanges;
}

/** The refusals of a dialogue, ready to be asked for each of many recipients. */
export interface Refusals {
  /** The last that names the address, in the command or in the reply; null if none does. Any case. */
  naming(address: string): Exchange | null;
  /** The last that says why, whoever it is about; null if there is none. `503 RCPT first` says nothing. */
  readonly last: Exchange | null;
  /** The last to a command that every recipient shares: MAIL, DATA, the final dot; null if there is none. */
  readonly shared: Exchange | null;
}

/** Addresses as dialogues write them; what is odd about one is left to the recipient's own reader. */
const NAMED = /<([^<>\s]{3,400})>|([^\s<>"(),;:]{1,256}@[^\s<>"(),;:]{1,255})/g;
/** `503 RCPT first` only echoes that every RCPT was refused before. */
const isEcho = ({ reply }: Exchange): boolean => /no valid recipients|need rcpt|^503 /i.test(reply);

/** Linear: every exchange is read once, however many recipients ask. */
export function refusalsIn(exchanges: readonly Exchange[]): Refusals {
  const refusals = exchanges.filter(({ reply }) => /^[45]\d\d/.test(reply));
  const hasEcho = refusals.some(isEcho);
  const byAddress = new Map<string, { readonly exchange: Exchange; readonly inReply: boolean }>();
  const note = (text: string, exchange: Exchange, inReply: boolean): void => {
    for (const [, angled, bare] of text.matchAll(NAMED)) {
      const address = (angled ?? bare ?? "").toLowerCase().replace(/^['*`]{1,3}|[.'`]{1,3}$/g, "");
      if (address.includes("@")) byAddress.set(address, { exchange, inReply });
    }
  };
  for (const exchange of refusals) {
    note(exchange.sent, exchange, false);
    note(exchange.reply, exchange, true);
  }
  // With pipelining Sendmail had sent DATA when the answer to RCPT came in; DATA itself then found no recipient.
  const inTime = (exchange: Exchange, inReply = false): Exchange =>
    exchange.command === "DATA" && (inReply || hasEcho) ? { ...exchange, command: "RCPT" } : exchange;
  const last = refusals.findLast((exchange) => !isEcho(exchange));
  return {
    naming(address) {
      const found = byAddress.get(address.toLowerCase());
      return found ? inTime(found.exchange, found.inReply) : null;
    },
    last: last ? inTime(last) : null,
    shared: refusals.findLast((exchange) => !isEcho(exchange) && exchange.command !== "RCPT") ?? null,
  };
}
