/** Section `dkim` of bounced.yaml: whose signatures in returned mail are ours, and where their keys are. */
import { createPublicKey } from "node:crypto";
import ipaddr from "ipaddr.js";
import { z } from "zod";
import type { DkimSettings } from "../core/index.ts";
import { readTags } from "../machine/tag-list.ts";

const name = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9_](?:[a-z0-9._-]{0,250}[a-z0-9])?$/, "expected letters, digits, hyphens and dots");

export const dkimSchema = z.strictObject({
  /** `d=` of your signatures, exactly; empty: off. Default: the bounce domains and those above them. */
  domains: z.array(name).optional(),
  /** Keys that are asked before DNS: of selectors that left it, or of machines without DNS. */
  keys: z
    .array(
      z.strictObject({
        selector: name,
        domain: name,
        /** The TXT record, or the public key in PEM or base64. */
        key: z.string().refine(isPublicKey, "expected a DKIM key record, or a public key in PEM or base64"),
      }),
    )
    .default([]),
  /** Ask DNS for keys that are not among them. */
  lookup: z.boolean().default(true),
  /** Servers of yours that write reports, and through which no mail of strangers comes: addresses or networks. */
  reporters: z
    .array(
      z
        .string()
        .refine(
          (value) => ipaddr.isValidCIDR(value) || ipaddr.isValid(value),
          "expected an IP address, or a network such as 192.0.2.0/24",
        ),
    )
    .default([]),
  /** A signature older than this proves nothing. */
  maxAgeDays: z.number().int().min(1).max(365).default(30),
});

/**
 * Whose signatures are ours where nothing is configured: the bounce domains and the domains above them. Whoever has a
 * domain above ours decides what ours is anyway; a domain below may be a customer's.
 */
export const signingDomainsOf = (bounceDomains: readonly string[]): readonly string[] => [
  ...new Set(
    bounceDomains.flatMap((domain) => {
      const labels = domain.toLowerCase().split(".");
      return labels.slice(0, -1).map((_, at) => labels.slice(at).join("."));
    }),
  ),
];

export const dkimSettingsOf = (
  { domains, keys, maxAgeDays }: z.infer<typeof dkimSchema>,
  bounceDomains: readonly string[],
): DkimSettings => ({
  domains: domains ?? signingDomainsOf(bounceDomains),
  maxAgeDays,
  keys: new Map(keys.map(({ selector, domain, key }) => [`${selector}._domainkey.${domain}`, key])),
});

/** Whether a server of ours brought it, by the address that it came from. */
export function reporterTest(reporters: z.infer<typeof dkimSchema>["reporters"]): (remoteAddress: string) => boolean {
  const networks = reporters.map((entry) => {
    const [address, bits] = ipaddr.isValidCIDR(entry) ? ipaddr.parseCIDR(entry) : [ipaddr.process(entry), null];
    return { address, bits: bits ?? (address.kind() === "ipv4" ? 32 : 128) };
  });
  return (remoteAddress) => {
    if (networks.length === 0 || !ipaddr.isValid(remoteAddress)) return false;
    const remote = ipaddr.process(remoteAddress);
    return networks.some(
      ({ address, bits }) => address.kind() === remote.kind() && remote.match([address, bits] as never),
    );
  };
}

function isPublicKey(text: string): boolean {
  const base64 = readTags(text)?.get("p") ?? text.replace(/-----[A-Z ]{1,40}-----/g, "");
  const octets = Buffer.from(base64, "base64");
  // Ed25519, RFC 8463.
  if (octets.length === 32) return true;
  try {
    return createPublicKey({ key: octets, format: "der", type: "spki" }).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}
