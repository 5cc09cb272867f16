import { openIntake, type Intake } from "./accept.ts";
import type { DurabilitySettings } from "./durability-settings.ts";
import type { Durability } from "./durability.ts";

/** Of the configuration. */
export interface IntakeConfig {
  readonly BOUNCED_PREFIX: string;
  readonly file: {
    readonly smtp: { readonly acceptSeconds: number };
    readonly durability: DurabilitySettings;
  };
}

/** With the promises that the configuration makes. `onDurability`: for those alone who say what Redis cannot promise. */
export const configuredIntake = (
  { BOUNCED_PREFIX: prefix, file: { smtp, durability } }: IntakeConfig,
  redisUrl: string,
  onDurability: (durability: Durability) => void = () => undefined,
): Intake => openIntake({ redisUrl, prefix, acceptMs: smtp.acceptSeconds * 1000, durability, onDurability });
