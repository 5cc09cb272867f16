/** HTML -> plain lines, enough to read a notice: tags go, blocks end lines, common entities are decoded. Linear. */

const MAX_CHARS = 300_000;
const NAMED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", " "],
  ["auml", "ä"],
  ["ouml", "ö"],
  ["uuml", "ü"],
  ["Auml", "Ä"],
  ["Ouml", "Ö"],
  ["Uuml", "Ü"],
  ["szlig", "ß"],
  ["eacute", "é"],
  ["egrave", "è"],
  ["agrave", "à"],
  ["ccedil", "ç"],
  ["oacute", "ó"],
  ["ntilde", "ñ"],
  ["rsquo", "’"],
  ["ndash", "–"],
]);

function entity(whole: string, name: string): string {
  if (!name.startsWith("#")) return NAMED.get(name) ?? whole;
  const hex = /^#[xX]/.test(name);
  const point = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
  return Number.isNaN(point) || point < 0x20 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)
    ? " "
    : String.fromCodePoint(point);
}

/** Never shown to anyone; never throws. Reads the first 300,000 characters. */
export function htmlText(html: string): string {
  return html
    .slice(0, MAX_CHARS)
    .replace(/<(style|script|head|title)\b[^>]{0,2000}>[^]{0,20000}?<\/\1\s*>/gi, " ")
    .replace(/<!--[^]{0,20000}?-->/g, " ")
    .replace(/[\r\n]/g, " ")
    .replace(/<(?:br|\/?p|\/?div|\/?tr|\/?li|\/?h[1-6]|\/?table|\/?pre|\/?blockquote|hr)\b[^<>]{0,2000}>/gi, "\n")
    .replace(/<\/td\s*>/gi, " ")
    .replace(/<\/?[A-Za-z][\w:-]{0,30}(?:\s[^<>]{0,4000})?\/?>|<[!?][^<>]{0,4000}>/g, "")
    .replace(/&(#[xX]?[0-9A-Fa-f]{1,7}|[A-Za-z]{2,8});/g, entity)
    .replace(/[ \t\u00a0]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
