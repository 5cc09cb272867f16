/** Parts of the log, by keys: `from` included, `to` not. */
export interface KeySpan {
  readonly from: number;
  readonly to: number;
}

/** Null is no bound. */
export interface OpenSpan {
  readonly from: number | null;
  readonly to: number | null;
}

export const isWithin = (key: number, { from, to }: KeySpan): boolean => key >= from && key < to;
