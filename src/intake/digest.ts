/**
 * The identity of a message: SHA-256 over its canonical form, in which every line end (CRLF, bare LF, bare CR) counts
 * as CRLF and line ends at the very end do not count. So the same mail has the same id whether it came over SMTP or
 * from a file that a Unix program wrote.
 */
import { createHash } from "node:crypto";

const CR = 0x0d;
const LF = 0x0a;
const CRLF = Buffer.from("\r\n");
const MANY_CRLF = Buffer.alloc(64 * 1024, CRLF);

export interface Digest {
  /** Hex. */
  readonly sha256: string;
  /** Octets in canonical form, with one CRLF at the end. */
  readonly size: number;
}

export interface DigestStream {
  update(chunk: Uint8Array): void;
  finish(): Digest;
}

export function createDigest(): DigestStream {
  const hash = createHash("sha256");
  let size = 0;
  /** Line ends seen since the last other octet: they count only if one follows. */
  let pendingEnds = 0;
  let isAfterCr = false;
  const take = (octets: Uint8Array): void => {
    hash.update(octets);
    size += octets.length;
  };
  const flushEnds = (): void => {
    let octets = pendingEnds * 2;
    for (; octets > MANY_CRLF.length; octets -= MANY_CRLF.length) take(MANY_CRLF);
    if (octets > 0) take(MANY_CRLF.subarray(0, octets));
    pendingEnds = 0;
  };
  return {
    update(chunk) {
      let end = chunk.length;
      while (end > 0 && (chunk[end - 1] === CR || chunk[end - 1] === LF)) end--;
      let start = 0;
      const countEnds = (from: number, to: number): void => {
        for (let i = from; i < to; i++) {
          if (chunk[i] === CR) {
            pendingEnds++;
            isAfterCr = true;
          } else {
            if (!isAfterCr) pendingEnds++;
            isAfterCr = false;
          }
        }
      };
      if (end > 0) {
        while (chunk[start] === CR || chunk[start] === LF) start++;
        countEnds(0, start);
        isAfterCr = false;
        flushEnds();
        take(withCrlf(chunk.subarray(start, end)));
      }
      countEnds(end, chunk.length);
    },
    finish: () => ({ sha256: hash.digest("hex"), size: size + CRLF.length }),
  };
}

/** Of a whole message in memory. */
export function digestMessage(message: Uint8Array): Digest {
  const digest = createDigest();
  digest.update(message);
  return digest.finish();
}

/** The same octets with every line end as CRLF; the very same buffer when they are so already. */
function withCrlf(octets: Uint8Array): Uint8Array {
  let extra = 0;
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i];
    if (octet === LF) {
      if (octets[i - 1] !== CR) extra++;
    } else if (octet === CR && octets[i + 1] !== LF) extra++;
  }
  if (extra === 0) return octets;
  const canonical = new Uint8Array(octets.length + extra);
  let at = 0;
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] ?? 0;
    if (octet === LF ? octets[i - 1] !== CR : octet === CR && octets[i + 1] !== LF) {
      canonical[at++] = CR;
      canonical[at++] = LF;
    } else canonical[at++] = octet;
  }
  return canonical;
}
