/**
 * What may stay of an erased address: a keyed digest, by which it is recognised when somebody asks for it and from which
 * nobody gets it back without the key. The entry on the list names the digest; the address stands nowhere.
 */
import { createHmac } from "node:crypto";

const PREFIX = "hmac:";
const BAN = /^hmac:[0-9a-f]{8}:[0-9a-f]{64}$/;

/** `hmac:<which key>:<digest>` */
export const isBan = (value: string): boolean => BAN.test(value);

/** Every ban, and nothing else, is between these. */
export const BANS_FROM = PREFIX;
export const BANS_TO = "hmac;";

export interface Bans {
  /** The digest of an address, made with the signing key. Null: there is no key. */
  of(address: string): string | null;
  /** Under every key that verifies: what a ban of this address may be called. */
  namesOf(address: string): readonly string[];
  /** Made with a key that is gone: it bans nobody any more. */
  isOfLostKey(ban: string): boolean;
}

/** `secrets`: of the return paths, the signing one first. Addresses come in the form of the list (normalAddress). */
export function bansWith(secrets: readonly string[]): Bans {
  const digest = (secret: string, purpose: string, text: string): string =>
    createHmac("sha256", secret).update(`bounced ${purpose}\n${text}`).digest("hex");
  const keys = secrets.map((secret) => ({ secret, id: digest(secret, "ban key", "").slice(0, 8) }));
  const nameOf = ({ secret, id }: (typeof keys)[number], address: string): string =>
    `${PREFIX}${id}:${digest(secret, "ban", address)}`;
  const [first] = keys;
  return {
    of: (address) => (first ? nameOf(first, address) : null),
    namesOf: (address) => keys.map((key) => nameOf(key, address)),
    isOfLostKey: (ban) => !keys.some(({ id }) => ban.startsWith(`${PREFIX}${id}:`)),
  };
}
