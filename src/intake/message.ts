/** What is kept of a message while it comes in: its head, and the digest and size of the whole. */
import type { MessageInput } from "../core/index.ts";
import { createDigest } from "./digest.ts";

export type ReceivedMessage = Pick<MessageInput, "octets" | "truncated" | "size" | "sha256" | "isRefusal">;

export interface MessageReader {
  update(chunk: Buffer): void;
  finish(): ReceivedMessage;
}

/** Memory stays at `keepBytes`, however much comes. */
export function createMessageReader(keepBytes: number): MessageReader {
  const digest = createDigest();
  const head: Buffer[] = [];
  let kept = 0;
  let isCut = false;
  return {
    update(chunk) {
      digest.update(chunk);
      const part = chunk.subarray(0, keepBytes - kept);
      if (part.length < chunk.length) isCut = true;
      if (part.length === 0) return;
      head.push(part);
      kept += part.length;
    },
    finish: () => ({ octets: Buffer.concat(head, kept), truncated: isCut, ...digest.finish() }),
  };
}

/** Of a whole message in memory. */
export function readWhole(message: Uint8Array, keepBytes: number): ReceivedMessage {
  const reader = createMessageReader(keepBytes);
  reader.update(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
  return reader.finish();
}
