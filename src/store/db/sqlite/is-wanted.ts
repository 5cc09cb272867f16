/** Asked by the queries over the log, once in a thousand rows: SQLite itself cannot be interrupted from outside. */
export const IS_WANTED = "is_wanted";
