/** OpenSMTPD of Debian in a root of its own. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { provideRoot } from "./provide.ts";
import { startMailServer, type MailServer } from "./server.ts";

/** `config` listens on `port`; where it leads nowhere, mail goes to the remote server. */
export function startOpenSmtpd(config: string, port: number, remotePort: number): Promise<MailServer> {
  const root = provideRoot("opensmtpd");
  const spool = join(root, "var/spool/smtpd");
  rmSync(spool, { recursive: true, force: true });
  rmSync(join(root, "var/run/smtpd.sock"), { force: true });
  mkdirSync(spool, { mode: 0o711 });
  mkdirSync(join(root, "var/lib/opensmtpd/empty"), { recursive: true });
  const rest = `action "remote" relay host smtp://127.0.0.1:${remotePort}\nmatch from any for any action "remote"\n`;
  writeFileSync(join(root, "etc/smtpd.conf"), `${config}\n${rest}`);
  return startMailServer(["chroot", root, "/usr/sbin/smtpd", "-d"], port);
}
