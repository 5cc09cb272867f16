const MAX_TAGS = 40;

/** Tags of a list, `name=value;`. Null where one stands twice: RFC 6376 section 3.2. */
export function readTags(list: string): ReadonlyMap<string, string> | null {
  const tags = new Map<string, string>();
  for (const part of list.split(";").slice(0, MAX_TAGS)) {
    const at = part.indexOf("=");
    if (at < 0) continue;
    const name = part.slice(0, at).trim();
    if (tags.has(name)) return null;
    tags.set(name, part.slice(at + 1).trim());
  }
  return tags;
}
