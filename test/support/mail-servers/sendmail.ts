/** sendmail of Debian in a root of its own, its configuration made by m4 as an administrator makes it. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../postfix.ts";
import { provideRoot } from "./provide.ts";
import { startMailServer, type MailServer } from "./server.ts";

export interface SendmailOptions {
  readonly remotePort: number;
  /** Lines of sendmail.mc. */
  readonly macros: string;
  readonly mailertable: string;
}

export async function startSendmail({ remotePort, macros, mailertable }: SendmailOptions): Promise<MailServer> {
  const root = provideRoot("sendmail");
  const port = await freePort();
  rmSync(join(root, "var/spool/mqueue"), { recursive: true, force: true });
  for (const path of ["var/spool/mqueue", "etc/mail"]) mkdirSync(join(root, path), { recursive: true });
  for (const path of ["", "etc", "etc/mail", "var", "var/spool"]) chmodSync(join(root, path), 0o755);
  const cf = join(root, "usr/share/sendmail/cf/");
  const source = `divert(0)dnl
include(\`${cf}m4/cf.m4')dnl
OSTYPE(\`linux')dnl
FEATURE(\`no_default_msa')dnl
FEATURE(\`nocanonify')dnl
FEATURE(\`accept_unresolvable_domains')dnl
FEATURE(\`relay_local_from')dnl
DAEMON_OPTIONS(\`Family=inet, Name=MTA, Port=${port}, Addr=127.0.0.1')dnl
define(\`confDOMAIN_NAME', \`mta.sender.example')dnl
define(\`confSERVICE_SWITCH_FILE', \`/etc/mail/service.switch')dnl
define(\`confPID_FILE', \`/tmp/sendmail.pid')dnl
define(\`ESMTP_MAILER_ARGS', \`TCP $h ${remotePort}')dnl
define(\`SMART_HOST', \`esmtp:[127.0.0.1]')dnl
${macros}
MAILER(\`smtp')dnl
`;
  const made = execFileSync("m4", [`-D_CF_DIR_=${cf}`, "-"], { input: source, encoding: "utf8", stdio: "pipe" });
  writeFileSync(join(root, "etc/mail/sendmail.cf"), made);
  writeFileSync(join(root, "etc/mail/access"), "");
  writeFileSync(join(root, "etc/mail/service.switch"), "hosts files\n");
  writeFileSync(join(root, "etc/mail/mailertable"), mailertable);
  const makemap = ["/usr/libexec/sendmail/makemap", "hash", "/etc/mail/mailertable"];
  execFileSync("chroot", [root, ...makemap], { input: mailertable });
  return startMailServer(["chroot", root, "/usr/libexec/sendmail/sendmail", "-bD", "-q5m"], port);
}
