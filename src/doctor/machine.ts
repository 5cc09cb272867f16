import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { mkdir, statfs } from "node:fs/promises";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { connect } from "node:net";
import { messageOf } from "../error-message.ts";
import { fail, ok, skip, warn, type Check } from "./check.ts";

const GIB = 1024 ** 3;
const DAY_MS = 86_400_000;

export const checkDisk: Check = async ({ config }) => {
  try {
    await mkdir(config.dataDir, { recursive: true });
    accessSync(config.dataDir, constants.W_OK);
    const { bavail, bsize, blocks } = await statfs(config.dataDir);
    const free = bavail * bsize;
    const text = `${config.dataDir} has ${(free / GIB).toFixed(1)} GiB free`;
    const todo = "free some space, or move BOUNCED_DATA_DIR: with a full disk every sender gets 451";
    if (free < 0.25 * GIB) return [fail("disk", text, todo)];
    return [free < GIB || bavail < 0.05 * blocks ? warn("disk", text, todo) : ok("disk", text)];
  } catch (error) {
    return [
      fail(
        "disk",
        `cannot write to ${config.dataDir}: ${messageOf(error)}`,
        "create it and give it to the user that runs bounced, or set BOUNCED_DATA_DIR",
      ),
    ];
  }
};

export const checkTls: Check = async ({ config, now }) => {
  const { BOUNCED_TLS_CERT: certFile, BOUNCED_TLS_KEY: keyFile } = config;
  if (!certFile || !keyFile)
    return [
      warn(
        "tls",
        "STARTTLS uses a self-signed certificate",
        "fine for bounces; senders that insist on a valid one (MTA-STS, DANE) need BOUNCED_TLS_CERT and BOUNCED_TLS_KEY",
      ),
    ];
  try {
    const certificate = new X509Certificate(readFileSync(certFile));
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile))))
      return [fail("tls", `${keyFile} is not the key of ${certFile}`, "set both to files of the same pair")];
    const daysLeft = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
    const names = certificate.subjectAltName ?? certificate.subject;
    if (daysLeft < 0)
      return [
        fail(
          "tls",
          `the certificate ran out on ${certificate.validTo}`,
          "renew it; a running service takes the new file by itself",
        ),
      ];
    if (daysLeft < 14)
      return [
        warn(
          "tls",
          `the certificate runs out in ${daysLeft} days`,
          "renew it; a running service takes the new file by itself",
        ),
      ];
    return [ok("tls", `certificate for ${names}, valid for ${daysLeft} days`)];
  } catch (error) {
    return [
      fail(
        "tls",
        `cannot use the certificate: ${messageOf(error)}`,
        "BOUNCED_TLS_CERT and BOUNCED_TLS_KEY must be PEM files that this user may read",
      ),
    ];
  }
};

export const checkSecret: Check = async ({ config }) => {
  const [first] = config.BOUNCED_SECRET;
  const todo = "set BOUNCED_SECRET to a long random value:  openssl rand -hex 32";
  if (!first)
    return [
      warn(
        "return-path-keys",
        "no key: return paths are not signed, so a forged bounce cannot be told from a real one",
        todo,
      ),
    ];
  if (config.BOUNCED_SECRET.some((secret) => secret.length < 32))
    return [warn("return-path-keys", "a return-path key is shorter than 32 characters", todo)];
  return [ok("return-path-keys", `${config.BOUNCED_SECRET.length} key(s), the first one signs`)];
};

/** Asks whoever listens on the SMTP port for its greeting. */
export const checkListener: Check = ({ config }) =>
  new Promise((resolve) => {
    const place = `${config.BOUNCED_SMTP_HOST}:${config.BOUNCED_SMTP_PORT}`;
    const host =
      config.BOUNCED_SMTP_HOST === "0.0.0.0" || config.BOUNCED_SMTP_HOST === "::"
        ? "127.0.0.1"
        : config.BOUNCED_SMTP_HOST;
    const socket = connect({ host, port: config.BOUNCED_SMTP_PORT, timeout: 3000 });
    const done = (finding: Awaited<ReturnType<Check>>[number]): void => {
      socket.destroy();
      resolve([finding]);
    };
    socket.on("data", (data) => {
      const greeting = data.toString("latin1").split("\r\n", 1)[0] ?? "";
      if (greeting.startsWith("220")) done(ok("smtp-listener", `${place} answers: ${greeting}`));
      else
        done(
          fail(
            "smtp-listener",
            `${place} answers: ${greeting}`,
            "another program may have the port: choose another BOUNCED_SMTP_PORT",
          ),
        );
    });
    socket.on("timeout", () =>
      done(fail("smtp-listener", `${place} takes connections but does not greet`, "see the service's log")),
    );
    socket.on("error", (error) =>
      done(
        warn("smtp-listener", `nothing answers at ${place} (${messageOf(error)})`, "start the service:  bounced serve"),
      ),
    );
  });

export const checkPort25: Check = async ({ config }) => {
  if (config.BOUNCED_SMTP_PORT === 25) return [ok("port-25", "the listener is on port 25")];
  const local = config.BOUNCED_SMTP_HOST === "127.0.0.1" || config.BOUNCED_SMTP_HOST === "localhost";
  if (local && config.BOUNCED_DOMAINS.every((domain) => domain.includes("localhost")))
    return [skip("port-25", "set up for trying out on this machine only")];
  return [
    warn(
      "port-25",
      `senders on the internet deliver to port 25, the listener is at ${config.BOUNCED_SMTP_HOST}:${config.BOUNCED_SMTP_PORT}`,
      "set BOUNCED_SMTP_HOST=0.0.0.0 and BOUNCED_SMTP_PORT=25, or lead port 25 there (docs/operating.md)",
    ),
  ];
};

export const checkRuleFiles: Check = async ({ config }) =>
  config.BOUNCED_RULES === undefined || existsSync(config.BOUNCED_RULES)
    ? []
    : [
        fail(
          "rules",
          `BOUNCED_RULES names ${config.BOUNCED_RULES}, which does not exist`,
          "correct the path, or unset it",
        ),
      ];
