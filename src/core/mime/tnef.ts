/**
 * Transport Neutral Encapsulation Format, [MS-OXTNEF]: `winmail.dat`, into which Exchange packs text and attachments of
 * mail to strangers. Read as far as a report needs it: the plain text and the attachments. Total: what is cut or odd
 * ends the reading, and what was found until then is given.
 */
import { decodeText, latin1 } from "../fields/charset.ts";
import type { MailPart } from "./mail-part.ts";

export interface Tnef {
  /** Plain text of the message, empty if there is none. */
  readonly text: string;
  readonly parts: readonly MailPart[];
}

const SIGNATURE = 0x223e9f78;
const HEAD = 6;
const MAX_ATTRIBUTES = 2_000;
const MAX_PARTS = 50;
const ATT_BODY = 0x0002800c;
const ATT_ATTACH_RENDERING = 0x00069002;
const ATT_ATTACH_TITLE = 0x00018010;
const ATT_ATTACH_DATA = 0x0006800f;
const ATT_MESSAGE_PROPERTIES = 0x00069003;
const ATT_ATTACHMENT = 0x00069005;
const PR_BODY = 0x1000;
const PR_ATTACH_MIME_TAG = 0x370e;
const PR_ATTACH_LONG_FILENAME = 0x3707;

export const isTnef = ({ contentType, fileName, content }: MailPart): boolean =>
  (contentType === "application/ms-tnef" ||
    contentType === "application/vnd.ms-tnef" ||
    fileName?.toLowerCase() === "winmail.dat") &&
  content.length > HEAD &&
  viewOf(content).getUint32(0, true) === SIGNATURE;

const viewOf = (octets: Uint8Array): DataView => new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
/** A string ends at its NUL. */
const textOf = (octets: Uint8Array): string => decodeText(octets, null).split("\0", 1)[0]!.replaceAll("\r\n", "\n");

export function readTnef(octets: Uint8Array): Tnef {
  const view = viewOf(octets);
  const parts: { fileName: string | null; contentType: string | null; content: Uint8Array | null }[] = [];
  let text = "";
  let at = HEAD;
  for (let count = 0; count < MAX_ATTRIBUTES && at + 9 <= octets.length; count++) {
    const id = view.getUint32(at + 1, true);
    const length = view.getUint32(at + 5, true);
    const data = octets.subarray(at + 9, at + 9 + length);
    if (data.length < length) break;
    // Level, id, length; data; a checksum that nobody needs.
    at += 9 + length + 2;
    const part = parts.at(-1);
    if (id === ATT_BODY) text ||= textOf(data);
    else if (id === ATT_MESSAGE_PROPERTIES) text ||= stringProperty(data, PR_BODY) ?? "";
    else if (id === ATT_ATTACH_RENDERING) {
      if (parts.length === MAX_PARTS) break;
      parts.push({ fileName: null, contentType: null, content: null });
    } else if (!part) continue;
    else if (id === ATT_ATTACH_TITLE) part.fileName ??= textOf(data);
    else if (id === ATT_ATTACH_DATA) part.content ??= data;
    else if (id === ATT_ATTACHMENT) {
      part.contentType ??= stringProperty(data, PR_ATTACH_MIME_TAG);
      part.fileName = stringProperty(data, PR_ATTACH_LONG_FILENAME) ?? part.fileName;
    }
  }
  return {
    text,
    parts: parts.flatMap(({ fileName, contentType, content }) =>
      content === null
        ? []
        : [{ contentType: typeOf(contentType, fileName, content), charset: null, fileName, content, partId: null }],
    ),
  };
}

function typeOf(claimed: string | null, fileName: string | null, content: Uint8Array): string {
  if (claimed !== null && /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(claimed)) return claimed.toLowerCase();
  const isMessage =
    /\.eml$/i.test(fileName ?? "") || /^(?:Received|Return-Path|From|Date|Subject):/i.test(head(content));
  return isMessage ? "message/rfc822" : "application/octet-stream";
}

const head = (octets: Uint8Array): string => latin1(octets.subarray(0, 40));

/** Octets of one value by the low octet of its type; null: its length stands before it. */
const SIZES: ReadonlyMap<number, number | null> = new Map([
  [0x02, 4],
  [0x03, 4],
  [0x04, 4],
  [0x05, 8],
  [0x06, 8],
  [0x07, 8],
  [0x0a, 4],
  [0x0b, 4],
  [0x14, 8],
  [0x40, 8],
  [0x48, 16],
  [0x0d, null],
  [0x1e, null],
  [0x1f, null],
  [0x02 | 0x100, null],
]);
const MULTIPLE = 0x1000;
const UNICODE = 0x1f;
const padded = (length: number): number => (length + 3) & ~3;

/** One string out of a list of MAPI properties; null if it is not there or the list cannot be followed to it. */
function stringProperty(octets: Uint8Array, wanted: number): string | null {
  const view = viewOf(octets);
  const fits = (at: number, length: number): boolean => length >= 0 && at + length <= octets.length;
  if (!fits(0, 4)) return null;
  const count = Math.min(view.getUint32(0, true), MAX_ATTRIBUTES);
  let at = 4;
  for (let index = 0; index < count && fits(at, 4); index++) {
    const type = view.getUint16(at, true);
    const id = view.getUint16(at + 2, true);
    at += 4;
    if (id >= 0x8000) {
      if (!fits(at, 24)) return null;
      // A named property: its GUID, then a number, or a name with its length.
      at += view.getUint32(at + 16, true) === 0 ? 24 : 24 + padded(view.getUint32(at + 20, true));
    }
    const size = SIZES.get(type & ~MULTIPLE);
    if (size === undefined || !fits(at, 4)) return null;
    let values = 1;
    if (size === null || (type & MULTIPLE) !== 0) {
      values = view.getUint32(at, true);
      at += 4;
    }
    for (let value = 0; value < values && value < MAX_ATTRIBUTES; value++) {
      if (size !== null) {
        at += size;
        continue;
      }
      if (!fits(at, 4)) return null;
      const length = view.getUint32(at, true);
      const data = octets.subarray(at + 4, at + 4 + length);
      if (id === wanted && (type & 0xff) >= 0x1e)
        return (type & ~MULTIPLE) === UNICODE
          ? decodeText(data, "utf-16le").split("\0", 1)[0]!.replaceAll("\r\n", "\n")
          : textOf(data);
      at += 4 + padded(length);
    }
  }
  return null;
}
