/** Headers of mail that the bench's sender signed with DKIM before it came back; the key is in the environment. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { signed } from "../test/support/dkim.ts";

export const SIGNER = "sender.example";
export const KEY_VARIABLE = "BENCH_DKIM_KEY";
/** So many are signed beforehand: signing costs more than reading. */
export const SIGNED_RECIPIENTS = 200;

export const newSigningKey = (): string =>
  generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" });

export const publicRecordOf = (pem: string): string =>
  `v=DKIM1; k=rsa; p=${createPublicKey(pem).export({ type: "spki", format: "der" }).toString("base64")}`;

export interface ReturnedHeader {
  readonly recipient: string;
  /** Lines with CRLF between them. */
  readonly header: string;
}

/** `isProof` false: the same octets in a field that says nothing. */
export function returnedHeaders(pem: string, isProof: boolean): readonly ReturnedHeader[] {
  const key = { privateKey: createPrivateKey(pem), record: "" };
  return Array.from({ length: SIGNED_RECIPIENTS }, (_, at) => {
    const recipient = `signed-${at}@example.org`;
    const fields = [
      "From: News <news@sender.example>",
      `To: ${recipient}`,
      "Subject: Your order has shipped",
      `Date: ${new Date().toUTCString()}`,
      `Message-ID: <signed-${at}@sender.example>`,
    ];
    const header = signed(fields, { key, domain: SIGNER });
    return { recipient, header: isProof ? header : header.replace("DKIM-Signature:", "X-Was-Signature:") };
  });
}
