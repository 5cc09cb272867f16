/** The filter of a webhook, in YAML, that also lets through what nothing proves. */
import { AUTHENTICITIES } from "../../src/event/event.ts";

export const EVERY_EVENT = `filter: { authenticity: [${AUTHENTICITIES.join(", ")}] }`;
