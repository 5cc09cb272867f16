/** What a mail shows to a person, as text: of whichever part it stands in. */
import { decodeText, guessText } from "../fields/charset.ts";
import { htmlText } from "../fields/html-text.ts";
import type { Mail } from "./mail.ts";

const MAX_RAW = 256 * 1024;

/** The text; else what the HTML says; else, where a wrong boundary hid every part, the body as it stands. */
export function shownText(mail: Mail): string {
  // `Content-Type: text/plain charset=…` without the semicolon makes an attachment of the text.
  const misread = mail.parts.filter(
    ({ contentType, fileName }) => fileName === null && /^text\/plain\s/.test(contentType),
  );
  const text = [...misread.map(({ content }) => guessText(content)), mail.text].join("\n");
  if (text.trim() !== "") return text;
  if (mail.html !== "") return htmlText(mail.html);
  if (mail.parts.length > 0) return attachedText(mail);
  const raw = guessText(mail.raw.subarray(0, MAX_RAW));
  const body = raw.search(/\r?\n\r?\n/);
  return body < 0 ? "" : raw.slice(body);
}

/** Text parts that a gateway turned into attachments, up to the returned message. */
function attachedText(mail: Mail): string {
  const end = mail.parts.findIndex(({ contentType }) => contentType.startsWith("message/"));
  const parts = end < 0 ? mail.parts : mail.parts.slice(0, end);
  return parts
    .filter(({ contentType }) => contentType === "text/plain")
    .map(({ content, charset }) => decodeText(content.subarray(0, MAX_RAW), charset))
    .join("\n");
}
