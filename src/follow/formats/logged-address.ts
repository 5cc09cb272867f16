/** An address as MTAs write it between angle brackets, quoted where it holds what could be taken for its end. */

/** From just behind `<`. Null where no `>` closes it, or where it is not clear which one does. */
export function readBracketed(text: string, start: number): { readonly address: string; readonly end: number } | null {
  const end = text.indexOf(">", start);
  if (end < 0) return null;
  const address = text.slice(start, end);
  // A quoted part may hold a bracket. No address that somebody uses does, and where it ends is a stranger's choice.
  const isOpen = address.startsWith('"') && !/^"(?:\\.|[^"\\])*"@[^"<]*$/.test(address);
  return isOpen || address.includes("<") || /^[^"]+"/.test(address) ? null : { address, end: end + 1 };
}
