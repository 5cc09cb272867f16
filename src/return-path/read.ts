import { readBatv } from "./batv.ts";
import { splitAddress, type ReturnPathReading } from "./reading.ts";
import type { ReturnPathSettings } from "./settings.ts";
import { readSigned } from "./signed.ts";
import { readSrs } from "./srs.ts";
import { readToken } from "./token.ts";
import { readVerp } from "./verp.ts";

/**
 * What the forward-path of an incoming message says: it was the return path of what it answers. `receivedAt` decides
 * what has expired; null: nothing has. Null for what is neither an address nor a token. Total.
 */
export function readReturnPath(
  forwardPath: string | null,
  settings: ReturnPathSettings,
  receivedAt: Date | string | null,
): ReturnPathReading | null {
  const address = forwardPath?.trim().replace(/^<(.*)>$/s, "$1");
  if (!address) return null;
  if (!splitAddress(address)) return readToken(address, settings, receivedAt);
  return (
    readSigned(address, settings, receivedAt) ??
    readBatv(address, settings, receivedAt) ??
    readSrs(address, settings, receivedAt) ??
    readVerp(address, settings) ?? {
      address,
      scheme: "plain",
      recipient: null,
      tag: null,
      issuedAt: null,
      check: "unchecked",
      bindsRecipient: null,
    }
  );
}

/** The reading of an address that is ours, signed and not expired; null for every other. */
export function verifyReturnPath(
  address: string,
  settings: ReturnPathSettings,
  now: Date | string,
): ReturnPathReading | null {
  const reading = readReturnPath(address, settings, now);
  return reading?.check === "valid" ? reading : null;
}
