/**
 * After a pause of Redis or of a process BullMQ reports each job in hand: its lock was not renewed, is missing, is
 * somebody else's. All of them run again, without a second effect. An operator gets one line with their number.
 */
const LOCK = /missing lock|lock mismatch|could not renew lock|missing key for job/i;
const GATHER_MS = 3000;

export function gatherLockTroubles(onError: (error: Error) => void): (error: Error) => void {
  let count = 0;
  return (error) => {
    if (!LOCK.test(error.message)) return onError(error);
    if (++count > 1) return;
    const timer = setTimeout(() => {
      const jobs = count === 1 ? "1 job" : `${count} jobs`;
      count = 0;
      onError(
        new Error(`${jobs} lost the lock in a pause of Redis or of this process: run again, without a second effect`),
      );
    }, GATHER_MS);
    timer.unref();
  };
}
