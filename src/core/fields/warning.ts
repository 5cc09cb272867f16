/** One damaged or doubtful thing in a message. It costs that thing, never the report. */
export interface Warning {
  /** kebab-case, e.g. `bad-field`, `truncated`, `too-many-recipients`. */
  readonly code: string;
  readonly field?: string;
  /** At most 200 characters of what was found. */
  readonly value?: string;
}
