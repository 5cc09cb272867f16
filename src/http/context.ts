/** What the routes stand on. role.ts makes it from the running service, tests from whatever they need. */
import type { HttpSettings } from "./http-settings.ts";
import type { Store } from "../store/store.ts";
import type { TokenSource } from "./access/token-file.ts";

/** One part of the service, asked just now. */
export interface PartHealth {
  readonly name: string;
  readonly ok: boolean;
  /** For an operator: what is wrong, or a figure. */
  readonly detail: string | null;
}

export interface HttpContext {
  readonly settings: HttpSettings;
  readonly tokens: TokenSource;
  readonly sessionKey: Buffer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly version: string;
  readonly store: Store;
  /** Asks Redis, the store and whatever else a request needs. Never throws. */
  readonly health: () => Promise<readonly PartHealth[]>;
}
