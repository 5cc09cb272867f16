/** Group commit: whatever comes in while a write is under way goes out together in the next one. */

export interface BatchOptions<Item> {
  readonly maxItems: number;
  /** Writes at a time. */
  readonly maxFlushes: number;
  /** An item and those with it weigh no more than this; a heavier one goes alone. */
  readonly maxWeight?: number;
  readonly weigh?: (item: Item) => number;
}

/** The function returned resolves when the flush that carried the item has; a flush that fails rejects all its items. */
export function createBatcher<Item>(
  flush: (items: readonly Item[]) => Promise<unknown>,
  { maxItems, maxFlushes, maxWeight = Infinity, weigh = () => 0 }: BatchOptions<Item>,
): (item: Item) => Promise<void> {
  interface Waiting {
    readonly item: Item;
    readonly resolve: () => void;
    readonly reject: (cause: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let running = 0;
  let isScheduled = false;
  const nextCount = (): number => {
    let count = 0;
    let weight = 0;
    for (const { item } of waiting.slice(0, maxItems)) {
      weight += weigh(item);
      if (count > 0 && weight > maxWeight) break;
      count++;
    }
    return count;
  };
  const flushSome = async (): Promise<void> => {
    const batch = waiting.slice(0, nextCount());
    waiting = waiting.slice(batch.length);
    running++;
    try {
      await flush(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (cause) {
      for (const { reject } of batch) reject(cause);
    } finally {
      running--;
      schedule();
    }
  };
  const schedule = (): void => {
    if (isScheduled || running >= maxFlushes || waiting.length === 0) return;
    isScheduled = true;
    // Everything that this turn of the event loop brings in goes along.
    setImmediate(() => {
      isScheduled = false;
      void flushSome();
      schedule();
    });
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });
}
