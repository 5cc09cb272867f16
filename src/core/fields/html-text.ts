/**
 * HTML -> plain lines, enough to read a notice: tags go, blocks end lines, common entities are decoded.
 *
 * One pass. Nothing is looked for twice from two places: what was not found once is not asked for again, so that
 * `<!--<!--<!--` or `<style><style>` cost no more than their length.
 */

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

/** Between its tags nothing is text. */
const HIDING = new Map(
  ["style", "script", "head", "title"].map((name) => [name, new RegExp(String.raw`</${name}\s{0,20}>`, "gi")]),
);
const ENDS_LINE: ReadonlySet<string> = new Set(
  "br p /p div /div tr /tr dt /dd dl /dl li /li h1 /h1 h2 /h2 h3 /h3 h4 /h4 h5 /h5 h6 /h6 table /table pre /pre blockquote /blockquote hr".split(
    " ",
  ),
);
/** Rows of two cells are labels and values, as terms and their descriptions are. */
const ROWS: ReadonlySet<string> = new Set(["tr", "/tr", "dt", "/dd"]);
const ENDS_CELL: ReadonlySet<string> = new Set(["/td", "/th", "/dt"]);
/** Stand for the ends of cells and rows until all is text. */
const [CELL, ROW] = ["\u0001", "\u0002"];
const LABEL = /^\p{L}[\p{L}\p{M}\p{N} ()/'’._-]{0,40}$/u;

/** `<td>Reason</td><td>Mailbox full</td>` -> `Reason: Mailbox full`; cells of other rows stand side by side. */
function rowText(row: string): string {
  if (!row.includes(CELL)) return row;
  const cells = row.split(CELL).filter((cell) => cell.trim() !== "");
  const [label = "", value = ""] = cells.map((cell) => cell.trim());
  return cells.length === 2 && LABEL.test(label) ? `${label}: ${value}` : row.replaceAll(CELL, " ");
}

/** From `<` to the next angle bracket. */
const TAG = /<(?:(\/?[A-Za-z][\w:-]{0,30})(?:\s[^<>]{0,4000})?\/?|[!?][^<>]{0,4000})>/y;

/** Never shown to anyone; never throws. Reads the first 300,000 characters. */
export function htmlText(html: string): string {
  const source = html.slice(0, MAX_CHARS);
  const unclosed = new Set<string>();
  /** Behind the next `closing`, or -1; asked once more only where it was found before. */
  const behind = (closing: string, find: () => number): number => {
    const end = unclosed.has(closing) ? -1 : find();
    if (end < 0) unclosed.add(closing);
    return end;
  };
  const comment = (from: number): number => {
    const end = source.indexOf("-->", from + 4);
    return end < 0 ? -1 : end + 3;
  };
  const element = (name: string, from: number): number => {
    const closing = HIDING.get(name)!;
    closing.lastIndex = from;
    return closing.test(source) ? closing.lastIndex : -1;
  };
  const pieces: string[] = [];
  let endsLines = false;
  let isPreformatted = false;
  /** Line ends of the source are blanks, but for preformatted text; those of the tags stand as NUL until then. */
  const say = (text: string): unknown => pieces.push(isPreformatted ? text.replace(/\r\n?|\n/g, "\u0000") : text);
  let at = 0;
  for (let open = source.indexOf("<"); open >= 0; open = source.indexOf("<", at)) {
    say(source.slice(at, open));
    at = source.startsWith("<!--", open) ? behind("comment", () => comment(open)) : -1;
    if (at >= 0) {
      pieces.push(" ");
      continue;
    }
    TAG.lastIndex = open;
    const tag = TAG.exec(source);
    const name = tag?.[1]?.toLowerCase() ?? "";
    at = tag ? TAG.lastIndex : open + 1;
    if (!tag) pieces.push("<");
    else if (ENDS_LINE.has(name)) {
      pieces.push("\u0000");
      endsLines = true;
      if (name.endsWith("pre")) isPreformatted = name === "pre";
      if (ROWS.has(name)) pieces.push(ROW);
    } else if (ENDS_CELL.has(name)) pieces.push(CELL);
    else if (HIDING.has(name)) {
      const end = behind(name, () => element(name, at));
      pieces.push(" ");
      if (end >= 0) at = end;
    }
  }
  say(source.slice(at));
  const text = pieces.join("");
  // No tag ends a line: plain text under the name of HTML.
  return (endsLines ? text : text.replace(/\r\n?|\n/g, "\u0000"))
    .replace(/[\r\n]/g, " ")
    .replaceAll("\u0000", "\n")
    .replace(/&(#[xX]?[0-9A-Fa-f]{1,7}|[A-Za-z]{2,8});/g, entity)
    .replace(/[ \t\u00a0]+/g, " ")
    .split(ROW)
    .map(rowText)
    .join("")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
