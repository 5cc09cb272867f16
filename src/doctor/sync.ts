import { messageOf } from "../machine/error-message.ts";
import { openStore } from "../store/store.ts";
import { syncName } from "../sync/settings.ts";
import { syncStateOf, type SyncState } from "../sync/state.ts";
import { fail, ok, warn, type Check, type Finding } from "./check.ts";

/** Changes that wait longer than this are not on their way. */
const LATE_MS = 10 * 60_000;

/** Each list at a sending provider has the changes of ours. No request is sent. */
export const checkSync: Check = async ({ config, now }) => {
  const targets = config.file.sync;
  if (targets.length === 0) return [];
  let store;
  try {
    store = await openStore(config);
  } catch (error) {
    return [fail("sync", `its state cannot be read: ${messageOf(error)}`, "repair the log's database (above)")];
  }
  try {
    const { sync } = store;
    return await Promise.all(
      targets.map(async (settings) => {
        const name = syncName(settings);
        const [oldest] = [...(await sync.due(name, "remove", 1)), ...(await sync.due(name, "add", 1))];
        return findingOf(await syncStateOf(sync, settings), oldest ? now - Date.parse(oldest.updatedAt) : 0);
      }),
    );
  } finally {
    await store.close();
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
