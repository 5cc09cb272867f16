/**
 * The envelope of Amazon SNS: its signature by the published way (SNS developer guide, "Verifying the signatures of
 * Amazon SNS messages"), and the confirmation of a subscription. Addresses in a message are followed to SNS alone.
 */
import { createVerify, X509Certificate, type KeyObject } from "node:crypto";
import { remember } from "../machine/bounded-map.ts";
import { objectIn, text, type JsonObject } from "./provider-event.ts";

/** The text of an https address, of a status of 200. Rejects otherwise. */
export type FetchText = (url: string) => Promise<string>;

/** The signature is no good, or the address is none of SNS: nobody tries again. */
export class NotFromSns extends Error {
  override name = "NotFromSns";
}

export interface Sns {
  /** Resolves if it is signed by SNS. Rejects with NotFromSns; with another error where nobody knows. */
  verify(message: JsonObject): Promise<void>;
  confirm(message: JsonObject): Promise<void>;
}

/** aws.amazon.com, and the partition in China. */
const HOST = /^sns\.[a-z]{2}(?:-[a-z]+)+-\d{1,2}\.amazonaws\.com(?:\.cn)?$/;
const MAX_CERTIFICATES = 16;
const MAX_OCTETS = 64 * 1024;
const TIMEOUT_MS = 8000;

export const isSnsEnvelope = (message: JsonObject): boolean =>
  text(message["TopicArn"]) !== undefined && text(message["Type"]) !== undefined;

export function createSns(fetchText: FetchText = fetchLimited, now: () => number = Date.now): Sns {
  const certificates = new Map<string, X509Certificate>();

  async function keyAt(address: unknown): Promise<KeyObject> {
    const url = snsUrl(address, "SigningCertURL");
    if (!url.pathname.endsWith(".pem")) throw new NotFromSns("SigningCertURL: expected a certificate");
    let certificate = certificates.get(url.href);
    if (!certificate) {
      certificate = readCertificate(await fetchText(url.href));
      remember(certificates, url.href, certificate, MAX_CERTIFICATES);
    }
    if (certificate.validToDate.getTime() < now()) {
      certificates.delete(url.href);
      throw new NotFromSns("the certificate at SigningCertURL has expired");
    }
    return certificate.publicKey;
  }

  return {
    async verify(message) {
      const digest = DIGESTS.get(text(message["SignatureVersion"]) ?? "");
      const fields = SIGNED.get(text(message["Type"]) ?? "");
      if (!digest || !fields) throw new NotFromSns("expected SignatureVersion 1 or 2, and a Type of SNS");
      const signature = Buffer.from(text(message["Signature"]) ?? "", "base64");
      const key = await keyAt(message["SigningCertURL"]);
      if (!createVerify(digest).update(signedText(message, fields), "utf8").verify(key, signature))
        throw new NotFromSns("Signature: does not match");
    },
    async confirm(message) {
      const url = snsUrl(message["SubscribeURL"], "SubscribeURL");
      if (url.searchParams.get("Action") !== "ConfirmSubscription")
        throw new NotFromSns("SubscribeURL: expected Action=ConfirmSubscription");
      await fetchText(url.href);
    },
  };
}

const DIGESTS: ReadonlyMap<string, string> = new Map([
  ["1", "RSA-SHA1"],
  ["2", "RSA-SHA256"],
]);
const CONFIRMATION = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
const SIGNED: ReadonlyMap<string, readonly string[]> = new Map([
  ["Notification", ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]],
  ["SubscriptionConfirmation", CONFIRMATION],
  ["UnsubscribeConfirmation", CONFIRMATION],
]);

const signedText = (message: JsonObject, fields: readonly string[]): string =>
  fields.flatMap((field) => (typeof message[field] === "string" ? [`${field}\n${message[field]}\n`] : [])).join("");

function snsUrl(address: unknown, field: string): URL {
  const url = URL.parse(text(address) ?? "");
  const isSns = url?.protocol === "https:" && url.port === "" && url.username === "" && HOST.test(url.hostname);
  if (!isSns) throw new NotFromSns(`${field}: expected an https address of sns.<region>.amazonaws.com`);
  return url;
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new NotFromSns("SigningCertURL: no certificate there", { cause });
  }
}

async function fetchLimited(address: string): Promise<string> {
  const response = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_OCTETS) throw new Error(`${new URL(address).host} answered with too much`);
    chunks.push(chunk);
  }
  if (response.status !== 200) throw new Error(`${new URL(address).host} answered ${response.status}`);
  return Buffer.concat(chunks).toString("utf8");
}

/** What SNS carries: JSON as text. */
export function carriedBy(message: JsonObject): unknown {
  try {
    return JSON.parse(text(message["Message"]) ?? "");
  } catch {
    // A topic may carry any text.
    return objectIn(null);
  }
}
