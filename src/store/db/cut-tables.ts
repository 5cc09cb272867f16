/** Tables of the log that are cut by time of receipt, and what SQLite knows of the parts. */

/** Those that are cut by time of receipt, in the order in which whoever locks several of them does. */
export const CUT_TABLES = ["events", "event_bodies", "event_addresses", "raw_messages"] as const;
export type CutTable = (typeof CUT_TABLES)[number];

/** SQLite only: units of the log (units/units.ts), by keys. */
export interface LogUnitsTable {
  starts: number;
  ends: number;
  since: number;
  indexed: number;
  /** Ms: searches have done without it since then, and its tables can go; 0 for one that is in use. */
  dropped: number;
  /** 1: it has tables of its own for its rows. */
  has_rows: number;
}

/** SQLite only: tables of ids (units/ids.ts), by keys. */
export interface LogIdsTable {
  starts: number;
  ends: number;
}
