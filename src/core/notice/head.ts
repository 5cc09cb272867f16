/** The line by which a notice turns to one recipient: `<user@example.org>:`, `  user@example.org`, `* user@example.org`. */
import { isAddress } from "../../addresses/is-address.ts";
import { endsClause } from "./beside-address.ts";

export interface Head {
  readonly address: string;
  /** What stands behind the address on the same line, without the colon or dash between. */
  readonly rest: string;
  /** Columns before the first character; a tab is eight. */
  readonly indent: number;
  /** The line is made like a head: brackets, a colon, or nothing but the address. Loose: only blanks follow. */
  readonly loose: boolean;
  /** A colon or semicolon behind the address: it begins a paragraph about it. */
  readonly introduces: boolean;
}

const MAX_LINE = 1_000;
/** List marks: `* `, `- `, `-- `, `>>> `, `1. `, `• `. */
const MARK = /^(?:[-*•·‣>+]{1,6}\s+|\d{1,3}[.)]\s+)/;
/** SendGrid: `account:4711:<user@example.org> : …`. */
const LABEL = /^[\w.-]{1,64}:\d{1,12}:(?=<)/;
/** In angle brackets also what is no address by the rules, e.g. `<user@#example.org>`: it failed for that very reason. */
const BRACKETED = /^<\s*([^\s<>@"]{1,256}@[^\s<>@"]{1,255})\s*>(.*)$/;
/** `<user@example.org>`, `"user@example.org"`, `[SMTP:user@example.org]`, `'user@example.org'`, `<mailto:…>`. */
const WRAPPED =
  /^(?:<|"|'|\[|\(|‘|“)(?:smtp:|mailto:|rfc822;)?\s*([^\s<>[\]'‘’“”;,]{3,400}?)\s*(?:>|"|'|\]|\)|’|”)(.*)$/i;
const QUOTED_LOCAL = /^<\s*("(?:[^"\\]|\\.){1,128}"@[^\s<>]{1,255})\s*>(.*)$/;
const LITERAL = /^<\s*([^\s<>@]{1,300}@\[[\w.:]{3,60}\])\s*>(.*)$/;
const BARE =
  /^(?:smtp:|mailto:|rfc822;\s?)?([^\s<>()[\]:;,"'\\]{1,300}@[^\s<>()[\]:;,"'\\]{1,255}|[^\s<>()[\]:;,"'\\]{1,300}@\[[\w.:]{3,60}\])(.*)$/iu;
/** Exchange, X.400: `c=US;a= ;p=ORG;o=Site;dda:SMTP=user@example.org; on Fri, …`. */
const X400 = /^[cg]=[^@]{1,300}?SMTP=([^\s;@]{1,200}@[^\s;@]{1,255});?(.*)$/i;
/** `Display Name <user@example.org>`, `"user@example.org" <user@example.org>`, `Name (user@example.org)`. */
const NAMED =
  /^("[^"]{0,120}"|\p{L}[\p{L}\p{M}.'’,-]{0,40}(?: [\p{L}\p{M}.'’,-]{1,40}){0,4}|\S{1,200}@\S{1,200})\s*[<(]([^\s<>()]{3,400})[>)]((?:<mailto:|[:;(]).*|)$/u;
/** Exchange's `user@example.org on Thu, 29 Apr …`, in any language: a short word or two, then a date. */
const DATED = /^(?:[\p{L}.]{1,6}\s){1,2}(?:[\p{L}.,]{2,10}\s)?\d{1,4}[^\d@]/u;
const MAILTO = /^<mailto:[^<>]{0,400}>/i;

const indentOf = (line: string): number => {
  let columns = 0;
  for (const char of line) {
    if (char === " ") columns += 1;
    else if (char === "\t") columns += 8;
    else break;
  }
  return columns;
};

const cut = (address: string): string => address.replace(/\.+$/, "");
/** `********@example.org`: some servers hide whom they speak of. */
const isMasked = (address: string): boolean => /^[*#]{2,}@|^<?(?:redacted|hidden|undisclosed)@/i.test(address);

function split(text: string): { address: string; rest: string; wrapped: boolean } | null {
  const x400 = X400.exec(text);
  if (x400) return { address: x400[1]!, rest: "", wrapped: true };
  const wrapped = QUOTED_LOCAL.exec(text) ?? LITERAL.exec(text) ?? WRAPPED.exec(text);
  const bracketed = BRACKETED.exec(text);
  if (bracketed) return { address: cut(bracketed[1]!), rest: bracketed[2]!, wrapped: true };
  // `"user@example.org" <user@example.org>` is a name and an address.
  if (wrapped && isAddress(cut(wrapped[1]!)) && !/^\s*<[^<>\s]+@/.test(wrapped[2]!))
    return { address: cut(wrapped[1]!), rest: wrapped[2]!, wrapped: true };
  const named = NAMED.exec(text);
  if (named && !endsClause(named[1]!) && isAddress(cut(named[2]!)))
    return { address: cut(named[2]!), rest: named[3]!, wrapped: true };
  const bare = /^(?:recipient|sender|to|from)=/i.test(text) ? null : BARE.exec(text);
  if (bare && isAddress(cut(bare[1]!))) return { address: cut(bare[1]!), rest: bare[2]!, wrapped: false };
  return null;
}

/** Null for a line that is no head, e.g. running text that only mentions an address. */
export function parseHead(line: string): Head | null {
  if (line.length > MAX_LINE || !line.includes("@")) return null;
  const found = split(line.trim().replace(MARK, "").replace(LABEL, ""));
  if (!found) return null;
  const { address, wrapped } = found;
  if (isMasked(address)) return null;
  // `<user@example.org>... User unknown` is a reply.
  if (/^\s?\.{2,}/.test(found.rest)) return null;
  let rest = found.rest
    .replace(MAILTO, "")
    .replace(/^<([^<>\s]{1,400})>/, (whole, other: string) =>
      other.toLowerCase() === address.toLowerCase() ? "" : whole,
    );
  const made = wrapped || rest === "" || /^(?:\s*[:;([]|\s+-\s|\s{2,}|\t|\.?$)/.test(rest);
  const after = rest.trim();
  const dated = DATED.test(after);
  rest =
    dated || /^[:\s]*\d{4}[/.-]\d{1,2}[/.-]\d{1,2}[\s\d:]*$/.test(after)
      ? ""
      : after.replace(/^(?:[:;,-]+\s*)+/, "").trim();
  return { address, rest, indent: indentOf(line), loose: !made && !dated, introduces: /^[:;]/.test(after) };
}

/** `(generated from alias@example.org)`, `(expanded from: <alias@example.org>)`, `generated by alias@example.org`. */
const DERIVED =
  /^\s*\(?\s*(?:ultimately |originally )?(?:generated (?:from|by)|expanded from|forwarded (?:from|by)|original(?:ly)? (?:address|recipient|to))\s*:?\s*<?([^\s<>()]{3,400}?)>?\s*\)?\s*:?\s*$/i;

/** The address before forwarding or expansion, or null. */
export function parseDerivedFrom(line: string): string | null {
  if (line.length > MAX_LINE || !line.includes("@")) return null;
  const address = cut(DERIVED.exec(line)?.[1] ?? "");
  return isAddress(address) ? address : null;
}
