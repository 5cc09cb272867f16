/** Rows that one statement takes out or looks up. */
const ROWS = 500;

export function chunks<T>(items: readonly T[], size = ROWS): readonly (readonly T[])[] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
