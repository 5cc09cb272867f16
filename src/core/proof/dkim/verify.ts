/**
 * Our own DKIM signature in a returned header: the message left from us, with the To that it has. Pure: keys are handed
 * in, and what is missing is named.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { CANONICAL, rawFieldsOf, valueOf, type RawField } from "./raw-header.ts";
import { onlyAddressIn } from "./addressee.ts";
import { readBase64, readKey, type DkimKey } from "./public-key.ts";
import { readSignature, unsignedField, type DkimSignature } from "./signature.ts";
import { latin1, octetsOf } from "../../fields/charset.ts";
import { parseDate } from "../../fields/date.ts";

export interface DkimSettings {
  /** Whose signatures are ours, lower-case: exactly these, nothing below them. */
  readonly domains: readonly string[];
  /** A signature older than this proves nothing. Days. */
  readonly maxAgeDays: number;
  /** Key records by name, `selector._domainkey.domain`: those of the configuration. */
  readonly keys: KeyRecords;
}

/** Key records by name, lower-case. */
export type KeyRecords = ReadonlyMap<string, string>;

/** A signature of ours that holds. */
export interface SignedMail {
  readonly domain: string;
  /** Whom the signed header names alone; null where it names several, or nobody. */
  readonly recipient: string | null;
  /** The same for every spelling of the signature. */
  readonly id: string;
}

export interface Verified {
  readonly mails: readonly SignedMail[];
  /** Names of key records that would have been needed. */
  readonly wanted: readonly string[];
}

/** Signatures of one message that are looked at. A sender makes one or two; a stranger may write thousands. */
const MAX_SIGNATURES = 4;
const DAY_SECONDS = 86_400;
const CLOCK_SKEW_SECONDS = DAY_SECONDS;
/** Fields that somebody could add: one beside the signed one, and the signature says nothing. */
const UNIQUE = ["from", "to", "cc", "date"];

export const NOTHING_VERIFIED: Verified = { mails: [], wanted: [] };

/** Most returned headers have none. */
const SIGNED = /^dkim-signature[ \t]*:/im;

export function verifyReturned(
  header: Uint8Array,
  settings: DkimSettings,
  found: KeyRecords,
  receivedAt: string | null,
): Verified {
  if (!SIGNED.test(latin1(header))) return NOTHING_VERIFIED;
  const fields = rawFieldsOf(header);
  const signatures = fields
    .filter(({ name }) => name === "dkim-signature")
    .slice(0, 50)
    .flatMap((field) => readSignature(field) ?? [])
    .filter(({ domain }) => settings.domains.includes(domain))
    .slice(0, MAX_SIGNATURES);
  if (signatures.length === 0) return NOTHING_VERIFIED;
  const mails: SignedMail[] = [];
  const wanted = new Set<string>();
  for (const signature of signatures) {
    const signed = signedFieldsOf(fields, signature);
    if (!signed || !isFresh(signature, signed, settings.maxAgeDays, receivedAt)) continue;
    const record = settings.keys.get(signature.keyName) ?? found.get(signature.keyName);
    const octets = readBase64(signature.signature);
    if (record === undefined) wanted.add(signature.keyName);
    else if (octets && holds(signature, octets, signed, keyIn(record)))
      mails.push({ domain: signature.domain, recipient: recipientOf(signed), id: digestOf(octets) });
  }
  return { mails, wanted: [...wanted] };
}

/** The fields that `h=` selects, the lowest of a name first (RFC 6376 section 5.4.2); null where one was added. */
function signedFieldsOf(fields: readonly RawField[], { signedFields }: DkimSignature): readonly RawField[] | null {
  const left = Map.groupBy(fields, ({ name }) => name);
  const signed = signedFields.flatMap((name) => left.get(name)?.pop() ?? []);
  return UNIQUE.some((name) => (left.get(name)?.length ?? 0) > 0) ? null : signed;
}

function isFresh(
  { signedAt, expiresAt }: DkimSignature,
  signed: readonly RawField[],
  maxAgeDays: number,
  receivedAt: string | null,
): boolean {
  const dated = signed.find(({ name }) => name === "date");
  const date = dated ? parseDate(valueOf(dated)) : null;
  const since = signedAt ?? (date === null ? null : Date.parse(date) / 1000);
  if (since === null) return false;
  // A file of which nobody knows when it came.
  if (receivedAt === null) return true;
  const now = Date.parse(receivedAt) / 1000;
  if (expiresAt !== null && expiresAt < now) return false;
  return since <= now + CLOCK_SKEW_SECONDS && now - since <= maxAgeDays * DAY_SECONDS;
}

/** Whoever is named beside others could report about them, so only a message to one says anything. */
function recipientOf(signed: readonly RawField[]): string | null {
  const addressed = signed.filter(({ name }) => name === "to" || name === "cc");
  const [only, ...more] = addressed;
  return only && more.length === 0 && only.name === "to" ? onlyAddressIn(valueOf(only)) : null;
}

/** Of the octets: base64 can be written in several ways. */
const digestOf = (octets: Uint8Array): string => bytesToHex(sha256(octets)).slice(0, 32);

function holds(
  signature: DkimSignature,
  octets: Uint8Array,
  signed: readonly RawField[],
  key: DkimKey | null,
): boolean {
  if (!key || key.algorithm !== signature.algorithm) return false;
  if (key.isStrict && signature.identityDomain !== signature.domain) return false;
  const canonical = CANONICAL[signature.canonicalization];
  const text = [...signed, unsignedField(signature.field)].map(canonical).join("\r\n");
  return key.key.verifies(octets, octetsOf(text));
}

/** Keys are few, and reading one costs as much as a verification. */
const MAX_READ = 50;
const readKeys = new Map<string, DkimKey | null>();

function keyIn(record: string): DkimKey | null {
  let key = readKeys.get(record);
  if (key === undefined) {
    if (readKeys.size >= MAX_READ) readKeys.clear();
    readKeys.set(record, (key = readKey(record)));
  }
  return key;
}
