/** Octets -> lines. What has no end yet is not a line: it is read again when it has one. */

/** Longer ones are no log lines: they are passed over, and memory stays bounded. */
const MAX_LINE = 64 * 1024;
const LF = 0x0a;

export interface Lines {
  readonly lines: readonly string[];
  /** Octets up to the end of the last line. */
  readonly octets: number;
  /** Lines that were too long. */
  readonly tooLong: number;
}

export interface LineSplitter {
  /** Lines that end in this chunk. */
  push(chunk: Buffer): Lines;
  /** What is there of a line without an end, as the last line of a file that grows no more. */
  rest(): Lines;
}

export function createLineSplitter(): LineSplitter {
  let rest: Buffer = Buffer.alloc(0);
  /** Octets of a line that is too long, which are not kept. */
  let dropped = 0;
  return {
    push(chunk) {
      const last = chunk.lastIndexOf(LF);
      if (last < 0) {
        if (dropped > 0 || rest.length + chunk.length > MAX_LINE) {
          dropped += rest.length + chunk.length;
          rest = Buffer.alloc(0);
        } else rest = Buffer.concat([rest, chunk]);
        return { lines: [], octets: 0, tooLong: 0 };
      }
      const whole = Buffer.concat([rest, chunk.subarray(0, last)]);
      const octets = dropped + whole.length + 1;
      const lines = whole.toString("utf8").split("\n");
      let tooLong = 0;
      if (dropped > 0) {
        lines.shift();
        tooLong++;
      }
      rest = Buffer.from(chunk.subarray(last + 1));
      dropped = 0;
      const kept = lines.map(withoutReturn).filter((line) => line !== "" && (line.length <= MAX_LINE || !++tooLong));
      return { lines: kept, octets, tooLong };
    },
    rest() {
      const line = withoutReturn(rest.toString("utf8"));
      const octets = dropped + rest.length;
      const tooLong = dropped > 0 ? 1 : 0;
      rest = Buffer.alloc(0);
      dropped = 0;
      return { lines: line === "" || tooLong > 0 ? [] : [line], octets, tooLong };
    },
  };
}

const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);
