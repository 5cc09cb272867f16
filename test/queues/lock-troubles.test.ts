import { afterEach, expect, test, vi } from "vitest";
import { gatherLockTroubles } from "../../src/queues/lock-troubles.ts";

afterEach(() => vi.useRealTimers());

test("what BullMQ says of each job after a pause becomes one line with their number; the rest is passed on", () => {
  vi.useFakeTimers();
  const told: string[] = [];
  const onError = gatherLockTroubles(({ message }) => told.push(message));
  const round = (count: number): void => {
    for (let n = 0; n < count; n++)
      onError(new Error([`Missing lock for job ${n}. finish`, `could not renew lock for job ${n}`][n % 2]));
  };
  round(400);
  onError(new Error("Connection is closed."));
  expect(told).toEqual(["Connection is closed."]);
  vi.advanceTimersByTime(3000);
  round(1);
  vi.advanceTimersByTime(3000);
  expect(told.slice(1)).toEqual([
    expect.stringMatching(/^400 jobs lost the lock/),
    expect.stringMatching(/^1 job lost/),
  ]);
});
