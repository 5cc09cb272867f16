/** A private Postfix on loopback and free ports, with its own queue and nothing of the machine's configuration. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Postfix {
  readonly port: number;
  /** Folder of its configuration, for `postqueue -c` and `sendmail -C`. */
  readonly conf: string;
  log(): string;
  readonly logFile: string;
  stop(): Promise<void>;
}

export interface PostfixOptions {
  /** Port on loopback that takes all mail. */
  readonly relayPort: number;
  /** Lines of main.cf that win over ours. */
  readonly mainCf?: string;
  /** Services of master.cf beside the usual ones. */
  readonly masterCf?: string;
  /** Files that these lines name as `/etc/postfix/NAME`. */
  readonly files?: Readonly<Record<string, string>>;
}

const SERVICES = `
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
lmtp      unix - - n - - lmtp
showq     unix n - n - - showq
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
tlsmgr    unix - - n 1000? 1 tlsmgr
postlog   unix-dgram n - n - 1 postlogd
`;

/** Needs root and the Debian package postfix. */
export async function startPostfix({
  relayPort,
  mainCf = "",
  masterCf = "",
  files = {},
}: PostfixOptions): Promise<Postfix> {
  if (userInfo().uid !== 0) throw new Error("a private Postfix needs root");
  const folder = mkdtempSync(join(tmpdir(), "bounced-postfix-"));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const owner = Number(execFileSync("id", ["-u", "postfix"], { encoding: "utf8" }));
  const [conf, queue, data] = ["etc", "queue", "data"].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [conf, queue, data]) mkdirSync(path, { mode: 0o755 });
  chownSync(data, owner, owner);
  const logFile = join(folder, "maillog");
  const settings: Readonly<Record<string, string>> = {
    compatibility_level: "3.6",
    queue_directory: queue,
    data_directory: data,
    command_directory: "/usr/sbin",
    daemon_directory: "/usr/lib/postfix/sbin",
    mail_owner: "postfix",
    setgid_group: "postdrop",
    maillog_file: logFile,
    maillog_file_prefixes: folder,
    myhostname: "mta.sender.example",
    mydestination: "",
    local_recipient_maps: "",
    mynetworks: "127.0.0.0/8",
    inet_interfaces: "127.0.0.1",
    inet_protocols: "ipv4",
    smtp_dns_support_level: "disabled",
    smtp_host_lookup: "native",
    smtpd_relay_restrictions: "permit_mynetworks, reject",
    relayhost: `[127.0.0.1]:${relayPort}`,
    alias_maps: "",
    alias_database: "",
    smtpd_use_tls: "no",
    smtp_tls_security_level: "may",
    minimal_backoff_time: "300s",
  };
  const own = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(join(conf, "main.cf"), `${own.join("")}${mainCf.replaceAll("/etc/postfix/", `${conf}/`)}`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(conf, name), text);
  writeFileSync(join(conf, "master.cf"), `127.0.0.1:${port} inet n - n - - smtpd\n${SERVICES.trimStart()}${masterCf}`);
  const child = spawn("postfix", ["-c", conf, "start-fg"], { stdio: "ignore", detached: true });
  const log = (): string => (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  const deadline = Date.now() + 20_000;
  while (!log().includes("daemon started")) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`postfix did not start: ${log()}`);
    await sleep(50);
  }
  return {
    port,
    conf,
    log,
    logFile,
    async stop() {
      await ended(child, conf);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess, conf: string): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  spawn("postfix", ["-c", conf, "stop"], { stdio: "ignore" });
  const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(killer);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
