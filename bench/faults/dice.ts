/** Randomness that comes again with its seed. */
export interface Dice {
  /** 0 up to, not including, 1. */
  next(): number;
  between(least: number, most: number): number;
  /** Whole numbers, both ends included. */
  whole(least: number, most: number): number;
  oneOf<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item;
}

/** mulberry32, which is small and good enough to choose moments. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    oneOf: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
  };
}
