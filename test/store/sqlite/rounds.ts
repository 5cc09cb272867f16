/** Rounds of mail, a day apart: known to whoever writes them and to whoever checks what is left of them. */
import type { RecordedMessage } from "../../../src/queues/payloads.ts";
import { jobOf, makeEvent } from "../make-event.ts";
import { DAY, NOW } from "../on-both.ts";

export const KEPT_DAYS = 7;
export const EVENTS_OF_ROUND = 10;

export const timeOfRound = (round: number): number => NOW + round * DAY;

const nameOf = (round: number, index: number): string => `r${round}-${index}`;

/** The last one is two days late. */
export const jobsOfRound = (round: number): readonly RecordedMessage[] =>
  Array.from({ length: EVENTS_OF_ROUND }, (_, index) => {
    const at = timeOfRound(round) - (index === EVENTS_OF_ROUND - 1 ? 2 * DAY : index);
    const event = makeEvent({ address: `${nameOf(round, index)}@example.org`, at });
    return jobOf([{ ...event, diagnostic: { type: "smtp", text: `550 ${nameOf(round, index)} unknown` } }], "raw");
  });
