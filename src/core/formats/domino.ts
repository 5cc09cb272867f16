/**
 * Lotus, IBM and HCL Domino and Notes: `Your message … was not delivered to: user@example.org because: …`, as plain
 * lines or as the fields of a delivery failure report.
 */
import { addressesIn } from "../fields/address.ts";
import type { Block } from "../notice/blocks.ts";
import { isReportLike } from "../notice/conversation.ts";
import type { Notice } from "../notice/notice.ts";
import { reportOf } from "../notice/notice-report.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";

const NOT_DELIVERED = /was not delivered to:?\s*$|was not delivered to:\s*(\S.*)$/i;
const BECAUSE = /^\s*because:?\s*(.*)$/i;
const END = /^\s*(?:what should you do|routing path|to resend|if you have|once|click|_{3,})/i;

export const domino: Format = {
  id: "domino",
  read(mail, notice) {
    if (!isReportLike(mail, notice)) return notMine;
    const blocks = readFailures(notice);
    return blocks.length === 0 ? notMine : reportOf({ mail, notice, software: "domino", blocks, common: [] });
  },
};

/** Recipients up to `because:`, the reason from there to a blank line behind it. */
function readFailures(notice: Notice): readonly Block[] {
  const start = notice.lines.findIndex((line) => NOT_DELIVERED.test(line));
  const because = notice.lines.findIndex((line, index) => index > start && BECAUSE.test(line));
  if (start < 0 || because < 0 || because - start > 2_000) return [];
  const named = addressesIn(
    notice.lines
      .slice(start, because)
      .join("\n")
      .replace(/^[^]*?not delivered to:?/i, ""),
  );
  const reason = [BECAUSE.exec(notice.lines[because]!)?.[1] ?? ""];
  for (const line of notice.lines.slice(because + 1)) {
    const said = reason.some((one) => one !== "");
    if (END.test(line) || (line === "" && said)) break;
    reason.push(line.trim());
  }
  const lines = reason.filter((line) => line !== "");
  const paragraphs = [lines];
  return named.map((address): Block => ({ address, derivedFrom: null, paragraphs }));
}
