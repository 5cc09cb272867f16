/** Transfer encodings (RFC 2045 section 6) in their clean form; null where a decoder would have to make something up. */

const BASE64 = /^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/;
/** `=` that is neither a hex pair nor a soft line break, or blanks before a line end, which some decoders drop. */
const ODD_QUOTED_PRINTABLE = /=(?![0-9A-Fa-f]{2}|\r?\n)|[ \t](?:\r?\n|$)/;

export function decodePlainContent(octets: Uint8Array, encoding: string): Uint8Array | null {
  switch (encoding) {
    case "":
    case "7bit":
    case "8bit":
    case "binary":
      return octets;
    case "base64": {
      const text = latin1Of(octets);
      const digits = text.replace(/[\r\n]+/g, "");
      return BASE64.test(text) && digits.length % 4 === 0 ? Buffer.from(digits, "base64") : null;
    }
    case "quoted-printable": {
      const text = latin1Of(octets);
      return ODD_QUOTED_PRINTABLE.test(text) ? null : decodeQuotedPrintable(text);
    }
    default:
      return null;
  }
}

const decodeQuotedPrintable = (text: string): Uint8Array =>
  Buffer.from(
    text
      .replace(/=\r?\n/g, "")
      .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

const latin1Of = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("latin1");
