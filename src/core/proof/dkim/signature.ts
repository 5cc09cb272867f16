/**
 * A DKIM-Signature field, RFC 6376 section 3.5, as far as a header alone can be verified: `b=` covers the header and
 * `bh=`, and a returned message mostly comes without its body, so that `bh=` stays unchecked.
 */
import { readTags } from "../../../machine/tag-list.ts";
import { valueOf, type RawField } from "./raw-header.ts";

export interface DkimSignature {
  readonly field: RawField;
  readonly algorithm: "rsa-sha256" | "ed25519-sha256";
  /** Lower-case. */
  readonly domain: string;
  /** Where its key stands in DNS, lower-case. */
  readonly keyName: string;
  readonly canonicalization: "simple" | "relaxed";
  /** `h=`, lower-case, in order, with repetitions. */
  readonly signedFields: readonly string[];
  readonly signature: string;
  /** The domain of `i=`, lower-case; that of `d=` where there is none. */
  readonly identityDomain: string;
  /** Seconds since 1970. */
  readonly signedAt: number | null;
  readonly expiresAt: number | null;
}

const NAME = /^[a-z0-9_](?:[a-z0-9._-]{0,250}[a-z0-9])?$/;
const MAX_SIGNED = 100;

/** Null for one that proves nothing, whatever its key: another version or algorithm, a limited body, no address signed. */
export function readSignature(field: RawField): DkimSignature | null {
  const tags = readTags(valueOf(field));
  if (!tags) return null;
  const of = (name: string): string => tags.get(name)?.replace(/[ \t]/g, "") ?? "";
  const algorithm = of("a").toLowerCase();
  const domain = of("d").toLowerCase();
  const keyName = `${of("s").toLowerCase()}._domainkey.${domain}`;
  const canonicalization = (of("c") || "simple").split("/")[0]?.toLowerCase();
  const identityDomain = (of("i") ? of("i").slice(of("i").lastIndexOf("@") + 1) : domain).toLowerCase();
  const signedFields = of("h").toLowerCase().split(":").slice(0, MAX_SIGNED);
  const isOurs =
    of("v") === "1" &&
    // What follows `l=` octets of the body is anybody's: whoever signs so signs no whole message.
    !tags.has("l") &&
    NAME.test(domain) &&
    domain.includes(".") &&
    NAME.test(keyName) &&
    (identityDomain === domain || identityDomain.endsWith(`.${domain}`)) &&
    signedFields.includes("from") &&
    signedFields.includes("to") &&
    of("bh") !== "" &&
    /^[A-Za-z0-9+/]{40,1400}={0,2}$/.test(of("b"));
  if (!isOurs || (algorithm !== "rsa-sha256" && algorithm !== "ed25519-sha256")) return null;
  if (canonicalization !== "simple" && canonicalization !== "relaxed") return null;
  const [signedAt, expiresAt] = [secondsIn(of("t")), secondsIn(of("x"))];
  if (signedAt === undefined || expiresAt === undefined) return null;
  return {
    field,
    algorithm,
    domain,
    keyName,
    canonicalization,
    signedFields,
    signature: of("b"),
    identityDomain,
    signedAt,
    expiresAt,
  };
}

/** Null for none, undefined for what is no time. */
const secondsIn = (text: string): number | null | undefined =>
  text === "" ? null : /^\d{1,12}$/.test(text) ? Number(text) : undefined;

/** The field itself with an empty `b=`, as it was when it was signed. */
export function unsignedField({ name, text }: RawField): RawField {
  const at = text.indexOf(":") + 1;
  const parts = text.slice(at).split(";");
  return { name, text: text.slice(0, at) + parts.map((part) => part.replace(/^(\s*b\s*=)[^]*$/, "$1")).join(";") };
}
