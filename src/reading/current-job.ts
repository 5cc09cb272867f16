/** What a thread is reading right now, in memory that its watcher shares: it can be seen even when the thread is stuck. */
const LENGTH_AT = 8;
const ID_AT = 12;
const MAX_ID = 100;

export const makeCurrentJob = (): SharedArrayBuffer => new SharedArrayBuffer(ID_AT + MAX_ID);

/** The thread's side. */
export function currentJobWriter(memory: SharedArrayBuffer): {
  readonly begin: (id: string) => void;
  readonly end: () => void;
} {
  const [since] = viewsOf(memory);
  const bytes = new Uint8Array(memory);
  return {
    begin(id) {
      const octets = Buffer.from(id, "latin1").subarray(0, MAX_ID);
      bytes.set(octets, ID_AT);
      new DataView(memory).setInt32(LENGTH_AT, octets.length);
      Atomics.store(since, 0, BigInt(Date.now()));
    },
    end: () => void Atomics.store(since, 0, 0n),
  };
}

/** The watcher's side. Null while nothing is being read. */
export function readCurrentJob(memory: SharedArrayBuffer): { readonly id: string; readonly forMs: number } | null {
  const [since] = viewsOf(memory);
  const startedAt = Atomics.load(since, 0);
  if (startedAt === 0n) return null;
  const length = new DataView(memory).getInt32(LENGTH_AT);
  const id = Buffer.from(new Uint8Array(memory, ID_AT, length)).toString("latin1");
  return { id, forMs: Date.now() - Number(startedAt) };
}

const viewsOf = (memory: SharedArrayBuffer): readonly [BigInt64Array<SharedArrayBuffer>] => [
  new BigInt64Array(memory, 0, 1),
];
