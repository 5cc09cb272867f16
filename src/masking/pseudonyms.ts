/**
 * Names that stand for local parts: the same address has the same name, so that a reader sees what belongs together, and
 * only who has the key can tell the address. Within one request the service finds the address again by its name.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
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
  /**
   * What stands for the id of an event, in any request. The id is a digest of what the event shows and of the address:
   * whoever has it can try addresses on a machine of his own.
   */
  readonly maskedId: (id: string) => string;
  /** The id that it stands for; of any other text one that no event has. */
  readonly idOf: (masked: string) => string;
}

/** One block of AES: half an octet less than 16, as eventId makes them. */
const ID = /^[0-9a-f]{32}$/;

export function createPseudonyms(key: Buffer): Pseudonyms {
  const ids = createHmac("sha256", key).update("ids of events").digest().subarray(0, 16);
  const block = (id: string, open: typeof createCipheriv | typeof createDecipheriv): string => {
    if (!ID.test(id)) return id;
    const cipher = open("aes-128-ecb", ids, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(Buffer.from(id, "hex")), cipher.final()]).toString("hex");
  };
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
    maskedId: (id) => block(id, createCipheriv),
    idOf: (masked) => block(masked, createDecipheriv),
    addressOf: (text) => running.getStore()?.made.get(text.toLowerCase()) ?? text,
  };
}
