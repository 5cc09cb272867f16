/**
 * `npm run deb`, and what dpkg makes of the package: installed, started as the unit starts it, upgraded, removed, purged.
 * This machine is the root file system, below an overlay in a mount namespace, so that nothing of it is changed and the
 * upper layer shows what is left. Needs root.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../support/free-port.ts";

vi.setConfig({ testTimeout: 180_000 });

/** In memory where there is room: dpkg waits for the disk after each of thousands of files. */
const MEMORY = "/dev/shm";
const hasMemory = existsSync(MEMORY) && statfsSync(MEMORY).bavail * statfsSync(MEMORY).bsize > 2 ** 31;
const work = mkdtempSync(join(hasMemory ? MEMORY : tmpdir(), "bounced-deb-test-"));
const upper = join(work, "upper");
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

beforeAll(() => {
  for (const name of ["upper", "scratch", "root"]) mkdirSync(join(work, name));
  // Compressing takes a minute, and changes nothing of what is tested here.
  const words = ["scripts/deb.ts", "--compression", "none", "--to", work];
  execFileSync(process.execPath, words, { stdio: ["ignore", "ignore", "inherit"] });
}, 240_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

const ENTER = `
mount -t overlay overlay -o "lowerdir=/,upperdir=$WORK/upper,workdir=$WORK/scratch" "$WORK/root"
mount --rbind /dev "$WORK/root/dev"
mount -t proc proc "$WORK/root/proc"
mount -t tmpfs tmpfs "$WORK/root/run"
mount -t tmpfs tmpfs "$WORK/root/tmp"
mkdir "$WORK/root/tmp/work" && mount --bind "$WORK" "$WORK/root/tmp/work"
exec chroot "$WORK/root" sh -euc "cd /; $SCRIPT"`;

/** Runs a script as root on that machine; every process that it leaves is killed. */
function onMachine(script: string): string {
  const words = ["--mount", "--pid", "--fork", "--kill-child", "sh", "-euc", ENTER];
  const { status, stdout, stderr } = spawnSync("unshare", words, {
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      WORK: work,
      SCRIPT: script,
      LC_ALL: "C",
    },
    encoding: "utf8",
    timeout: 170_000,
  });
  expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
  return stdout;
}
const DEB = `/tmp/work/bounced_${version}_*.deb`;
/** What is in the upper layer, without the books of dpkg and man-db. */
const leftOnMachine = (): readonly string[] =>
  globSync("**/*", { cwd: upper, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.isCharacterDevice())
    .map((entry) => join(entry.parentPath, entry.name).slice(upper.length))
    .filter((path) => !/^\/var\/(?:lib\/(?:dpkg|systemd)|log|cache\/(?:man|debconf))\/|^\/etc\/[a-z]+-$/.test(path));

test("dpkg installs it: the command runs, the settings are private, the user has no shell", () => {
  const printed = onMachine(`
    dpkg --force-unsafe-io -i ${DEB} >/dev/null
    dpkg --verify bounced
    bounced --version
    setpriv --reuid 65534 --regid 65534 --clear-groups env BOUNCED_DATA_DIR=/tmp/none bounced explain 5.1.1 --json | head -c 1; echo
    getent passwd bounced | cut -d: -f6,7
    stat -c '%a %U:%G %n' /etc/bounced/* /var/lib/bounced
    grep -c '^#compdef' /usr/share/zsh/vendor-completions/_bounced; zcat /usr/share/man/man1/bounced.1.gz | head -1 | cut -c1-3`);
  expect(printed.trim().split("\n")).toEqual([
    version,
    "{",
    "/var/lib/bounced:/usr/sbin/nologin",
    "640 root:bounced /etc/bounced/bounced.env",
    "640 root:bounced /etc/bounced/bounced.yaml",
    "640 root:bounced /etc/bounced/secret",
    "700 bounced:bounced /var/lib/bounced",
    "1",
    ".TH",
  ]);
});

test("systemd accepts the unit, and rates it as safe as the one in deploy/systemd", () => {
  const printed = onMachine(`
    systemd-analyze verify bounced.service 2>&1
    systemd-analyze security --offline=true /usr/lib/systemd/system/bounced.service | grep 'exposure level'`);
  expect(Number(/^\S* ?Overall exposure level for bounced.service: ([\d.]+)/.exec(printed)?.[1])).toBeLessThan(2);
});

test("it starts as the unit starts it, and root's commands leave no file of root's", async () => {
  const [smtp, http] = [await freePort(), await freePort()];
  const unit = readFileSync(join(upper, "usr/lib/systemd/system/bounced.service"), "utf8");
  const settingOf = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";
  const environment = settingOf("Environment").replace("%d", "/run/credentials/bounced.service");
  const printed = onMachine(`
    printf 'BOUNCED_SMTP_PORT=${smtp}\\nBOUNCED_HTTP_PORT=${http}\\nBOUNCED_DOMAINS="bounces.example.com"\\n' >>/etc/bounced/bounced.env
    printf 'suppression: { soft: { failures: 4 } }\\n' >>/etc/bounced/bounced.yaml
    install -d -o bounced -m 500 /run/credentials/bounced.service
    install -o bounced -m 400 /etc/bounced/secret /run/credentials/bounced.service/secret
    set -a; . /etc/bounced/bounced.env; set +a
    setpriv --reuid ${settingOf("User")} --regid ${settingOf("Group")} --init-groups --no-new-privs env ${environment} \\
      ${settingOf("ExecStart")} >/tmp/log 2>&1 & pid=$!
    unset BOUNCED_SMTP_PORT BOUNCED_HTTP_PORT BOUNCED_DOMAINS
    for i in $(seq 300); do grep -q 'pages on' /tmp/log && break; sleep 0.2; done
    bounced doctor >/tmp/doctor 2>&1 || true
    grep -E '^\\w+ +redis' /tmp/doctor
    bounced return-path create user@example.org
    bounced suppressions add someone@example.org >/dev/null
    bounced suppressions check someone@example.org >/dev/null || echo suppressed
    find /var/lib/bounced ! -user bounced
    bounced config | grep -E '^BOUNCED_DOMAINS|failures'
    kill -TERM $pid; wait $pid; echo ended $?`);
  expect(printed).toMatch(/^ok +redis: /);
  expect(printed).toMatch(/^b\+\S+@bounces\.example\.com$/m);
  expect(printed).toMatch(/^suppressed\nBOUNCED_DOMAINS=bounces\.example\.com.*\n\s*failures: 4\nended 0\n$/m);
});

test("an upgrade keeps changed settings; removing keeps settings and data", () => {
  onMachine(
    `dpkg --force-unsafe-io -i ${DEB} >/dev/null && grep -q BOUNCED_SMTP_PORT= /etc/bounced/bounced.env && dpkg -r bounced >/dev/null`,
  );
  const left = leftOnMachine();
  expect(left).toContain("/etc/bounced/bounced.env");
  expect(left).toContain("/var/lib/bounced/log.sqlite");
  expect(left.filter((path) => /^\/(?:usr|lib)\//.test(path))).toEqual([]);
});

test("purging leaves nothing, and no user", () => {
  const printed = onMachine("dpkg -P bounced >/dev/null; getent passwd bounced || echo no user");
  expect(printed).toBe("no user\n");
  const accounts = ["/etc/group", "/etc/gshadow", "/etc/passwd", "/etc/shadow", "/etc/subgid", "/etc/subuid"];
  expect(leftOnMachine().filter((path) => !accounts.includes(path))).toEqual([]);
  for (const name of ["group", "passwd"])
    expect(readFileSync(join(upper, "etc", name), "utf8")).toBe(readFileSync(join("/etc", name), "utf8"));
});
