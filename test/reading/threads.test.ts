import { afterEach, expect, test } from "vitest";
import { startThreads, type Threads } from "../../src/reading/threads.ts";

let threads: Threads | null = null;
afterEach(() => threads?.stop());

function start(): { readonly heard: string[]; readonly condemned: string[]; readonly crashes: string[] } {
  const heard: string[] = [];
  const condemned: string[] = [];
  const crashes: string[] = [];
  threads = startThreads({
    program: new URL("obedient-worker.ts", import.meta.url),
    settings: null,
    count: 1,
    budgetMs: 400,
    maxHeapMb: 32,
    onMessage: (message) => heard.push(String(message)),
    onCondemned: (id, why) => condemned.push(`${why} ${id}`),
    onCrash: (detail) => crashes.push(detail),
  });
  return { heard, condemned, crashes };
}
const waitFor = (list: readonly string[], entry: string): Promise<void> =>
  expect.poll(() => list, { timeout: 20_000 }).toContain(entry);

test.each([
  ["hang-1", "time-budget"],
  ["throw-1", "crashed"],
  ["exhaust-1", /time-budget|crashed/],
])("%s costs its thread; the next one knows it and reads on", async (id, why) => {
  const { heard, condemned } = start();
  await waitFor(heard, "started");
  threads?.post(`read ${id}`);
  await waitFor(heard, `started ${id}`);
  expect(condemned).toEqual([
    expect.stringMatching(new RegExp(`^(${typeof why === "string" ? why : why.source}) ${id}$`)),
  ]);
  threads?.post(`read ${id}`);
  threads?.post("read good");
  await waitFor(heard, "read good");
  expect(heard).toContain(`skipped ${id}`);
});

test("a thread that ends between two messages blames none", async () => {
  const { heard, condemned, crashes } = start();
  await waitFor(heard, "started");
  threads?.post("crash");
  await expect.poll(() => heard.filter((line) => line === "started"), { timeout: 20_000 }).toHaveLength(2);
  expect(crashes).toEqual(["between two messages"]);
  expect(condemned).toEqual([]);
});
