/**
 * BullMQ prints `IMPORTANT! Eviction policy is …` for each of its connections. The service reports that once, with what
 * to set (intake/durability.ts), so its processes do not print BullMQ's lines.
 */
export function dropEvictionWarnings(): void {
  const warn = console.warn.bind(console);
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).startsWith("IMPORTANT! Eviction policy is")) warn(...words);
  };
}
