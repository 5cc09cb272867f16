/**
 * One-click unsubscribing, RFC 8058, as a message: it takes the way of all mail through intake, so that it is durable
 * before it is answered, and its event goes where events go. The proof is the token.
 */
import { isAddress } from "../addresses/is-address.ts";
import { createToken, readToken, type TokenRequest } from "../return-path/token.ts";
import type { ReturnPathSettings } from "../return-path/settings.ts";

const HOUR_MS = 3_600_000;

/** What the token says, whatever its age: who wants no more mail is right. Null: it is not ours. */
export function unsubscriberOf(token: string, settings: ReturnPathSettings): TokenRequest | null {
  const reading = readToken(token, settings, null);
  if (reading?.check !== "valid" || reading.recipient === null || !isAddress(reading.recipient)) return null;
  return { recipient: reading.recipient, tag: reading.tag ?? undefined };
}

/** With a token of today, which proves it. The same within an hour, so that a second click makes no second event. */
export function unsubscribeMessage(
  unsubscriber: TokenRequest,
  { to, now, settings }: { readonly to: string; readonly now: number; readonly settings: ReturnPathSettings },
): Buffer {
  const date = new Date(Math.floor(now / HOUR_MS) * HOUR_MS);
  return Buffer.from(
    [
      `From: <${unsubscriber.recipient}>`,
      `To: <${to}>`,
      "Subject: unsubscribe",
      `Date: ${date.toUTCString().replace("GMT", "+0000")}`,
      `X-Bounced-Token: ${createToken(unsubscriber, settings, date)}`,
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 8bit",
      "",
      "List-Unsubscribe=One-Click",
      "",
    ].join("\r\n"),
  );
}
