import { createHash } from "node:crypto";

/** What Redis remembers of an address or a path: 132 bits, so that nothing of it stays there. */
export const shortDigest = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 22);
