/**
 * The kept head of a message as it waits in Redis and lies in the log: deflated once, when it is accepted, and carried
 * to the log as it is.
 */
import { deflate, deflateSync, inflateSync } from "node:zlib";
import { promisify } from "node:util";

/** Bounces are some KB: smaller tables are set up faster, buffers below 4 KiB come out of a pool. */
const SMALL = { level: 1, windowBits: 13, memLevel: 6, chunkSize: 4000 } as const;
const LARGE = { level: 1 } as const;
/** Longer ones are deflated beside the event loop. */
const SMALL_OCTETS = 16 * 1024;
const deflateBeside = promisify<Uint8Array, typeof LARGE, Buffer>(deflate);

/** Base64; "" for nothing. */
export async function packOctets(octets: Uint8Array): Promise<string> {
  if (octets.length === 0) return "";
  const packed = octets.length > SMALL_OCTETS ? await deflateBeside(octets, LARGE) : deflateSync(octets, SMALL);
  return packed.toString("base64");
}

export const unpackOctets = (raw: string): Buffer =>
  raw === "" ? Buffer.alloc(0) : inflateSync(Buffer.from(raw, "base64"), { chunkSize: 4000 });
