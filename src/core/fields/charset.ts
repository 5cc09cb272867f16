/**
 * Octets -> text, whatever the label claims. Never throws; control characters that could break a log line are the
 * caller's to remove.
 *
 * UTF-7 is refused (its octets are read as ASCII): WHATWG dropped it because markup hides in it.
 */
import { bufferOf } from "./buffer-of.ts";
import { guessCharset } from "./guess-charset.ts";

const ALIASES: ReadonlyMap<string, string> = new Map([
  ["ks_c_5601", "euc-kr"],
  ["ks_c_5601-1987", "euc-kr"],
  ["cp949", "euc-kr"],
  ["cp936", "gbk"],
  ["cp932", "shift_jis"],
  ["cp1250", "windows-1250"],
  ["cp1251", "windows-1251"],
  ["cp1252", "windows-1252"],
  ["cp-850", "windows-1252"],
  ["cp850", "windows-1252"],
  ["iso-2022-jp-ms", "iso-2022-jp"],
  ["iso-2022-jp-2", "iso-2022-jp"],
  ["utf8mb4", "utf-8"],
  ["unicode-1-1-utf-8", "utf-8"],
]);

const decoders = new Map<string, TextDecoder | null>();

/** A decoder for a label, or null when the label is unknown, refused or `UTF-16`-like nonsense in mail. */
function decoderFor(label: string): TextDecoder | null {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  let decoder: TextDecoder | null = null;
  try {
    decoder = new TextDecoder(ALIASES.get(label) ?? label, { ignoreBOM: false });
  } catch {
    // RangeError: no such encoding. The octets are guessed instead.
  }
  if (decoders.size < 100) decoders.set(label, decoder);
  return decoder;
}

const EIGHT_BIT = /[\u0080-\u00ff]/;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });
const windows1252 = new TextDecoder("windows-1252");

/** One char per octet, of the first `end` octets. */
export const latin1 = (octets: Uint8Array, end: number = octets.length): string =>
  bufferOf(octets).toString("latin1", 0, end);

/** The octets of a string that holds one char per octet. */
export const octetsOf = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** UTF-8 where it is valid UTF-8, ISO-2022-JP where its shifts stand, else what `guessCharset` makes of it. */
export function guessText(octets: Uint8Array): string {
  const ascii = latin1(octets);
  if (!EIGHT_BIT.test(ascii) && !ascii.includes("\u001b$")) return ascii;
  try {
    const text = strictUtf8.decode(octets);
    return text.includes("\u001b$") ? (decoderFor("iso-2022-jp")?.decode(octets) ?? text) : text;
  } catch {
    return (decoderFor(guessCharset(octets)) ?? windows1252).decode(octets);
  }
}

/** Text in the charset that is claimed; where the claim is absent, unknown or refused, `guessText`. */
export function decodeText(octets: Uint8Array, charset: string | null): string {
  const label = charset?.trim().toLowerCase().replace(/^"|"$/g, "") ?? "";
  if (label === "" || label === "us-ascii" || label === "ascii" || label === "utf-8" || /utf-?7/.test(label))
    return guessText(octets);
  return decoderFor(label)?.decode(octets) ?? guessText(octets);
}

/** Text that was decoded before. */
const BEYOND_OCTETS = /[^\u0000-\u00ff]/;

/** A header value or field as it stood in the message (one char per octet) -> text. */
export const decodeOctetString = (text: string): string =>
  EIGHT_BIT.test(text) && !BEYOND_OCTETS.test(text) ? guessText(octetsOf(text)) : text;
