/** The certificate of STARTTLS: the operator's, read again when its files change, or a self-signed one made at first start. */
import { X509Certificate } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, unwatchFile, watchFile, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { generate } from "selfsigned";
import { messageOf } from "../machine/error-message.ts";
import { onReload } from "../machine/reload.ts";

const WATCH_MS = 5000;
const TEN_YEARS_MS = 3650 * 86_400_000;

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateSource {
  readonly certificate: Certificate;
  readonly isSelfSigned: boolean;
  /** Of the one in use now, milliseconds since 1970. */
  expiresAt(): number;
  /** Calls back with the new certificate when the operator's files have changed and fit together. Returns how to stop. */
  watch(onChange: (certificate: Certificate) => void, onError: (error: unknown) => void, everyMs?: number): () => void;
}

/** Of the configuration. */
export interface TlsConfig {
  readonly BOUNCED_TLS_CERT?: string | undefined;
  readonly BOUNCED_TLS_KEY?: string | undefined;
  readonly BOUNCED_DOMAINS: readonly string[];
  readonly dataDir: string;
}

export async function openCertificate(config: TlsConfig): Promise<CertificateSource> {
  const { BOUNCED_TLS_CERT: certFile, BOUNCED_TLS_KEY: keyFile } = config;
  if (!certFile || !keyFile) {
    const certificate = await ownCertificate(config);
    return { certificate, isSelfSigned: true, expiresAt: () => expiryOf(certificate), watch: () => () => undefined };
  }
  const read = (): Certificate => {
    const certificate = { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
    createSecureContext(certificate);
    return certificate;
  };
  // Mail in plain text and with a self-signed certificate is better than no mail: senders verify neither by default.
  const first = await readFirst(read, config);
  let current = first;
  return {
    certificate: first,
    isSelfSigned: false,
    expiresAt: () => expiryOf(current),
    watch(onChange, onError, everyMs = WATCH_MS) {
      // Certificate managers write two files one after the other: between the two they do not fit together.
      const reload = (): void => {
        try {
          current = read();
          onChange(current);
        } catch (error) {
          onError(error);
        }
      };
      const stopReloading = onReload(reload);
      for (const file of [certFile, keyFile]) watchFile(file, { interval: everyMs, persistent: false }, reload);
      return () => {
        stopReloading();
        for (const file of [certFile, keyFile]) unwatchFile(file, reload);
      };
    },
  };
}

async function readFirst(
  read: () => Certificate,
  config: Pick<TlsConfig, "BOUNCED_DOMAINS" | "dataDir">,
): Promise<Certificate> {
  try {
    return read();
  } catch {
    return ownCertificate(config);
  }
}

/** Why the operator's certificate cannot be used; null if it can, or where there is none. */
export function certificateProblem({
  BOUNCED_TLS_CERT: certFile,
  BOUNCED_TLS_KEY: keyFile,
}: Pick<TlsConfig, "BOUNCED_TLS_CERT" | "BOUNCED_TLS_KEY">): string | null {
  if (!certFile || !keyFile) return null;
  try {
    createSecureContext({ cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") });
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

const expiryOf = ({ cert }: Certificate): number => Date.parse(new X509Certificate(cert).validTo);

async function ownCertificate({
  dataDir,
  BOUNCED_DOMAINS,
}: Pick<TlsConfig, "BOUNCED_DOMAINS" | "dataDir">): Promise<Certificate> {
  const certFile = join(dataDir, "smtp-cert.pem");
  const keyFile = join(dataDir, "smtp-key.pem");
  if (existsSync(certFile) && existsSync(keyFile))
    return { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
  const made = await generate([{ name: "commonName", value: BOUNCED_DOMAINS[0] ?? "localhost" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + TEN_YEARS_MS),
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "subjectAltName", altNames: BOUNCED_DOMAINS.map((value) => ({ type: 2, value })) },
    ],
  });
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(keyFile, made.private, { mode: 0o600 });
  chmodSync(keyFile, 0o600);
  writeFileSync(certFile, made.cert);
  return { cert: made.cert, key: made.private };
}
