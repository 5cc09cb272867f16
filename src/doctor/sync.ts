import { openToRead } from "../store/db/open-to-read.ts";
import { syncLedgerOf } from "../store/sync/ledger.ts";
import { syncName } from "../sync/settings.ts";
import { syncStateOf, type SyncState } from "../sync/state.ts";
import { fail, ok, warn, type Check, type Finding } from "./check.ts";

/** Changes that wait longer than this are not on their way. */
const LATE_MS = 10 * 60_000;

/** Each list at a sending provider has the changes of ours. No request is sent. */
export const checkSync: Check = async ({ config, now }) => {
  const targets = config.file.sync;
  if (targets.length === 0) return [];
  const database = await openToRead(config).catch(() => null);
  // The check of the log says why.
  if (database === null) return [];
  try {
    const ledger = syncLedgerOf(database, () => now);
    return await Promise.all(
      targets.map(async (settings) => {
        const name = syncName(settings);
        const [oldest] = [...(await ledger.due(name, "remove", 1)), ...(await ledger.due(name, "add", 1))];
        return findingOf(await syncStateOf(ledger, settings), oldest ? now - Date.parse(oldest.updatedAt) : 0);
      }),
    );
  } finally {
    await database.close();
  }
};

function findingOf({ name, error, pending, held, refused, comparedAt }: SyncState, waitedMs: number): Finding {
  const id = `sync ${name}`;
  if (error !== "")
    return fail(
      id,
      `${error}; ${pending} changes wait`,
      `correct the target in bounced.yaml; then bounced sync ${name} --dry-run`,
    );
  if (waitedMs > LATE_MS)
    return fail(
      id,
      `${pending} changes wait, the oldest for ${Math.round(waitedMs / 60_000)} minutes`,
      "start the role record: bounced serve",
    );
  if (held > 0)
    return warn(
      id,
      `${held} removals are held: more than maxRemovals at once`,
      `check them with bounced sync addresses ${name}, then bounced sync ${name} --confirm-removals`,
    );
  if (refused > 0)
    return warn(id, `the provider refused ${refused} addresses`, `bounced sync addresses ${name} says why`);
  if (comparedAt === null)
    return warn(
      id,
      "the lists were never compared: only changes since the start are there",
      `bounced sync ${name} --dry-run, then bounced sync ${name}`,
    );
  return ok(id, `its list follows ours${pending > 0 ? `; ${pending} changes are on their way` : ""}`);
}
