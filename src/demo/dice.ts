/** Chance that comes out the same every time: mulberry32, a public-domain generator of 32 bits. */
export interface Dice {
  /** From 0 up to 1. */
  readonly roll: () => number;
  /** A whole number from 0 up to `limit`. */
  below(limit: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

export function createDice(seed: number): Dice {
  let state = seed;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(roll() * limit);
  return { roll, below, pick: (items) => items[below(items.length)] ?? items[0] };
}
