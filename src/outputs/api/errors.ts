/** What can go wrong with a call of somebody's API. */

/** They do not take what was asked, and will not take it again. */
export class RefusedRequest extends Error {
  override name = "RefusedRequest";
  /** HTTP status; 0: of no answer. */
  readonly status: number;
  /** The message has words of their answer in it, which may name people. */
  readonly quotes: boolean;
  constructor(message: string, status = 0, quotes = false) {
    super(message);
    this.status = status;
    this.quotes = quotes;
  }
}

/** They ask to wait. */
export class AskedToWait extends Error {
  override name = "AskedToWait";
  readonly ms: number;
  constructor(message: string, ms: number) {
    super(message);
    this.ms = ms;
  }
}

/** No answer, an error of theirs, an answer nobody expected, or credentials they do not accept: nothing of it is about what was asked. */
export class ProviderTrouble extends Error {
  override name = "ProviderTrouble";
  /** HTTP status; 0: no answer. */
  readonly status: number;
  constructor(message: string, { cause, status = 0 }: { readonly cause?: unknown; readonly status?: number } = {}) {
    super(message, { cause });
    this.status = status;
  }
}

/** There is an answer, and it is longer than is read: asked again it is as long. */
export class AnswerTooLong extends ProviderTrouble {
  override name = "AnswerTooLong";
}
