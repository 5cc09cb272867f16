/** The host that refused, from a `Remote-MTA` field or from the words before a reply. */
import { hostName } from "./transcript.ts";

const TYPED = /^\s*[A-Za-z][\w-]{0,30}\s*;\s*(.*)$/s;
const HOST = String.raw`(\[?[A-Za-z0-9](?:[\w.:-]{0,253}[\w])?\]?)`;

/** `dns; mx.example.org (192.0.2.1)` -> `mx.example.org`. Null for an empty or invented value such as `unknown`. */
export function parseMta(value: string): string | null {
  const text = (TYPED.exec(value)?.[1] ?? value).trim();
  const host = hostName(/^\[?[^\s(),;<>"]{1,255}\]?/.exec(text)?.[0] ?? "");
  return host === "" || /^(?:unknown|none|n\/a|null)$/i.test(host) ? null : host;
}

const PHRASES: readonly RegExp[] = [
  // Postfix `host mx.example.org[192.0.2.1] said:`, Exim `host mx.example.org [192.0.2.1]`.
  new RegExp(String.raw`\bhost ${HOST}\s?\[[\w.:]{3,60}\](?::\d+)?`, "i"),
  new RegExp(
    String.raw`(?:connect to|connected to|lost connection with|conversation with|connecting to|talking to) ${HOST}(?=[\s[:(.,]|$)`,
    "i",
  ),
  new RegExp(
    String.raw`\b(?:remote (?:mail )?(?:server|host|mta)|server) ${HOST} (?:said|responded|replied|rejected)`,
    "i",
  ),
  // DragonFly: `mx.example.org [192.0.2.1] did not like our RCPT TO:`.
  new RegExp(String.raw`(?<![\w.:-])${HOST} \[[\w.:]{3,60}\] (?:did not like|said|rejected|refused)`, "i"),
  // Courier.
  new RegExp(String.raw`^\s*${HOST} \[[\w.:]{3,60}\]:$`, "m"),
];

/** Every phrase holds one of these; most texts hold none. */
const HINT = /\bhost |connect|talking to|conversation|server|did not like|said|rejected|refused|\]:/i;

/** From the words around a reply; null when they name no host. */
export function findRemoteMta(text: string): string | null {
  if (!HINT.test(text)) return null;
  for (const phrase of PHRASES) {
    const match = phrase.exec(text);
    if (match) return hostName(match[1]!);
  }
  return null;
}
