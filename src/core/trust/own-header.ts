import type { OriginalMessage } from "../report/report.ts";
import { splitAddress, type ReturnPathReading } from "../../return-path/reading.ts";

/**
 * The returned message left from the domain that this report came to, or from the one above or below it. Anybody can
 * write such a header: it makes a weak proof no stronger, only harder to misuse by accident.
 */
export function isFromOurDomain(path: ReturnPathReading, original: OriginalMessage): boolean {
  const ours = splitAddress(path.address)?.domain;
  if (!ours) return false;
  const envelopes = [original.returnPath, original.headers.get("x-envelope-from"), original.headers.get("sender")];
  return [...envelopes, original.from, original.messageId].some((text) => {
    const domain = splitAddress((text ?? "").replace(/^.*<|>.*$/gs, ""))?.domain;
    return domain !== undefined && isSameSite(domain, ours);
  });
}

/** Equal, or one is below the other; a top-level domain is nobody's. */
const isSameSite = (one: string, other: string): boolean =>
  one === other ||
  (one.includes(".") && other.endsWith(`.${one}`)) ||
  (other.includes(".") && one.endsWith(`.${other}`));
