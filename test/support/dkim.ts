/** Signs header blocks as a sender does (RFC 6376, relaxed), by other code than what verifies them. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

export interface TestKey {
  readonly privateKey: KeyObject;
  /** The TXT record. */
  readonly record: string;
}

export function rsaKey(bits = 2048): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  return {
    privateKey,
    record: `v=DKIM1; k=rsa; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`,
  };
}

export function ed25519Key(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  return { privateKey, record: `v=DKIM1; k=ed25519; p=${raw.toString("base64")}` };
}

interface Signing {
  readonly key: TestKey;
  readonly domain: string;
  readonly selector?: string;
  /** `h=`. */
  readonly fields?: string;
  /** Further tags, `l=10`. */
  readonly tags?: string;
  readonly time?: Date;
}

/** The same fields, lines with CRLF between them, below a DKIM-Signature of them. */
export function signed(
  header: readonly string[],
  { key, domain, selector = "s1", fields = "from:to:cc:subject:date:message-id", tags, time = new Date() }: Signing,
): string {
  const isRsa = key.privateKey.asymmetricKeyType === "rsa";
  const unsigned = [
    `DKIM-Signature: v=1; a=${isRsa ? "rsa" : "ed25519"}-sha256; c=relaxed/relaxed; d=${domain}; s=${selector};`,
    ` t=${Math.floor(time.getTime() / 1000)};${tags ? ` ${tags};` : ""} h=${fields};`,
    " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=",
  ].join("\r\n");
  const left = header.map((text) => text.replace(/\r\n/g, ""));
  const chosen = fields.split(":").flatMap((name) => {
    const at = left.findLastIndex((text) => text.toLowerCase().startsWith(`${name}:`));
    return at < 0 ? [] : left.splice(at, 1);
  });
  const data = [...chosen, unsigned.replace(/\r\n/g, "")]
    .map((text) => {
      const colon = text.indexOf(":");
      return `${text.slice(0, colon).toLowerCase()}:${text
        .slice(colon + 1)
        .trim()
        .replace(/[ \t]+/g, " ")}`;
    })
    .join("\r\n");
  const signature = isRsa
    ? sign("sha256", Buffer.from(data), key.privateKey)
    : sign(null, createHash("sha256").update(data).digest(), key.privateKey);
  return [unsigned + signature.toString("base64").replace(/.{64}(?=.)/g, "$&\r\n "), ...header].join("\r\n");
}
