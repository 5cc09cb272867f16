/** Digest of the assets: it is in their URLs, so that they can be cached for ever and still change at once. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ASSETS_DIRECTORY = fileURLToPath(new URL("./assets/", import.meta.url));

const digest = createHash("sha256");
for (const name of readdirSync(ASSETS_DIRECTORY).sort())
  digest.update(name).update(readFileSync(ASSETS_DIRECTORY + name));

export const ASSET_VERSION = digest.digest("hex").slice(0, 12);
