/**
 * `node scripts/pin-images.ts`, a step of each release: writes the digest of every image behind its tag, in
 * docker-compose.yml and Dockerfile, so that what was tested is what everybody runs. With --check it changes nothing and
 * fails where a digest is missing. Asks the registries through `docker buildx imagetools`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const FILES = ["docker-compose.yml", "Dockerfile"];
/** `image: redis:7-bookworm`, `FROM node:26-bookworm-slim AS x`, and the same with a digest. Our own image has no tag. */
const IMAGE = /^(\s*image: |FROM (?:--platform=\S+ )?)([\w./-]+:[\w.-]+)(@sha256:[0-9a-f]{64})?(?=\s|$)/gm;

const isCheck = process.argv.includes("--check");
const digests = new Map<string, string>();
let missing = 0;
for (const file of FILES) {
  const text = readFileSync(file, "utf8");
  const pinned = text.replaceAll(IMAGE, (line, before: string, image: string, digest: string | undefined) => {
    if (!isCheck) return `${before}${image}@${digestOf(image)}`;
    if (digest === undefined) {
      console.error(`${file}: ${image} has no digest`);
      missing++;
    }
    return line;
  });
  if (!isCheck) writeFileSync(file, pinned);
}
process.exitCode = missing === 0 ? 0 : 1;

function digestOf(image: string): string {
  const known = digests.get(image);
  if (known !== undefined) return known;
  const words = ["buildx", "imagetools", "inspect", "--format", "{{.Manifest.Digest}}", image];
  const { status, stdout, stderr, error } = spawnSync("docker", words, { encoding: "utf8" });
  const digest = stdout?.trim() ?? "";
  if (status !== 0 || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(`no digest of ${image}: ${error?.message ?? stderr}`);
  digests.set(image, digest);
  return digest;
}
