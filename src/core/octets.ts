/** Damage done to whole messages on their way, put right before they are parsed. */
import { latin1 } from "./fields/charset.ts";
import type { Warning } from "./report.ts";

const CR = 0x0d;
const LF = 0x0a;

/** Line ends of old Macs and of some gateways: a CR alone. mailparser would see one endless line. */
function lineFeedsForCarriageReturns(octets: Uint8Array): Uint8Array | null {
  let copy: Uint8Array | null = null;
  for (let at = octets.indexOf(CR); at >= 0; at = octets.indexOf(CR, at + 1)) {
    if (octets[at + 1] === LF) continue;
    copy ??= octets.slice();
    // `CR CR LF` is one damaged line end, not two.
    copy[at] = octets[at + 1] === CR && octets[at + 2] === LF ? 0x20 : LF;
  }
  return copy;
}

/** Blank lines and mbox `From ` lines before the header: mailparser would take the message for one without header. */
function skipToHeader(octets: Uint8Array): number {
  let start = 0;
  for (;;) {
    while (octets[start] === LF || octets[start] === CR) start++;
    if (!/^>?From [^:]/.test(latin1(octets.subarray(start, start + 8)))) return start;
    const end = octets.indexOf(LF, start);
    if (end < 0) return start;
    start = end + 1;
  }
}

/** The octets to parse; the same object where nothing was wrong. */
export function repairOctets(octets: Uint8Array): { readonly raw: Uint8Array; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  let raw = lineFeedsForCarriageReturns(octets);
  if (raw) warnings.push({ code: "bare-cr" });
  raw ??= octets;
  const start = skipToHeader(raw);
  if (start > 0) raw = raw.subarray(start);
  return { raw, warnings };
}
