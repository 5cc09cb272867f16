import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { PeerCertificate } from "node:tls";
import type { Config } from "../config/config.ts";
import { messageOf } from "../machine/error-message.ts";
import { createReturnPath } from "../return-path/create.ts";
import { returnPathSettingsOf } from "../return-path/settings.ts";
import { fail, isLocalName, ok, skip, warn, type Check, type Finding } from "./check.ts";
import { openDialogue, type SmtpDialogue } from "../smtp/dialogue.ts";

const DAY_MS = 86_400_000;
const RENEW_DAYS = 14;

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
    const names = certificate.subjectAltName ?? certificate.subject;
    return [judgeExpiry("tls", `the certificate for ${names}`, certificate.validTo, now)];
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

function judgeExpiry(id: string, what: string, validTo: string, now: number): Finding {
  const daysLeft = Math.floor((Date.parse(validTo) - now) / DAY_MS);
  const todo = "renew it; a running service picks up the new file automatically";
  if (daysLeft < 0) return fail(id, `${what} ran out on ${validTo}`, todo);
  if (daysLeft < RENEW_DAYS) return warn(id, `${what} runs out in ${daysLeft} days`, todo);
  return ok(id, `${what} is valid for ${daysLeft} days`);
}

export const checkPort25: Check = async ({ config }) => {
  if (config.BOUNCED_SMTP_PORT === 25) return [ok("port-25", "the listener is on port 25")];
  if (config.BOUNCED_DOMAINS.every(isLocalName)) return [skip("port-25", "configured for use on this machine only")];
  return [
    warn(
      "port-25",
      `senders on the internet deliver to port 25, the listener is at ${config.BOUNCED_SMTP_HOST}:${config.BOUNCED_SMTP_PORT}`,
      "set BOUNCED_SMTP_HOST=0.0.0.0 and BOUNCED_SMTP_PORT=25, or forward port 25 to it (docs/proof.md)",
    ),
  ];
};

/** Talks to the running listener as a sender would, up to RCPT: greeting, domains, return paths, certificate. */
export const checkListener: Check = async ({ config, now }) => {
  const { BOUNCED_SMTP_HOST: given, BOUNCED_SMTP_PORT: port } = config;
  const host = given === "0.0.0.0" || given === "::" ? "127.0.0.1" : given;
  const place = `${given}:${port}`;
  let dialogue: SmtpDialogue;
  try {
    dialogue = await openDialogue(host, port);
  } catch (error) {
    const todo = "start the service:  bounced serve";
    return [warn("smtp-listener", `nothing answers at ${place} (${messageOf(error)})`, todo)];
  }
  try {
    return await examine(dialogue, place, config, now);
  } finally {
    dialogue.close();
  }
};

async function examine(dialogue: SmtpDialogue, place: string, config: Config, now: number): Promise<Finding[]> {
  const { greeting } = dialogue;
  if (greeting === null)
    return [
      config.BOUNCED_PROXY_PROTOCOL.length > 0
        ? skip("smtp-listener", `${place} waits for a PROXY header (BOUNCED_PROXY_PROTOCOL)`)
        : fail("smtp-listener", `${place} accepts connections but sends no greeting`, "see the service's log"),
    ];
  if (!/^220 .*\bbounced\b/.test(greeting))
    return [
      fail(
        "smtp-listener",
        `another program answers at ${place}: ${greeting}`,
        "stop it, or choose another BOUNCED_SMTP_PORT",
      ),
    ];
  const found = [ok("smtp-listener", `${place} answers: ${greeting}`)];
  await dialogue.command("EHLO doctor.localhost");
  const start = await dialogue.command("MAIL FROM:<>");
  if (!start.startsWith("250")) {
    const todo = "see redis and redis-memory above; senders keep their mail and try again";
    return [...found, fail("smtp-accept", `the listener defers all mail: ${start}`, todo)];
  }
  const domains = await checkDomains(dialogue, config);
  found.push(domains);
  if (domains.state === "ok") found.push(...(await checkKeys(dialogue, config, now)));
  await dialogue.command("RSET");
  const offered = await dialogue.command("STARTTLS");
  if (offered.startsWith("220")) {
    const shown: PeerCertificate = await dialogue.startTls();
    found.push(judgeExpiry("starttls", "the certificate of the listener", shown.valid_to, now));
  } else found.push(fail("starttls", `the listener refuses STARTTLS: ${offered}`, "see the service's log"));
  return found;
}

async function checkDomains(dialogue: SmtpDialogue, { BOUNCED_DOMAINS }: Config): Promise<Finding> {
  const refused: string[] = [];
  for (const domain of BOUNCED_DOMAINS) {
    const reply = await dialogue.command(`RCPT TO:<postmaster@${domain}>`);
    if (!reply.startsWith("250")) refused.push(`${domain} (${reply})`);
  }
  return refused.length === 0
    ? ok("smtp-domains", `the listener accepts mail for ${BOUNCED_DOMAINS.join(", ")}`)
    : fail(
        "smtp-domains",
        `the running listener rejects mail for ${refused.join(", ")}`,
        "it was started with other settings than doctor sees: give both the same BOUNCED_DOMAINS and start it again",
      );
}

/** An address signed with our key must be one that the listener takes, or every bounce is refused. */
async function checkKeys(dialogue: SmtpDialogue, config: Config, now: number): Promise<Finding[]> {
  const [domain] = config.BOUNCED_DOMAINS;
  if (config.BOUNCED_SECRET.length === 0 || domain === undefined) return [];
  const returnPath = createReturnPath({ domain, tag: "doctor" }, returnPathSettingsOf(config), new Date(now));
  const reply = await dialogue.command(`RCPT TO:<${returnPath}>`);
  return [
    reply.startsWith("250")
      ? ok("signed-return-path", `the listener accepts a return path signed just now`)
      : fail(
          "signed-return-path",
          `the running listener refuses a return path signed with this BOUNCED_SECRET: ${reply}`,
          "give the listener and whoever signs the same BOUNCED_SECRET; an old key stays in the list, behind the new one",
        ),
  ];
}

export const checkSecret: Check = async ({ config }) => {
  const { BOUNCED_SECRET: keys } = config;
  const id = "return-path-keys";
  const todo = "set BOUNCED_SECRET to a long random value:  openssl rand -hex 32";
  if (keys.length === 0)
    return [
      warn(
        id,
        "no key yet: bounced makes one in its data directory when it starts",
        "start bounced, or set BOUNCED_SECRET",
      ),
    ];
  if (keys.some((key) => key.length < 32)) return [warn(id, "a return-path key is shorter than 32 characters", todo)];
  if (keys.some((key) => new Set(key).size < 10)) return [warn(id, "a return-path key can be guessed", todo)];
  const others = keys.length > 1 ? `, ${keys.length - 1} older verify as well` : "";
  return [ok(id, `the first key signs${others}; addresses are valid for ${config.file.returnPath.maxAgeDays} days`)];
};
