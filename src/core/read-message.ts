/** The whole pipeline, one message in, one event per recipient out: parse -> formats -> classify -> correlate. */
import type { BouncedEvent } from "./event.ts";
import type { MessageInput } from "./message-input.ts";
import type { RuleSet } from "./classify/rule-set.ts";
import type { ReturnPathSettings } from "./return-path/settings.ts";

export interface ReadSettings {
  readonly rules: RuleSet;
  /** Lower-case names of original headers to keep in events, BOUNCED_KEEP_HEADERS. */
  readonly keepHeaders: readonly string[];
  readonly language: string;
  readonly returnPath: ReturnPathSettings;
}

export type ReadMessage = (input: MessageInput, settings: ReadSettings) => Promise<readonly BouncedEvent[]>;
