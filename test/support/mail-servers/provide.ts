/**
 * Mail servers that cannot be installed beside Postfix: Debian's Exim, OpenSMTPD and sendmail, unpacked into folders of
 * their own, and Haraka without its optional plugins. Downloaded once into node_modules/.cache; nothing of the machine
 * is changed.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const CACHE = join(import.meta.dirname, "../../../node_modules/.cache/mail-servers");
const HARAKA = "Haraka@3.3.4";

/** Their libraries and m4 are ordinary packages of test/provision.ts. */
const DEBIAN = {
  exim: { packages: ["exim4-daemon-light"], programs: ["usr/sbin/exim4"] },
  opensmtpd: { packages: ["opensmtpd"], programs: ["usr/sbin/smtpd", "usr/sbin/smtpctl"] },
  sendmail: {
    packages: ["sendmail-bin", "sendmail-cf"],
    programs: ["usr/libexec/sendmail/sendmail", "usr/libexec/sendmail/makemap"],
  },
} as const;
export type DebianServer = keyof typeof DEBIAN;

const PASSWD = `root:x:0:0:root:/:/bin/false
mail:x:8:8:mail:/:/bin/false
Debian-exim:x:2001:2001:exim:/:/bin/false
opensmtpd:x:2002:2002:opensmtpd:/:/bin/false
opensmtpq:x:2003:2003:opensmtpq:/:/bin/false
smmsp:x:2004:2004:smmsp:/:/bin/false
nobody:x:65534:65534:nobody:/:/bin/false
`;
export const EXIM_UID = 2001;
const GROUP = PASSWD.replaceAll(/^([^:]+:x):\d+:(\d+):.*$/gm, "$1:$2:");

/** The root folder in which the server runs, made when it is missing. Needs root and Debian's apt. */
export function provideRoot(name: DebianServer): string {
  const root = join(CACHE, name);
  if (existsSync(root)) return root;
  const building = `${root}.${process.pid}`;
  const { packages, programs } = DEBIAN[name];
  const folder = (path: string): string => {
    mkdirSync(join(building, path), { recursive: true });
    return join(building, path);
  };
  const downloads = folder("debs");
  const download = () => spawnSync("apt-get", ["download", ...packages], { cwd: downloads, encoding: "utf8" });
  if (download().status !== 0) {
    execFileSync("apt-get", ["update", "-qq"]);
    const { status, stderr } = download();
    if (status !== 0) throw new Error(`apt-get download ${packages.join(" ")}: ${stderr}`);
  }
  for (const file of readdirSync(downloads)) execFileSync("dpkg", ["-x", join(downloads, file), building]);
  for (const path of ["dev", "etc", "run", "tmp", "var/run", "var/spool", "var/lib"]) folder(path);
  for (const program of programs) copyLibraries(join(building, program), building);
  for (const [device, minor] of [
    ["null", "3"],
    ["urandom", "9"],
  ] as const)
    execFileSync("mknod", ["-m", "666", join(building, "dev", device), "c", "1", minor]);
  writeFileSync(join(building, "etc/passwd"), PASSWD);
  writeFileSync(join(building, "etc/group"), GROUP);
  writeFileSync(join(building, "etc/hosts"), "127.0.0.1 localhost mta.sender.example\n");
  writeFileSync(join(building, "etc/services"), "smtp 25/tcp\n");
  // Nobody answers there: a lookup that a configuration should not make fails at once.
  writeFileSync(join(building, "etc/resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
  rmSync(downloads, { recursive: true });
  try {
    renameSync(building, root);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(root)) throw error;
    rmSync(building, { recursive: true });
  }
  return root;
}

/** Programs of the machine, with their libraries, for a server that starts others: at the same place in its root. */
export function provideProgram(program: string, root: string): void {
  mkdirSync(join(root, dirname(program)), { recursive: true });
  copyFileSync(program, join(root, program));
  copyLibraries(program, root);
}

function copyLibraries(program: string, root: string): void {
  const said = execFileSync("ldd", [program], { encoding: "utf8" });
  const missing = /(\S+) => not found/.exec(said);
  if (missing) throw new Error(`${program} needs ${missing[1]}: node test/provision.ts`);
  for (const [path] of said.matchAll(/\/[^ ]+\.so[^ ]*/g)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    copyFileSync(path, join(root, path));
  }
}

/** The folder of the package. npm's scripts are off: Haraka itself compiles nothing. */
export function provideHaraka(): string {
  const folder = join(CACHE, "haraka");
  const found = join(folder, "node_modules/Haraka");
  if (existsSync(join(folder, "done"))) return found;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `{"private":true}\n`);
  const args = ["install", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", HARAKA];
  const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm install ${HARAKA}: ${stderr}`);
  writeFileSync(join(folder, "done"), "");
  return found;
}

export function provideMailServers(): void {
  for (const name of Object.keys(DEBIAN) as DebianServer[]) provideRoot(name);
  provideHaraka();
}
