/**
 * Names that stand for local parts: the same address has the same name, so that a reader sees what belongs together, and
 * only who has the key can tell the address. Within one request the service finds the address again by its name.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { createHmac } from "node:crypto";
import { normalAddress } from "../addresses/normal-address.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
/** Names that one request made. */
type Made = Map<string, string>;

export interface Pseudonyms {
  /** What runs in it, and what it starts, sees masked data or not. */
  readonly run: <Result>(isMasked: boolean, work: () => Result) => Result;
  /** Whether the caller sees masked data. Outside of `run`, true: what nobody has decided is not shown. */
  readonly isOn: () => boolean;
  /** `masked-abcdefgh` for `ann@example.org`. */
  readonly nameOf: (address: string) => string;
  /** The address of a name that was made in this request, else the text itself. */
  readonly addressOf: (text: string) => string;
}

export function createPseudonyms(key: Buffer): Pseudonyms {
  const running = new AsyncLocalStorage<{ readonly isMasked: boolean; readonly made: Made }>();
  return {
    run: (isMasked, work) => running.run({ isMasked, made: new Map() }, work),
    isOn: () => running.getStore()?.isMasked ?? true,
    nameOf(address) {
      const digest = createHmac("sha256", key)
        .update(`pseudonym ${normalAddress(address)}`)
        .digest();
      const name = `masked-${Array.from(digest.subarray(0, 8), (octet) => ALPHABET[octet % 32]).join("")}`;
      const domain = address.includes("@") ? address.slice(address.lastIndexOf("@")) : "";
      running.getStore()?.made.set(`${name}${domain}`.toLowerCase(), address);
      return name;
    },
    addressOf: (text) => running.getStore()?.made.get(text.toLowerCase()) ?? text,
  };
}
