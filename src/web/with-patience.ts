const PATIENCE_MS = 1000;

/** A part that a page can do without: where it fails, or does not come in a second, the page goes without it. */
export async function withPatience<T, U>(work: Promise<T>, otherwise: U): Promise<T | U> {
  const late = new Promise<U>((resolve) => setTimeout(resolve, PATIENCE_MS, otherwise).unref());
  return Promise.race([work.catch(() => otherwise), late]);
}
