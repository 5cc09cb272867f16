/** The file of tokens: `tokens.json` in the data directory, or BOUNCED_API_TOKENS. Hashes only, mode 0600. */
import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { messageOf } from "../../machine/error-message.ts";
import { passwordRecordSchema, tokenRecordSchema } from "./tokens.ts";

const tokenFileSchema = z.object({
  v: z.literal(1),
  tokens: z.array(tokenRecordSchema),
  /** The console's one admin password. */
  password: passwordRecordSchema.nullable(),
});
export type TokenFile = z.infer<typeof tokenFileSchema>;

const EMPTY: TokenFile = { v: 1, tokens: [], password: null };

export const tokenFilePath = (config: {
  readonly dataDir: string;
  readonly BOUNCED_API_TOKENS?: string | undefined;
}): string => config.BOUNCED_API_TOKENS ?? join(config.dataDir, "tokens.json");

/** No file: no tokens. A damaged file throws, naming it: guessing here would open the door or lock everyone out. */
export function readTokenFile(path: string): TokenFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (isMissing(cause)) return EMPTY;
    throw new Error(`cannot read the token file ${path}: ${messageOf(cause)}`, { cause });
  }
  try {
    return tokenFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`the token file ${path} is damaged: ${messageOf(cause)}`, { cause });
  }
}

/** Written beside and renamed, so that a running server never reads half a file. */
export function writeTokenFile(path: string, file: TokenFile): void {
  renameSync(writeBeside(path, file), path);
}

/** False, and nothing is changed, where the file exists: several processes may try at once. */
export function createTokenFile(path: string, file: TokenFile): boolean {
  if (statSync(path, { throwIfNoEntry: false })) return false;
  const temporary = writeBeside(path, file);
  try {
    linkSync(temporary, path);
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return false;
    throw cause;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeBeside(path: string, file: TokenFile): string {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(temporary, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  return temporary;
}

/** What authentication asks. `current` looks at the file again when it changed: revoking needs no restart. */
export interface TokenSource {
  current(): TokenFile;
}

export function watchTokenFile(path: string): TokenSource {
  let seen = "";
  let file = EMPTY;
  return {
    current() {
      const stamp = stampOf(path);
      if (stamp !== seen) {
        file = readTokenFile(path);
        seen = stamp;
      }
      return file;
    },
  };
}

/** Key of the session cookies: made at first start, kept beside the tokens in the data directory. */
export function sessionKey(dataDir: string): Buffer {
  const path = join(dataDir, "session.key");
  try {
    const key = Buffer.from(readFileSync(path, "utf8").trim(), "hex");
    if (key.length === 32) return key;
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
  }
  mkdirSync(dataDir, { recursive: true });
  const key = randomBytes(32);
  writeFileSync(path, key.toString("hex"), { mode: 0o600 });
  chmodSync(path, 0o600);
  return key;
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}/${stat.size}/${stat.ino}` : "none";
}

const isMissing = (thrown: unknown): boolean => thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
