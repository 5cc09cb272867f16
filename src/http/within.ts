import { inTime } from "../machine/in-time.ts";

/** A question that must be answered in time. */
const ANSWER_MS = 3000;

export const within = <Value>(question: () => Promise<Value>): Promise<Value> =>
  inTime(ANSWER_MS, question(), () => {
    throw new Error(`no answer in ${ANSWER_MS / 1000} s`);
  });
