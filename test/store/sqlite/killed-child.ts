/** A process that works on a log until it is killed, from outside or by itself in the middle of a step. */
import { configFileSchema } from "../../../src/config/config-file.ts";
import { textsByUnit } from "../../../src/store/db/migrations/0013-texts-by-unit.ts";
import { rowsByUnit } from "../../../src/store/db/migrations/0017-rows-by-unit.ts";
import { openDatabase } from "../../../src/store/db/database.ts";
import { DAY_KEYS } from "../../../src/store/db/slots.ts";
import { openStore } from "../../../src/store/store.ts";
import { createLogUnit, TEXT_INDEXES, textTable } from "../../../src/store/texts/units.ts";
import { dropLeftUnits, leaveUnit } from "../../../src/store/units/drop.ts";
import { createRows } from "../../../src/store/units/rows.ts";
import { logUnitsOf } from "../../../src/store/units/units.ts";
import { renewViews } from "../../../src/store/units/views.ts";
import { KEPT_DAYS, jobsOfRound, timeOfRound } from "./rounds.ts";

const [mode = "", dataDir = "", first = "0"] = process.argv.slice(2);
const config = { dataDir, DATABASE_URL: "", BOUNCED_RETENTION_DAYS: KEPT_DAYS, file: configFileSchema.parse({}) };
const die = (): void => void process.kill(process.pid, "SIGKILL");

if (mode === "migration") {
  const [before, migration] =
    first === "13" ? (["0010-by-day", textsByUnit] as const) : (["0016-people", rowsByUnit] as const);
  const { write } = await openDatabase(config, before);
  await write.transaction().execute(async (tx) => {
    await migration("sqlite").up(tx);
    die();
  });
}
if (mode === "creation") {
  const { write } = await openDatabase(config);
  await write.transaction().execute(async (tx) => {
    const span = { from: 10_000 * DAY_KEYS, to: 10_001 * DAY_KEYS };
    await createLogUnit(tx, span, await createRows(tx, span, 1));
    await renewViews(tx);
    die();
  });
}
if (mode === "drop") {
  const { write, read } = await openDatabase(config);
  const [unit] = await logUnitsOf(write);
  if (!unit) throw new Error("no unit");
  await write.transaction().execute((tx) => leaveUnit(tx, unit, 1));
  let results = 0;
  const counting = write.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: ({ result }) => {
      // The units and their indexes are asked for first, and a setting is made.
      if (++results === 6) die();
      return Promise.resolve(result);
    },
  });
  await dropLeftUnits({ write: counting, read }, 1_000_000, (suffix) =>
    TEXT_INDEXES.map((index) => textTable(index, suffix)),
  );
}
if (mode === "rounds") {
  let round = Number(first);
  const store = await openStore(config, { now: () => timeOfRound(round) });
  for (; ; round++) {
    const retained = store.retain();
    await store.record(jobsOfRound(round));
    await retained;
    if (round % 3 === 0) await store.tidy(() => true);
    process.stdout.write(`${round}\n`);
  }
}
