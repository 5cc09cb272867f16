/**
 * Work of a piece of code in steps instead of seconds: characters that string methods look at or write, elements that
 * array methods visit, octets that are decoded, steps of regular expressions. The same on every machine, whatever else
 * runs on it. Loops written by hand count by what they call.
 */
import { stepCounter } from "./regexp-steps.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- built-in methods of every signature are wrapped
type Method = (this: any, ...values: any[]) => any;
type Cost = (self: never, values: readonly unknown[], result: unknown) => number;

const lengthOf = (value: unknown): number =>
  typeof value === "string" || Array.isArray(value) || ArrayBuffer.isView(value)
    ? ((value as { length?: number }).length ?? 0)
    : 0;
const own: Cost = (self) => lengthOf(self);
const written: Cost = (_self, _values, result) => lengthOf(result);
/** From where the search began to where it ended. */
const searched: Cost = (self, [, from], result) => {
  const start = typeof from === "number" ? from : 0;
  return Math.max(1, (typeof result === "number" && result >= 0 ? result : lengthOf(self)) - start);
};
const searchedBack: Cost = (self, [, from], result) => {
  const start = typeof from === "number" ? Math.min(from, lengthOf(self)) : lengthOf(self);
  return Math.max(1, start - (typeof result === "number" && result >= 0 ? result : 0));
};

const STRING: Readonly<Record<string, Cost>> = {
  toLowerCase: own,
  toUpperCase: own,
  normalize: own,
  toWellFormed: own,
  trim: own,
  trimEnd: own,
  trimStart: own,
  includes: own,
  indexOf: searched,
  lastIndexOf: searchedBack,
  split: own,
  replaceAll: own,
  replace: own,
  padEnd: written,
  repeat: written,
};
const ARRAY: Readonly<Record<string, Cost>> = {
  join: written,
  includes: own,
  indexOf: own,
  flat: own,
  slice: written,
  splice: own,
  shift: own,
  unshift: own,
  concat: written,
  toSorted: own,
};
const OCTETS: Readonly<Record<string, Cost>> = {
  indexOf: searched,
  lastIndexOf: searchedBack,
  slice: written,
  toString: own,
};
/** Their cost is how often the function is called, however it ends. */
const CALLING = [
  "every",
  "filter",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
  "flatMap",
  "forEach",
  "map",
  "reduce",
  "some",
] as const;

export interface Work {
  readonly steps: number;
  /** Steps by method or pattern, the heaviest first. */
  readonly heaviest: readonly (readonly [name: string, steps: number])[];
}

/** Steps that `run` takes, also where it is asynchronous. One at a time: the built-ins are everybody's. */
export async function countWork(run: () => unknown): Promise<Work> {
  let steps = 0;
  const by = new Map<string, number>();
  let counting = true;
  const add = (name: string, count: number): void => {
    if (!counting) return;
    steps += count;
    by.set(name, (by.get(name) ?? 0) + count);
  };
  const restore: (() => void)[] = [];
  const wrap = (holder: object, name: string, make: (original: Method) => Method): void => {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name)!;
    Object.defineProperty(holder, name, { ...descriptor, value: make(descriptor.value as Method) });
    restore.push(() => Object.defineProperty(holder, name, descriptor));
  };
  const counted =
    (name: string, cost: Cost) =>
    (original: Method): Method =>
      function (...values) {
        const result: unknown = original.apply(this, values);
        add(name, cost((typeof this === "object" ? this : String(this)) as never, values, result));
        return result;
      };
  const counters = new Map<string, (text: string, from: number) => number>();
  // oxlint-disable-next-line typescript/unbound-method -- called with `this`
  const exec = RegExp.prototype.exec;
  for (const [name, cost] of Object.entries(STRING)) wrap(String.prototype, name, counted(name, cost));
  for (const [name, cost] of Object.entries(ARRAY)) wrap(Array.prototype, name, counted(name, cost));
  for (const [name, cost] of Object.entries(OCTETS)) wrap(Buffer.prototype, name, counted(name, cost));
  for (const name of CALLING)
    wrap(
      Array.prototype,
      name,
      (original) =>
        function (first: Method, ...rest) {
          return original.call(
            this,
            function (this: unknown, ...values: unknown[]) {
              add(name, 1);
              return first.apply(this, values) as unknown;
            },
            ...rest,
          ) as unknown;
        },
    );
  wrap(
    RegExp.prototype,
    "exec",
    (original) =>
      function (this: RegExp, text: string) {
        const key = `${this.flags}/${this.source}`;
        // What the counter itself calls is no work of the code that is measured.
        counting = false;
        let counter = counters.get(key);
        if (!counter) counters.set(key, (counter = stepCounter(this, exec)));
        const taken = counter(text, this.global || this.sticky ? this.lastIndex : 0);
        counting = true;
        add(key, taken);
        return original.call(this, text) as unknown;
      },
  );
  try {
    await run();
  } finally {
    for (const undo of restore.toReversed()) undo();
  }
  return { steps, heaviest: [...by].toSorted((one, other) => other[1] - one[1]) };
}
