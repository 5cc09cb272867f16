/** The message of whatever was thrown, for a sentence that a person reads. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
