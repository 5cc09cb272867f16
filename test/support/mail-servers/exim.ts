/** Exim of Debian in a root of its own: everything but what a test adds leads to one remote server. */
import { chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../postfix.ts";
import { EXIM_UID, provideRoot } from "./provide.ts";
import { startMailServer, type MailServer } from "./server.ts";

export interface EximOptions {
  readonly remotePort: number;
  /** Routers and transports that come before ours. */
  readonly routers?: string;
  readonly transports?: string;
  /** Lines of the router that leads to the remote server. */
  readonly remoteRouter?: string;
  /** Lines of the ACL for RCPT, before the one that accepts. */
  readonly acl?: string;
}

export async function startExim({
  remotePort,
  routers,
  transports,
  remoteRouter,
  acl,
}: EximOptions): Promise<MailServer> {
  const root = provideRoot("exim");
  const port = await freePort();
  for (const path of ["spool", "log"]) {
    rmSync(join(root, path), { recursive: true, force: true });
    mkdirSync(join(root, path));
    chownSync(join(root, path), EXIM_UID, EXIM_UID);
  }
  mkdirSync(join(root, "etc/exim4"), { recursive: true });
  writeFileSync(
    join(root, "etc/exim4/exim4.conf"),
    `primary_hostname = mta.sender.example
spool_directory = /spool
log_file_path = /log/%slog
pid_file_path = /log/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
disable_ipv6
tls_advertise_hosts =
host_lookup =
keep_environment =
acl_smtp_rcpt = acl_all
begin acl
acl_all:
${acl ?? ""}
  accept
begin routers
${routers ?? ""}
remote:
  driver = manualroute
  transport = remote_smtp
  route_list = * 127.0.0.1::${remotePort}
  self = send
${indent(remoteRouter ?? "")}
begin transports
${transports ?? ""}
remote_smtp:
  driver = smtp
begin retry
* * F,1h,5m
`,
  );
  return startMailServer(["chroot", root, "/usr/sbin/exim4", "-bdf", "-q5m"], port);
}

const indent = (lines: string): string => lines.replaceAll(/^(?=\S)/gm, "  ");
