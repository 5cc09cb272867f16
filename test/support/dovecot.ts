/** A throw-away Dovecot on a free port: one Maildir, any user, one password, which is the OAuth2 token too. */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:net";
import { generate } from "selfsigned";
import { findProgram } from "../../src/machine/apt.ts";

/** Dovecot serves nobody's mail as root. */
const NOBODY = 65_534;

export interface TestDovecot {
  readonly port: number;
  readonly tlsPort: number;
  /** PEM, for `caFile`. */
  readonly caFile: string;
  readonly password: string;
  /** Puts a message into a folder as an MTA would. */
  deliver(user: string, message: string, folder?: string): void;
  /** Names of the messages in a folder, with their flags; `new` first. */
  messages(user: string, folder?: string): readonly string[];
  /** Forgets the UIDs of a user's folder, so that UIDVALIDITY changes. */
  renumber(user: string): void;
  stop(): Promise<void>;
}

export async function startTestDovecot(): Promise<TestDovecot> {
  const program = findProgram("dovecot");
  if (!program) throw new Error("dovecot is not installed: apt-get install --no-install-recommends dovecot-imapd");
  const root = mkdtempSync(join(tmpdir(), "bounced-dovecot-"));
  // Dovecot's own users must get at its sockets.
  chmodSync(root, 0o755);
  const [port, tlsPort] = [await freePort(), await freePort()];
  const { username, uid, gid } = userInfo();
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  writeFileSync(join(root, "key.pem"), key, { mode: 0o600 });
  writeFileSync(join(root, "cert.pem"), cert);
  const password = "s3cret-token";
  const config = join(root, "dovecot.conf");
  writeFileSync(
    config,
    `protocols = imap
base_dir = ${root}/run
state_dir = ${root}/state
log_path = ${root}/log
default_internal_user = ${uid === 0 ? "dovecot" : username}
default_internal_group = ${uid === 0 ? "dovecot" : username}
default_login_user = ${uid === 0 ? "dovenull" : username}
first_valid_uid = 0
first_valid_gid = 0
ssl = yes
ssl_cert = <${root}/cert.pem
ssl_key = <${root}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
mail_location = maildir:${root}/mail/%u
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${uid || NOBODY} gid=${gid || NOBODY} home=${root}/home/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = ${tlsPort}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`,
  );
  const child = spawn(program, ["-F", "-c", config], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await answering(
    port,
    () => child.exitCode === null,
    () => said,
  );
  let count = 0;
  open(join(root, "home"));
  open(join(root, "mail"));
  const pathOf = (user: string, folder?: string): string => {
    const maildir = join(root, "mail", user, folder === undefined ? "." : `.${folder}`);
    open(join(root, "mail", user));
    for (const path of [maildir, ...["cur", "new", "tmp"].map((name) => join(maildir, name))]) open(path);
    return maildir;
  };
  return {
    port,
    tlsPort,
    caFile: join(root, "cert.pem"),
    password,
    deliver(user, message, folder) {
      const maildir = pathOf(user, folder);
      const name = `${1_795_000_000 + ++count}.M${count}.test`;
      writeFileSync(join(maildir, "tmp", name), message);
      renameSync(join(maildir, "tmp", name), join(maildir, "new", name));
    },
    messages(user, folder) {
      const maildir = pathOf(user, folder);
      return ["new", "cur"].flatMap((name) => readdirSync(join(maildir, name)).toSorted());
    },
    renumber(user) {
      for (const name of readdirSync(pathOf(user)))
        if (name.startsWith("dovecot")) rmSync(join(pathOf(user), name), { recursive: true });
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A folder where Dovecot, which reads mail as nobody, may write. */
function open(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

async function answering(port: number, isAlive: () => boolean, said: () => string): Promise<void> {
  for (let tries = 0; tries < 200 && isAlive(); tries++) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`dovecot does not answer: ${said()}`);
}
