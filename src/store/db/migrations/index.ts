/** Every change of the tables, in order. A released one is never edited; the next is a new file. */
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";
import { logAndSuppressions } from "./0001-log-and-suppressions.ts";
import { lighterIndexes } from "./0002-lighter-indexes.ts";
import { rawByTime } from "./0003-raw-by-time.ts";
import { eventAddresses } from "./0005-event-addresses.ts";
import { addressTrigrams } from "./0004-address-trigrams.ts";
import { rollups } from "./0006-rollups.ts";
import { recordedOrder } from "./0007-recorded-order.ts";
import { tallies } from "./0008-tallies.ts";
import { sync } from "./0009-sync.ts";
import { byDay } from "./0010-by-day.ts";
import { addressesOfIds } from "./0011-addresses-of-ids.ts";
import { incidents } from "./0012-incidents.ts";
import { textsByUnit } from "./0013-texts-by-unit.ts";
import { audit } from "./0014-audit.ts";
import { savedViews } from "./0015-saved-views.ts";
import { people } from "./0016-people.ts";
import { rowsByUnit } from "./0017-rows-by-unit.ts";

export const migrations = (dialect: DialectName): Record<string, Migration> => ({
  "0001-log-and-suppressions": logAndSuppressions(dialect),
  "0002-lighter-indexes": lighterIndexes(dialect),
  "0003-raw-by-time": rawByTime(dialect),
  "0004-address-trigrams": addressTrigrams(dialect),
  "0005-event-addresses": eventAddresses(dialect),
  "0006-rollups": rollups(dialect),
  "0007-recorded-order": recordedOrder(),
  "0008-tallies": tallies(dialect),
  "0009-sync": sync(dialect),
  "0010-by-day": byDay(dialect),
  "0011-addresses-of-ids": addressesOfIds(dialect),
  "0012-incidents": incidents(dialect),
  "0013-texts-by-unit": textsByUnit(dialect),
  "0014-audit": audit(dialect),
  "0015-saved-views": savedViews(dialect),
  "0016-people": people(dialect),
  "0017-rows-by-unit": rowsByUnit(dialect),
});
