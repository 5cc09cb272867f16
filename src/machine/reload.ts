/** What a process reads again on SIGHUP, while it runs. */
const handlers = new Set<() => void>();

/** Returns how to take it back. A handler reports its own mistakes. */
export function onReload(handler: () => void): () => void {
  handlers.add(handler);
  return () => handlers.delete(handler);
}

export const reload = (): void => handlers.forEach((handler) => handler());
