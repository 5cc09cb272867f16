/** Text from a message on somebody's terminal: one line, no control or bidirectional characters, bounded. */
export function onOneLine(text: string | null | undefined, length = 60): string {
  const line = (text ?? "")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .toWellFormed();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
