/** `5.7.606`, taken apart for comparison. */
export interface Status {
  readonly text: string;
  readonly class: number;
  readonly subject: number;
  readonly detail: number;
}

/** Null if it is no status. */
export function parseStatus(text: string): Status | null {
  const match = /^([245])\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  return match ? { text, class: Number(match[1]), subject: Number(match[2]), detail: Number(match[3]) } : null;
}
