/**
 * The groups of a delivery-status body, RFC 3464 section 2.1: per-message fields, then one group per recipient.
 *
 * In the wild the blank lines between groups are missing or too many, so groups are told by their fields: a field that
 * a group may hold once, met again, begins the next group.
 */
import { decodeText } from "../../fields/charset.ts";
import { readFieldBlocks, type Field, type FieldBlock } from "../../fields/field-block.ts";

const PER_RECIPIENT: ReadonlySet<string> = new Set([
  "original-recipient",
  "final-recipient",
  "action",
  "status",
  "remote-mta",
  "diagnostic-code",
  "last-attempt-date",
  "final-log-id",
  "will-retry-until",
  "x-actual-recipient",
  "x-failed-recipient",
  "x-supplementary-info",
  "x-display-name",
]);
const PER_MESSAGE: ReadonlySet<string> = new Set([
  "reporting-mta",
  "original-envelope-id",
  "dsn-gateway",
  "received-from-mta",
  "arrival-date",
]);
const RECIPIENT_NAMES = ["final-recipient", "original-recipient", "x-actual-recipient", "x-failed-recipient"] as const;
/** A second one of these means that the next recipient has begun. `Diagnostic-Code` is repeated by some writers. */
const ONCE: ReadonlySet<string> = new Set(["final-recipient", "original-recipient", "action"]);

/** Of one group. */
const MAX_FIELDS = 100;

export interface DeliveryStatus {
  readonly perMessage: FieldBlock;
  readonly groups: readonly FieldBlock[];
}

const has = (block: FieldBlock, name: string): boolean => block.some((field) => field.name === name);
const namesRecipient = (block: FieldBlock): boolean => RECIPIENT_NAMES.some((name) => has(block, name));

/** Null when the text holds no delivery-status field at all. */
export function readDeliveryStatus(text: string): DeliveryStatus | null {
  const perMessage: Field[] = [];
  const groups: Field[][] = [];
  let group: Field[] | null = null;
  for (const block of readFieldBlocks(decodeGroups(text))) {
    if (!mergesInto(group, block)) group = null;
    for (const field of block) {
      const ofMessage = PER_MESSAGE.has(field.name) || (group === null && !PER_RECIPIENT.has(field.name));
      if (ofMessage && !(group && namesRecipient(group) && !PER_MESSAGE.has(field.name))) {
        perMessage.push(field);
        continue;
      }
      if (group === null || startsNext(group, field)) {
        group = [];
        groups.push(group);
      }
      if (group.length < MAX_FIELDS) group.push(field);
    }
  }
  if (groups.length === 0 && !perMessage.some((field) => PER_MESSAGE.has(field.name))) return null;
  return { perMessage, groups };
}

function startsNext(group: FieldBlock, field: Field): boolean {
  if (!ONCE.has(field.name) || !has(group, field.name)) return false;
  // The same recipient twice in a row (`Final-Recipient` in two notations) is one group.
  return namesRecipient(group);
}

/** A block after a stray blank line goes on with its group: it names no recipient, or the group named none yet. */
function mergesInto(group: FieldBlock | null, block: FieldBlock): boolean {
  if (group === null) return false;
  if (namesRecipient(block) && namesRecipient(group)) return false;
  return !block.some((field) => PER_RECIPIENT.has(field.name) && has(group, field.name));
}

/** Proofpoint rewrites links in reports and sends each changed group as base64 under a header of its own. */
function decodeGroups(text: string): string {
  if (!/^Content-Transfer-Encoding:[ \t]*base64/im.test(text)) return text;
  return text.replace(
    /^Content-Transfer-Encoding:[ \t]*base64[^\n]*\n(?:Content-[^\n]*\n){0,5}[ \t]*\r?\n([A-Za-z0-9+/=\r\n]{1,100000})/gim,
    (_, group: string) => `\n${decodeText(Buffer.from(group, "base64"), null)}\n\n`,
  );
}
