/**
 * Sessions that were signed out before they expired: one empty file each in the data directory, named by the session's
 * nonce, so that every process on this data directory refuses the cookie from then on.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ABSOLUTE_MS, type Session } from "./session.ts";

export interface SignedOut {
  has(session: Session): boolean;
  add(session: Session): void;
}

export function openSignedOut(dataDir: string): SignedOut {
  const folder = join(dataDir, "signed-out");
  return {
    has: ({ nonce }) => existsSync(join(folder, nonce)),
    add({ nonce }) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // A cookie that old is refused anyway.
      for (const name of readdirSync(folder)) {
        const stat = statSync(join(folder, name), { throwIfNoEntry: false });
        if (stat && Date.now() - stat.mtimeMs > ABSOLUTE_MS) rmSync(join(folder, name), { force: true });
      }
      writeFileSync(join(folder, nonce), "", { mode: 0o600 });
    },
  };
}
