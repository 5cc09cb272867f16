export interface TryLaterOptions {
  /** @defaultValue one second */
  readonly ms?: number;
  readonly isUsual?: boolean;
  readonly cause?: unknown;
}

/** Thrown by a handler whose job is to run again soon, through no fault of the job: the try is not counted. */
export class TryLater extends Error {
  override name = "TryLater";
  /** Until it runs again. */
  readonly ms: number;
  /** Nothing is wrong, so nobody needs to read of it. */
  readonly isUsual: boolean;
  constructor(message: string, { ms = 1000, isUsual = false, cause }: TryLaterOptions = {}) {
    super(message, { cause });
    this.ms = ms;
    this.isUsual = isUsual;
  }
}
