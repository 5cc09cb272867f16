/** The formats in the order in which they are asked: exact ones first, prose last. */
import type { Mail } from "../mail.ts";
import type { Report, Warning } from "../report.ts";
import type { Format } from "./format.ts";
import { rfc3464 } from "./rfc3464.ts";

export const FORMATS: readonly Format[] = [rfc3464];

export interface FormatReading {
  /** Id of the format that read it. */
  readonly format: string;
  readonly report: Report;
  readonly warnings: readonly Warning[];
}

/** First format that recognises the message; null if none does. */
export function readReport(mail: Mail): FormatReading | null {
  for (const format of FORMATS) {
    const reading = format.read(mail);
    if (reading.kind === "report") return { format: format.id, report: reading.report, warnings: reading.warnings };
  }
  return null;
}
