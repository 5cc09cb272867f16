/** Return paths for programs that send mail: keys, prefix and age come from the settings unless given. */
import type { Config } from "../config/config.ts";
import { loadServiceConfig } from "./find-service.ts";
import { checkOptions, checkText } from "./check-options.ts";
import { createReturnPath as create, type ReturnPathRequest } from "../return-path/create.ts";
import { readReturnPath as read } from "../return-path/read.ts";
import type { ReturnPathReading } from "../return-path/reading.ts";
import { returnPathSettingsOf, type ReturnPathSettings } from "../return-path/settings.ts";

export interface ReturnPathOptions {
  /** @defaultValue BOUNCED_SECRET; the first signs, all verify */
  readonly secrets?: readonly string[];
  /** @defaultValue now */
  readonly now?: Date | string;
}

export type CreateReturnPathOptions = Omit<ReturnPathRequest, "domain"> &
  ReturnPathOptions & {
    /** @defaultValue the first of BOUNCED_DOMAINS */
    readonly domain?: string;
  };

let loaded: Config | undefined;
/** Read at the first call; they do not change while a program runs. */
export const settingsOnce = (): Config => (loaded ??= loadServiceConfig("key"));

/** Of the settings, which are read once, unless others are given. */
export const keysOf = (secrets: readonly string[] | undefined): ReturnPathSettings =>
  returnPathSettingsOf(settingsOnce(), secrets);

/**
 * The return path (envelope sender, MAIL FROM) for one message to one recipient:
 * `createReturnPath({ domain: "bounces.example.com", recipient: "user@example.org", tag: "campaign-42" })`.
 * Throws RangeError where none can be made, e.g. for a tag that is too long.
 */
export function createReturnPath(options: CreateReturnPathOptions): string {
  checkOptions("createReturnPath", options, ["recipient", "tag", "scheme", "domain", "secrets", "now"]);
  if (options.recipient !== undefined) checkText("createReturnPath", "recipient", options.recipient);
  const { secrets, now = new Date(), domain, ...request } = options;
  const config = settingsOnce();
  return create(
    { ...request, domain: domain ?? config.BOUNCED_DOMAINS[0] ?? "" },
    returnPathSettingsOf(config, secrets),
    now,
  );
}

/** What a return path or a token says, and whether that can be believed (`check`). Null for what is neither. */
export function readReturnPath(address: string, options: ReturnPathOptions = {}): ReturnPathReading | null {
  checkText("readReturnPath", "address", address);
  checkOptions("readReturnPath", options, ["secrets", "now"]);
  const { secrets, now = new Date() } = options;
  return read(address, keysOf(secrets), now);
}

/** The same, and null for everything that is not signed by us and fresh. */
export function verifyReturnPath(address: string, options: ReturnPathOptions = {}): ReturnPathReading | null {
  const reading = readReturnPath(address, options);
  return reading?.check === "valid" ? reading : null;
}
