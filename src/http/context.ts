/** What the routes stand on. context-of.ts makes it from the running service, tests from whatever they need. */
import type { Config, Language } from "../config/config.ts";
import type { BouncedEvent } from "../event/event.ts";
import type { MessageInput, ReadSettings } from "../core/index.ts";
import type { FailureCodes } from "../vendors/failure-codes.ts";
import type { Intake } from "../intake/accept.ts";
import type { ErasedJobs } from "../queues/upkeep/erase-jobs.ts";
import type { Queues } from "../queues/queues.ts";
import type { ServiceProcesses } from "../client/service.ts";
import type { PartHealth } from "./health.ts";
import type { HttpSettings } from "../config/http-settings.ts";
import type { Pseudonyms } from "../masking/pseudonyms.ts";
import type { Store } from "../store/store.ts";
import type { Reclassifier } from "./reclassifier.ts";
import type { TokenSource } from "./access/token-file.ts";

/** What the service can do beside reading its log; null where this process has no Redis. */
export interface ServicePorts {
  /** Events to the output queues once more, past what Redis remembers of the first time. Returns how many jobs it made. */
  readonly emitAgain: (events: readonly BouncedEvent[]) => Promise<number>;
  /** Takes what names the address out of Redis. */
  readonly eraseJobs: (address: string) => Promise<ErasedJobs>;
  readonly queues: Queues;
}

export interface HttpContext {
  readonly settings: HttpSettings;
  readonly tokens: TokenSource;
  readonly sessionKey: Buffer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly version: string;
  /** Gives masked data to callers who may see no other. */
  readonly store: Store;
  /** Null: nobody's data is masked. */
  readonly masking: Pseudonyms | null;
  readonly config: Config;
  /** BOUNCED_DOMAINS; the first is where return paths are made. */
  readonly domains: readonly string[];
  readonly language: Language;
  readonly failureCodes: FailureCodes;
  /** What reading mail and classifying needs, now: rule files may change while we run. */
  readonly reading: () => ReadSettings;
  /** Takes up changed rules at once. False: they are bad, the old ones stay in force. */
  readonly reloadRules: () => boolean;
  /** Reads a message in a thread of its own: a bad one costs that thread, not the API. */
  readonly readMessage: (message: Uint8Array) => Promise<readonly BouncedEvent[]>;
  /** The same for one that was taken in before. */
  readonly readInput: (input: MessageInput) => Promise<readonly BouncedEvent[]>;
  readonly reclassifier: Reclassifier;
  readonly ports: ServicePorts | null;
  /** Where messages become durable; null where this process has no Redis. */
  readonly intake: Pick<Intake, "accept" | "write"> | null;
  /** Asks Redis, the store, the processes and whatever else a request needs. Never throws. */
  readonly health: () => Promise<readonly PartHealth[]>;
  readonly processes: ServiceProcesses;
}
