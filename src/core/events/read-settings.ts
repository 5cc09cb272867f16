import type { RuleSet } from "../classify/rule-set.ts";
import type { FailureCodes } from "../../vendors/failure-codes.ts";
import type { DkimSettings } from "../proof/dkim/verify.ts";
import type { ReturnPathSettings } from "../../return-path/settings.ts";

/** What reading a message depends on besides the message. */
export interface ReadSettings {
  readonly rules: RuleSet;
  /** Lower-case names of headers of the original to keep in events, BOUNCED_KEEP_HEADERS. */
  readonly keepHeaders: readonly string[];
  /** Of explanations, BOUNCED_LANGUAGE. */
  readonly language: string;
  /** The installation's own failure codes; the built-in ones where there are none. */
  readonly failureCodes?: FailureCodes;
  readonly returnPath: ReturnPathSettings;
  /** Absent: signatures in returned headers are not looked at. */
  readonly dkim?: DkimSettings;
  /** Servers of ours that write reports, by their address. */
  readonly isReporter?: (remoteAddress: string) => boolean;
}
