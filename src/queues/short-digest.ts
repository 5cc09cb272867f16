import { hash } from "node:crypto";

/** What Redis remembers of an address or a path: 132 bits, so that nothing of it stays there. */
export const shortDigest = (text: string): string => hash("sha256", text, "base64url").slice(0, 22);
