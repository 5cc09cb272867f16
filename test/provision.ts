/**
 * Installs what the tests need and the machine lacks, in one apt call. Runs before vitest in `npm test`. Each row: the
 * program whose absence says that the package is missing. Tests of a program that cannot be had fail and name it.
 */
import { existsSync } from "node:fs";
import { provideKubernetesTools } from "./support/kubernetes/provide.ts";
import { provideSite } from "../site/provide.ts";
import { provideMailServers } from "./support/mail-servers/provide.ts";
import { canInstallDebianPackages, findProgram, installDebianPackages } from "../src/machine/apt.ts";

const NEEDED: readonly { readonly packageName: string; readonly program: string; readonly why: string }[] = [
  { packageName: "redis-server", program: "redis-server", why: "every test of the queues" },
  { packageName: "postfix", program: "postfix", why: "real bounces, smtp-source as load generator" },
  { packageName: "postgresql", program: "/usr/lib/postgresql", why: "the log and the suppression list on PostgreSQL" },
  { packageName: "chromium", program: "chromium", why: "the pages in a real browser" },
  { packageName: "dovecot-imapd", program: "/usr/lib/dovecot/imap", why: "reading bounces from an IMAP mailbox" },
  { packageName: "haproxy", program: "haproxy", why: "listeners behind a load balancer" },
  { packageName: "systemd", program: "systemd-analyze", why: "the unit file" },
  { packageName: "systemd-journal-remote", program: "/lib/systemd/systemd-journal-remote", why: "logs in the journal" },
  { packageName: "python3", program: "python3", why: "receiving webhooks in Python" },
  { packageName: "php-cli", program: "php", why: "receiving webhooks in PHP" },
  { packageName: "golang-go", program: "go", why: "receiving webhooks in Go" },
  { packageName: "ruby", program: "ruby", why: "receiving webhooks in Ruby" },
  { packageName: "zsh", program: "zsh", why: "completion in zsh" },
  { packageName: "fish", program: "fish", why: "completion in fish" },
  { packageName: "man-db", program: "man", why: "the manual page" },
  { packageName: "m4", program: "m4", why: "sendmail's configuration" },
  { packageName: "libidn12", program: "/usr/share/doc/libidn12", why: "Exim" },
  { packageName: "libgnutls-dane0", program: "/usr/share/doc/libgnutls-dane0", why: "Exim" },
  { packageName: "libevent-2.1-7", program: "/usr/share/doc/libevent-2.1-7", why: "OpenSMTPD" },
  { packageName: "libsasl2-2", program: "/usr/share/doc/libsasl2-2", why: "sendmail" },
  { packageName: "libldap-2.5-0", program: "/usr/share/doc/libldap-2.5-0", why: "sendmail" },
  { packageName: "libwrap0", program: "/usr/share/doc/libwrap0", why: "sendmail" },
  { packageName: "python3-django", program: "/usr/lib/python3/dist-packages/django", why: "docs/stacks/django.md" },
  { packageName: "ruby-actionmailer", program: "/usr/share/doc/ruby-actionmailer", why: "docs/stacks/rails.md" },
  {
    packageName: "php-symfony-mailer",
    program: "/usr/share/php/Symfony/Component/Mailer",
    why: "docs/stacks/laravel.md",
  },
  { packageName: "python3-redis", program: "/usr/lib/python3/dist-packages/redis", why: "the example in Python" },
];

const isThere = (program: string): boolean =>
  program.startsWith("/") ? existsSync(program) : findProgram(program) !== null;
const missing = NEEDED.filter(({ program }) => !isThere(program));
const names = missing.map(({ packageName }) => packageName);
const isOff = /^(0|no|off|false)$/i.test(process.env["BOUNCED_PROVISION"] ?? "");
if (missing.length > 0 && canInstallDebianPackages() && !isOff) {
  console.log(`Installing what the tests need: ${names.join(", ")} (BOUNCED_PROVISION=0 prevents this) ...`);
  installDebianPackages(names);
} else if (missing.length > 0) {
  console.log("The tests need programs that are not here:");
  for (const { packageName, why } of missing) console.log(`  ${packageName}: ${why}`);
  console.log(`On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${names.join(" ")}`);
}
// Exim, OpenSMTPD and sendmail conflict with Postfix, so these are only downloaded.
if (canInstallDebianPackages() && !isOff) provideMailServers();
if (!isOff) {
  provideKubernetesTools();
  provideSite();
}
