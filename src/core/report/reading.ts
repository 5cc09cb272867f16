import type { Warning } from "../fields/warning.ts";
import type { Report } from "./report.ts";

/** What one reader makes of a mail. */
export type Reading =
  /** Try the next format. */
  | { readonly kind: "not-mine" }
  | { readonly kind: "report"; readonly report: Report; readonly warnings: readonly Warning[] };

export const notMine: Reading = { kind: "not-mine" };
