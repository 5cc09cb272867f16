import { beforeAll, describe, expect, test } from "vitest";
import { readOctets } from "../support/fixtures.ts";
import { countWork } from "../support/work/count-work.ts";
import { MANY, RUNS, type HostileKind } from "../support/work/hostile.ts";

/** Characters of hostile input; its double is read as well. LINEAR_SIZE=5000 for a longer hunt. */
const SIZE = Number(process.env["LINEAR_SIZE"] ?? 0);
/** Work of two on work of one: 2 is linear, 4 is quadratic. */
const MOST = 2.5;

const workOf = async (text: string): Promise<number> =>
  (await countWork(() => readOctets(Buffer.from(text, "utf8")))).steps;

/** Once more at the next size where it seems too much: bounds and another reader make one step, never two. */
async function growthOf({ build }: HostileKind, size: number): Promise<number> {
  const double = await workOf(build(size * 2));
  const growth = double / (await workOf(build(size)));
  return growth < MOST ? growth : Math.min(growth, (await workOf(build(size * 4))) / double);
}

// What is made at the first use is no work of a message.
beforeAll(async () => {
  for (const { build } of [...MANY, ...RUNS]) await readOctets(Buffer.from(build(10), "utf8"));
});

describe("the measure", () => {
  test.each([
    ["linear", /^a*b/, "a", 2],
    ["quadratic", /a*b/, "a", 4],
    ["cubic", /a*a*b/, "a", 8],
    ["quadratic, lazy", /a*?b/, "a", 4],
    ["quadratic, groups", /(?:ab)*c/, "ab", 4],
    ["linear, bounded", /a{0,5}b/, "a", 2],
    ["linear, looking back", /(?<=a{0,3})b/, "a", 2],
    ["quadratic, looking ahead", /(?=a*c)a/, "a", 4],
  ])("%s patterns", async (_, pattern, piece, growth) => {
    const steps = async (count: number) => (await countWork(() => pattern.exec(piece.repeat(count)))).steps;
    expect((await steps(200)) / (await steps(100))).toBeCloseTo(growth, 0);
  });

  test("methods that are called again and again on the same text", async () => {
    const steps = async (count: number) =>
      (
        await countWork(() => {
          const text = "a,".repeat(count);
          for (let at = 0; at < count; at++) text.toLowerCase();
        })
      ).steps;
    expect((await steps(200)) / (await steps(100))).toBeCloseTo(4, 0);
  });
});

describe("twice as many costs twice as much", () => {
  test.each(MANY)("$name", async (kind) => {
    expect(await growthOf(kind, SIZE || 1_500)).toBeLessThan(MOST);
  });
});

describe("twice as long costs twice as much", () => {
  test.each([...Map.groupBy(RUNS, ({ place }) => place)])("%s", async (_, kinds) => {
    for (const kind of kinds) expect(await growthOf(kind, SIZE || 300), kind.name).toBeLessThan(MOST);
  });
});
