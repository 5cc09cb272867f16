/** Randomness that comes again with its seed. */
import { createDice } from "../../src/demo/dice.ts";

export interface Dice {
  /** 0 up to, not including, 1. */
  next(): number;
  between(least: number, most: number): number;
  /** Whole numbers, both ends included. */
  whole(least: number, most: number): number;
  oneOf<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item;
}

export function diceOf(seed: number): Dice {
  const { roll: next } = createDice(seed);
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    oneOf: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
  };
}
