import type { ReturnPathScheme } from "../event/event.ts";
import { splitAddress, type ReturnPathReading } from "./reading.ts";
import { readReturnPath } from "./read.ts";
import type { ReturnPathSettings } from "./settings.ts";

export interface ForwardPathSettings {
  /** Lower-case. */
  readonly domains: readonly string[];
  readonly requireSigned: boolean;
  readonly returnPath: ReturnPathSettings;
}

/** `reason` is for our log only: whoever is refused learns nothing but that there is no such address. */
export type ForwardPathAnswer =
  | { readonly isAccepted: true; readonly reading: ReturnPathReading }
  | {
      readonly isAccepted: false;
      readonly scheme: ReturnPathScheme | null;
      readonly reason: "syntax" | "domain" | "unsigned" | "bad" | "expired" | "unknown-key";
    };

/** RCPT TO: do we take mail for this address? */
export function checkForwardPath(
  address: string,
  { domains, requireSigned, returnPath }: ForwardPathSettings,
  now: Date | string,
): ForwardPathAnswer {
  const domain = splitAddress(address)?.domain;
  // Read before anything is decided, so that every refusal takes the same time.
  const reading = readReturnPath(address, returnPath, now);
  if (domain === undefined || !reading) return { isAccepted: false, scheme: null, reason: "syntax" };
  const { scheme } = reading;
  if (!domains.includes(domain)) return { isAccepted: false, scheme, reason: "domain" };
  if (reading.check === "valid") return { isAccepted: true, reading };
  if (reading.check !== "unchecked") return { isAccepted: false, scheme, reason: reading.check };
  return requireSigned ? { isAccepted: false, scheme, reason: "unsigned" } : { isAccepted: true, reading };
}
