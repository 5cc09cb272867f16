import { expect, test, vi } from "vitest";
import { createKeyLookup } from "../../src/proof/key-lookup.ts";

const NAME = "s1._domainkey.example.com";
const RECORD = "v=DKIM1; p=abc";
const MINUTE = 60_000;

function setup(
  answers: Readonly<Record<string, readonly (readonly string[])[]>> = { [NAME]: [["other"], ["v=DKIM1; ", "p=abc"]] },
) {
  let at = 0;
  const resolveTxt = vi.fn(async (name: string) => {
    const answer = answers[name];
    if (!answer) throw new Error("ENOTFOUND");
    return answer;
  });
  const lookup = createKeyLookup({ resolveTxt, now: () => at });
  return { lookup, resolveTxt, pass: (ms: number) => (at += ms) };
}

test("a key is asked for once an hour, however many messages want it at a time", async () => {
  const { lookup, resolveTxt, pass } = setup();
  const answers = await Promise.all([lookup.find([NAME]), lookup.find([NAME, "none._domainkey.example.com"])]);
  for (const keys of answers) expect(keys?.get(NAME)).toBe(RECORD);
  await lookup.find([NAME]);
  expect(lookup.known().get(NAME)).toBe(RECORD);
  expect(resolveTxt.mock.calls.filter(([name]) => name === NAME)).toHaveLength(1);
  pass(61 * MINUTE);
  expect(lookup.known().size).toBe(0);
  expect((await lookup.find([NAME]))?.get(NAME)).toBe(RECORD);
  expect(resolveTxt.mock.calls.filter(([name]) => name === NAME)).toHaveLength(2);
});

test("what is not there is not asked for again at once, and a failure is no error", async () => {
  const { lookup, resolveTxt, pass } = setup();
  const none = "gone._domainkey.example.com";
  expect(await lookup.find([none])).toBeNull();
  expect(await lookup.find([none])).toBeNull();
  expect(resolveTxt).toHaveBeenCalledTimes(1);
  pass(6 * MINUTE);
  expect(await lookup.find([none])).toBeNull();
  expect(resolveTxt).toHaveBeenCalledTimes(2);
});

test("selectors that strangers make up cost 60 questions a minute, and never the place of a key that is there", async () => {
  const { lookup, resolveTxt, pass } = setup();
  await lookup.find([NAME]);
  pass(61 * MINUTE);
  for (let at = 0; at < 1000; at++) await lookup.find([`x${at}._domainkey.example.com`]);
  expect(resolveTxt).toHaveBeenCalledTimes(61);
  expect((await lookup.find([NAME]))?.get(NAME)).toBe(RECORD);
});

test("an answer that never comes is not waited for", async () => {
  vi.useFakeTimers();
  try {
    const lookup = createKeyLookup({ resolveTxt: () => new Promise(() => {}) });
    const found = lookup.find([NAME]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await found).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});
