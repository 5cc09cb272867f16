/** Slots of one millisecond in the key of an event: the time of receipt in ms times this, plus one of them. */
export const SLOTS = 2048;
