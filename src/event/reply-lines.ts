/**
 * A reply of several lines as a person reads it. Reports join the lines and leave the code of each in the middle of the
 * sentence: `550-5.1.1 The account 550-5.1.1 does not exist 550 5.1.1 here` (RFC 5321 section 4.2.1).
 */
const OPENING = /(?:^|[\s:<("'])([245]\d\d)-/;

/** The whole reply without them. */
export const readableReply = (reply: string): string => joinReplyLines(reply)(reply);

/** Takes the codes out of a text of this reply: of the whole, or of words quoted from it. The first code stays. */
export function joinReplyLines(reply: string): (part: string) => string {
  const opening = OPENING.exec(reply);
  if (!opening) return (part) => part;
  const code = opening[1] ?? "";
  const behind = String.raw`\s?(?:#?[245]\.\d{1,3}\.\d{1,3}(?=\s|$))?\s*`;
  const middle = new RegExp(String.raw`(?<=\S)\s+${code}-${behind}`, "g");
  /** Behind the last line that says that another follows. */
  const end = new RegExp(String.raw`(?<=\S)\s+${code} ${behind}`);
  const head = reply.slice(0, opening.index + opening[0].length);
  return (part) => {
    const from = part.startsWith(head) ? head.length : 0;
    const lines = part.slice(from).split(middle);
    const last = lines.pop() ?? "";
    return `${part.slice(0, from)}${[...lines, last.replace(end, " ")].join(" ")}`.trimEnd();
  };
}
