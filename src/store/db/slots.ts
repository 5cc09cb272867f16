/** Slots of one millisecond in the key of an event: the time of receipt in ms times this, plus one of them. */
export const SLOTS = 2048;
/** Keys of one day. */
export const DAY_KEYS = 86_400_000 * SLOTS;
