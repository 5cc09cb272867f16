/**
 * What an opaque S/MIME signature encloses: the content of a CMS SignedData, RFC 5652 section 5.1, which is a MIME
 * entity (RFC 8551 section 3.5.2). No certificate is needed to read it, and nothing is verified: a signature on a
 * report proves nothing that events ask for.
 */

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Behind the element, within what it was read from. */
  readonly end: number;
}

const SEQUENCE = 0x30;
const OBJECT_ID = 0x06;
const OCTET_STRING = 0x04;
const OCTET_STRINGS = 0x24;
const EXPLICIT_0 = 0xa0;
/** 1.2.840.113549.1.7.2 */
const SIGNED_DATA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const MAX_ELEMENTS = 20_000;
const MAX_DEPTH = 20;

interface Budget {
  left: number;
  depth: number;
}

/** The MIME entity, or null where there is none or it is encrypted. */
export function readSignedData(octets: Uint8Array): Uint8Array | null {
  const budget = { left: MAX_ELEMENTS, depth: MAX_DEPTH };
  const info = children(read(octets, 0, budget), SEQUENCE, budget);
  if (info[0]?.tag !== OBJECT_ID || !SIGNED_DATA.every((octet, at) => info[0]!.content[at] === octet)) return null;
  const [signed] = children(info[1], EXPLICIT_0, budget);
  const enclosed = children(signed, SEQUENCE, budget).find(({ tag }) => tag === SEQUENCE);
  const [, explicit] = children(enclosed, SEQUENCE, budget);
  const [content] = children(explicit, EXPLICIT_0, budget);
  if (content?.tag === OCTET_STRING) return content.content;
  if (content?.tag !== OCTET_STRINGS) return null;
  const pieces = children(content, OCTET_STRINGS, budget).filter(({ tag }) => tag === OCTET_STRING);
  return Buffer.concat(pieces.map(({ content }) => content));
}

function children(parent: Element | null | undefined, tag: number, budget: Budget): readonly Element[] {
  if (parent?.tag !== tag) return [];
  const found: Element[] = [];
  for (let at = 0; at < parent.content.length;) {
    const element = read(parent.content, at, budget);
    if (!element) break;
    found.push(element);
    at = element.end;
  }
  return found;
}

/** BER, X.690: also the indefinite length, which streaming signers write. */
function read(octets: Uint8Array, at: number, budget: Budget): Element | null {
  if (budget.left-- <= 0 || at + 2 > octets.length) return null;
  const tag = octets[at]!;
  const first = octets[at + 1]!;
  // Tags above 30 do not occur here.
  if ((tag & 0x1f) === 0x1f) return null;
  if (first === 0x80) return readIndefinite(octets, at, tag, budget);
  let length = first;
  let start = at + 2;
  if (first > 0x80) {
    const size = first & 0x7f;
    if (size > 4 || start + size > octets.length) return null;
    length = 0;
    for (let index = 0; index < size; index++) length = length * 256 + octets[start + index]!;
    start += size;
  }
  const content = octets.subarray(start, start + length);
  // Cut on its way: what is there is read.
  return { tag, content, end: start + length };
}

function readIndefinite(octets: Uint8Array, at: number, tag: number, budget: Budget): Element | null {
  if (budget.depth === 0) return null;
  budget.depth--;
  const start = at + 2;
  let end = start;
  while (end + 2 <= octets.length && !(octets[end] === 0 && octets[end + 1] === 0)) {
    const inner = read(octets, end, budget);
    if (!inner) break;
    end = inner.end;
  }
  budget.depth++;
  return { tag, content: octets.subarray(start, Math.min(end, octets.length)), end: end + 2 };
}
