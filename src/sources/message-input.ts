import type { Envelope, MessageInput } from "../core/index.ts";
import { digestMessage } from "../intake/digest.ts";

/** A message from a file: no SMTP, so no envelope and no time of arrival unless the caller knows better. */
export function messageInputOf(
  bytes: Uint8Array,
  keepBytes: number,
  envelope: Envelope = { reversePath: null, forwardPath: null },
): MessageInput {
  return {
    ...digestMessage(bytes),
    octets: bytes.subarray(0, keepBytes),
    truncated: bytes.length > keepBytes,
    receivedAt: null,
    envelope,
    remoteAddress: null,
  };
}
