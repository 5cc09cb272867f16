/**
 * Mail whose whole body is packed: an opaque S/MIME signature, `winmail.dat`. The same message again, with its own header
 * and the body as it was before it was packed.
 */
import { latin1, octetsOf } from "../fields/charset.ts";
import type { HeaderField } from "../fields/header-block.ts";
import type { MailPart } from "./mail-part.ts";
import { readSignedData } from "./signed-data.ts";
import { isTnef, readTnef } from "./tnef.ts";
import type { Wrapper } from "./wrapped.ts";

interface Packed {
  readonly headers: readonly HeaderField[];
  readonly text: string;
  readonly html: string;
  readonly parts: readonly MailPart[];
}

export interface Opened {
  readonly wrapper: Wrapper;
  readonly octets: Uint8Array;
}

const MAX_OCTETS = 4 * 1024 * 1024;
const BOUNDARY = "bounced-opened-tnef";

/** Null for mail that is not packed, or packed so that it cannot be opened. */
export function openEnvelope(mail: Packed): Opened | null {
  const signed = mail.parts.find(isSigned);
  if (signed) {
    const entity = readSignedData(signed.content.subarray(0, MAX_OCTETS));
    return entity && { wrapper: "smime", octets: Buffer.concat([headerOf(mail), entity]) };
  }
  const packed = mail.parts.find(isTnef);
  if (!packed) return null;
  const { text, parts } = readTnef(packed.content);
  if (text === "" && parts.length === 0) return null;
  const shown = mail.text.trim() === "" ? text : mail.text;
  const others = mail.parts.filter((part) => part !== packed);
  const bodies = [
    entityOf("text/plain; charset=utf-8", Buffer.from(shown, "utf8"), null),
    ...(mail.html === "" ? [] : [entityOf("text/html; charset=utf-8", Buffer.from(mail.html, "utf8"), null)]),
    ...[...others, ...parts].map((part) => entityOf(part.contentType, part.content, part.fileName)),
  ];
  const delimited = bodies.flatMap((body) => [octetsOf(`--${BOUNDARY}\r\n`), body, octetsOf("\r\n")]);
  const type = octetsOf(`Content-Type: multipart/mixed; boundary="${BOUNDARY}"\r\n\r\n`);
  return {
    wrapper: "tnef",
    octets: Buffer.concat([headerOf(mail), type, ...delimited, octetsOf(`--${BOUNDARY}--\r\n`)]),
  };
}

const isSigned = ({ contentType, content }: MailPart): boolean =>
  /^application\/(?:x-)?pkcs7-mime$/.test(contentType) && content.length > 0;

/** The header of the mail without what says how its body was packed. */
function headerOf({ headers }: Packed): Uint8Array {
  const kept = headers.filter(({ name }) => !name.startsWith("content-") && !/[\r\n]/.test(name));
  return octetsOf(kept.map(({ name, value }) => `${name}: ${value.replace(/[\r\n]+/g, " ")}\r\n`).join(""));
}

/** A message is not encoded (RFC 2046 section 5.2.1), anything else is. */
function entityOf(type: string, content: Uint8Array, fileName: string | null): Uint8Array {
  const name =
    fileName === null ? "" : `; filename="${latin1(Buffer.from(fileName, "utf8")).replace(/["\\\r\n]/g, "_")}"`;
  const disposition = fileName === null ? "" : `Content-Disposition: attachment${name}\r\n`;
  if (type.startsWith("message/")) return Buffer.concat([octetsOf(`Content-Type: ${type}\r\n\r\n`), content]);
  return Buffer.concat([
    octetsOf(`Content-Type: ${type}\r\n${disposition}Content-Transfer-Encoding: base64\r\n\r\n`),
    octetsOf(
      Buffer.from(content.buffer, content.byteOffset, content.byteLength)
        .toString("base64")
        .replace(/.{76}/g, "$&\r\n"),
    ),
  ]);
}
