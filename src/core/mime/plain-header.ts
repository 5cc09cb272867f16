/** `type/subtype; name=value` headers in the plain form that nearly all mail uses. */

export interface MimeValue {
  /** Lower-case. */
  readonly value: string;
  /** Lower-case names; values as written, unquoted. */
  readonly params: ReadonlyMap<string, string>;
}

const VALUE = /^[A-Za-z0-9!#$&^_.+-]+(?:\/[A-Za-z0-9!#$&^_.+-]+)?$/;
const PARAM = /[ \t]*;[ \t]*([A-Za-z0-9!#$&^_.+-]+)=(?:"([^"\\]*)"|([^\s";()<>@,?=\\]+))/y;

/**
 * Null for everything that two readers could read differently: comments, RFC 2231 names, encoded words, backslashes,
 * stray text, a name given twice, octets beyond ASCII.
 */
export function parsePlainMimeHeader(header: string): MimeValue | null {
  if (!/^[ -~\t]*$/.test(header) || header.includes("=?")) return null;
  // A semicolon at the very end is common and says nothing.
  const trimmed = header.trimEnd();
  const text = trimmed.endsWith(";") ? trimmed.slice(0, -1).trimEnd() : header;
  const semicolon = text.indexOf(";");
  const value = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
  if (!VALUE.test(value)) return null;
  const params = new Map<string, string>();
  let at = semicolon < 0 ? text.length : semicolon;
  const end = text.trimEnd().length;
  while (at < end) {
    PARAM.lastIndex = at;
    const match = PARAM.exec(text);
    const name = match?.[1]?.toLowerCase();
    if (!match || !name || params.has(name)) return null;
    params.set(name, match[2] ?? match[3] ?? "");
    at = PARAM.lastIndex;
  }
  return { value: value.toLowerCase(), params };
}
