/**
 * One-time sign-in links, for whoever can read what the service prints. A link is a file in the data directory, named
 * by the SHA-256 of its secret: using it removes the file, which succeeds once, however many processes try.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const LINK_MS = 24 * 60 * 60 * 1000;

const folderOf = (dataDir: string): string => join(dataDir, "sign-in");
const fileOf = (dataDir: string, secret: string): string =>
  join(folderOf(dataDir), createHash("sha256").update(secret).digest("hex"));

/** The path of a new link, to be put behind the address of the pages. */
export function createSignInLink(dataDir: string, now: number): string {
  const folder = folderOf(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder))
    if (expiryIn(join(folder, name)) <= now) rmSync(join(folder, name), { force: true });
  const secret = randomBytes(32).toString("base64url");
  writeFileSync(fileOf(dataDir, secret), String(now + LINK_MS), { mode: 0o600, flag: "wx" });
  return `/sign-in/${secret}`;
}

/** True once, for a link that exists and has not expired. */
export function useSignInLink(dataDir: string, secret: string, now: number): boolean {
  const file = fileOf(dataDir, secret);
  if (expiryIn(file) <= now) return false;
  try {
    unlinkSync(file);
    return true;
  } catch {
    return false;
  }
}

/** 0 for what is no link. */
function expiryIn(file: string): number {
  try {
    return Number(readFileSync(file, "utf8")) || 0;
  } catch {
    return 0;
  }
}
