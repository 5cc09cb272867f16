/** Where in an mbox file to go on. A file that was replaced or cut short begins anew. */
import { createHash } from "node:crypto";
import { collect, readChunks } from "./files.ts";

export interface MboxPlace {
  readonly offset: number;
  /** Octets at the beginning of the file by which it is known again, and their SHA-256. */
  readonly headLength: number;
  readonly headSha256: string;
}

export const isMboxPlace = (value: unknown): value is MboxPlace =>
  typeof value === "object" &&
  value !== null &&
  "offset" in value &&
  Number.isSafeInteger(value.offset) &&
  "headLength" in value &&
  Number.isSafeInteger(value.headLength) &&
  "headSha256" in value &&
  typeof value.headSha256 === "string";

const HEAD_OCTETS = 4_096;

async function headSha256(path: string, length: number): Promise<string> {
  const { bytes } = await collect(readChunks(path), length);
  return createHash("sha256").update(bytes).digest("hex");
}

export async function placeAt(path: string, offset: number): Promise<MboxPlace> {
  const headLength = Math.min(HEAD_OCTETS, offset);
  return { offset, headLength, headSha256: await headSha256(path, headLength) };
}

/** 0 unless the file still begins as it did and is not shorter. */
export async function offsetOf(path: string, size: number, place: MboxPlace | null): Promise<number> {
  if (!place || place.offset > size || place.offset < 0) return 0;
  return (await headSha256(path, place.headLength)) === place.headSha256 ? place.offset : 0;
}
