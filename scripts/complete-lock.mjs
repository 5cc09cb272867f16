// node scripts/complete-lock.mjs   after npm install, where the registry is a mirror that carried some platforms only.
//
// npm leaves optional packages that it could not find out of the lockfile, or without a digest, and does not look for
// them again. This removes those without a digest, lets npm resolve them anew, and fails where one is still missing: a
// lockfile without it would not protect whoever installs on that platform. Plain JavaScript: it runs before anything is
// installed.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FILE = new URL("../package-lock.json", import.meta.url);
const readLock = () => JSON.parse(readFileSync(FILE, "utf8"));

const lock = readLock();
const withoutDigest = ([path, { link, integrity }]) => path.includes("node_modules/") && !link && !integrity;
lock.packages = Object.fromEntries(Object.entries(lock.packages).filter((entry) => !withoutDigest(entry)));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
const npm = spawnSync("npm", ["install", "--package-lock-only", "--ignore-scripts"], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  stdio: "inherit",
});

const { packages } = readLock();
const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
  Object.keys(optionalDependencies).filter((name) => !packages[`node_modules/${name}`]?.integrity),
);
for (const name of new Set(missing)) console.error(`not in the registry: ${name}`);
process.exitCode = npm.status === 0 && missing.length === 0 ? 0 : 1;
