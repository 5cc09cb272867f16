/** Long output, item by item, to stdout or to a new file. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { openOutput } from "./files.ts";

export async function writeOut(lines: Readable, path: string | undefined): Promise<void> {
  const { stream, end } = openOutput(path);
  await pipeline(lines, stream, { end });
}

export const jsonOf = (items: AsyncIterable<unknown>): Readable => Readable.from(linesOf(items));

async function* linesOf(items: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}

/** How many have been taken of them so far. */
export function countItems<Item>(items: AsyncIterable<Item>): {
  readonly items: AsyncIterable<Item>;
  readonly number: () => number;
} {
  let number = 0;
  const counted = async function* (): AsyncGenerator<Item> {
    for await (const item of items) {
      number++;
      yield item;
    }
  };
  return { items: counted(), number: () => number };
}
