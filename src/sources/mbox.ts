/**
 * mbox, RFC 4155: messages in one file, each behind a `From ` line. Read as mboxrd, the one variant that is reversible:
 * `>From ` loses one `>`. A `From ` line counts only after a blank line and with a date, because returned mail quotes
 * mail, and not every writer quotes what it should.
 */
export interface MboxMessage {
  readonly bytes: Buffer;
  /** True: longer than `maxBytes`; `bytes` is its beginning. */
  readonly isCut: boolean;
  /** Where its `From ` line begins in the file. */
  readonly start: number;
  /** Where the next one begins. Reading can go on from here. */
  readonly end: number;
}

const LF = 0x0a;
const CR = 0x0d;
const MARK = Buffer.from("\nFrom ");
/** Longer than any separator line; a candidate closer to the end of the buffer waits for more. */
const LINE_OCTETS = 1_024;
/** `From MAILER-DAEMON Thu Jan  1 00:00:00 1970`, with or without seconds, zone before or after the year. */
const SEPARATOR =
  /^From \S{0,500} {1,3}(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? {1,2}[A-Za-z0-9]{1,3} {1,2}[A-Za-z0-9]{1,3} {1,2}\S{4,40}(?: \S{1,40}){0,4}\s*$/;

export const isSeparatorLine = (line: string): boolean => SEPARATOR.test(line);

/** True when the octets begin like an mbox file. */
export function isMbox(head: Uint8Array): boolean {
  const end = head.indexOf(LF);
  const line = Buffer.from(head.subarray(0, Math.min(end < 0 ? head.length : end, LINE_OCTETS))).toString("latin1");
  return isSeparatorLine(line);
}

/** Every message of a stream of octets that begins at a `From ` line, `offset` octets into its file. */
export async function* readMbox(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { maxBytes, offset = 0 }: { readonly maxBytes: number; readonly offset?: number },
): AsyncGenerator<MboxMessage> {
  let held: Buffer = Buffer.alloc(0);
  /** Where `held` begins in the file. */
  let base = offset;
  let isFirst = true;
  let message = openMessage(offset, maxBytes);

  function* scan(isEnd: boolean): Generator<MboxMessage> {
    if (isFirst) {
      if (!isEnd && held.length < LINE_OCTETS) return;
      isFirst = false;
      if (isMbox(held)) hold(lineEnd(held, 0));
    }
    let from = 0;
    for (;;) {
      const hit = held.indexOf(MARK, from);
      // A mark may be split over two chunks, and so may the blank line before it.
      if (hit < 0) {
        const ready = isEnd ? held.length : Math.max(0, held.length - MARK.length - 2);
        message.take(held.subarray(0, ready));
        hold(ready);
        return;
      }
      const start = hit + 1;
      if (!isEnd && held.length - start < LINE_OCTETS) {
        const ready = Math.max(0, hit - 2);
        message.take(held.subarray(0, ready));
        hold(ready);
        return;
      }
      const next = lineEnd(held, start);
      const line = held.toString("latin1", start, Math.min(next, start + LINE_OCTETS));
      if (!isBlankBefore(held, hit, message.isEmpty()) || !isSeparatorLine(line)) {
        from = start;
        continue;
      }
      message.take(held.subarray(0, hit));
      yield message.close(base + start);
      message = openMessage(base + start, maxBytes);
      hold(next);
      from = 0;
    }
  }
  function hold(from: number): void {
    held = held.subarray(from);
    base += from;
  }

  for await (const chunk of chunks) {
    held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
    yield* scan(false);
  }
  yield* scan(true);
  if (!message.isEmpty()) yield message.close(base);
}

function openMessage(start: number, maxBytes: number) {
  const pieces: Buffer[] = [];
  let length = 0;
  let size = 0;
  return {
    isEmpty: () => size === 0,
    take(octets: Buffer): void {
      size += octets.length;
      if (length >= maxBytes || octets.length === 0) return;
      const piece = octets.subarray(0, maxBytes - length);
      pieces.push(piece);
      length += piece.length;
    },
    close: (end: number): MboxMessage => ({
      bytes: unquoteFromLines(Buffer.concat(pieces)),
      isCut: size > length,
      start,
      end,
    }),
  };
}

/** Index after the line that contains `from`. */
function lineEnd(octets: Buffer, from: number): number {
  const end = octets.indexOf(LF, from);
  return end < 0 ? octets.length : end + 1;
}

/** `hit` is the LF before `From `: is the line that it ends empty? */
function isBlankBefore(octets: Buffer, hit: number, isNothingBefore: boolean): boolean {
  const end = octets[hit - 1] === CR ? hit - 1 : hit;
  return end === 0 ? isNothingBefore : octets[end - 1] === LF;
}

/** mboxrd: `>From ` -> `From `, `>>From ` -> `>From `. */
function unquoteFromLines(octets: Buffer): Buffer {
  const kept: Buffer[] = [];
  let copied = 0;
  for (let at = octets.indexOf("\n>"); at >= 0; at = octets.indexOf("\n>", at + 1)) {
    let end = at + 1;
    while (octets[end] === 0x3e) end++;
    if (octets.toString("latin1", end, end + 5) !== "From ") continue;
    kept.push(octets.subarray(copied, at + 1));
    copied = at + 2;
  }
  return copied === 0 ? octets : Buffer.concat([...kept, octets.subarray(copied)]);
}
