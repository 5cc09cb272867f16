/** The tools that change the suppression list: nothing is written unless `dryRun` is false. */
import { z } from "zod";
import { readValue } from "../../store/suppressions/edit.ts";
import { QueryError } from "../../store/log/log-query.ts";
import { changeSummary, changeSummarySchema, entrySummary, entrySummarySchema } from "../suppression-summary.ts";
import { toolOf, type ToolWork } from "../tool.ts";

const value = z.string().trim().min(1).max(320).describe("address, or a domain for every address there");
const stream = z.string().max(200).default("").describe("empty: the entry for every stream");
const note = z.string().trim().min(1).max(500).describe("why, for the history; say who asked for it");
const dryRun = z
  .boolean()
  .default(true)
  .describe("true writes nothing and shows what would change; ask a person before false");
const output = z.object({
  written: z.boolean().describe("false: this was a dry run, or nothing matched"),
  before: z.array(entrySummarySchema).describe("entries of this name now"),
  effect: z.string().describe("what happens, or would"),
  changes: z.array(changeSummarySchema).describe("what was written; each can be undone by its number"),
});

const authorOf = ({ caller }: ToolWork, text: string) => ({ actor: caller.actor, note: text });
const entriesOf = async ({ deps }: ToolWork, name: string, inStream: string) =>
  (await deps.store.suppressions.find(name)).filter((entry) => entry.value === name && entry.stream === inStream);

export const suppress = toolOf({
  name: "suppress",
  title: "Suppress an address or a domain",
  description:
    "Puts an address or a domain on the suppression list. Blocks (severity block) are no reason to suppress.",
  changes: true,
  input: z.strictObject({
    value,
    stream,
    note,
    expiresAt: z.iso.datetime({ offset: true }).optional().describe("default: never"),
    dryRun,
  }),
  output,
  async run({ value: asked, expiresAt, ...given }, work) {
    const named = readValue(asked);
    if (expiresAt !== undefined && Date.parse(expiresAt) <= work.deps.now())
      throw new QueryError("expiresAt: it is in the past: the entry would end at once");
    const before = (await entriesOf(work, named.value, given.stream)).map(entrySummary);
    const effect = `${before.length > 0 ? "changes the entry of" : "suppresses"} ${
      named.scope === "domain" ? "every address of this domain" : "one address"
    }${expiresAt === undefined ? "" : ` until ${expiresAt}`}`;
    if (given.dryRun) return { written: false, before, effect: `dry run: ${effect}`, changes: [] };
    const entry = { value: named.value, stream: given.stream, note: given.note, expiresAt };
    const changes = await work.deps.store.suppressions.add([entry], authorOf(work, given.note));
    return { written: changes.length > 0, before, effect, changes: changes.map(changeSummary) };
  },
});

export const unsuppress = toolOf({
  name: "unsuppress",
  title: "Remove an address or a domain from the suppression list",
  description:
    "Removes an entry from the suppression list and forgets earlier soft failures. Mail to an address that does not exist costs reputation; complaints must stay.",
  changes: true,
  input: z.strictObject({ value, stream, note, dryRun }),
  output,
  async run({ value: asked, ...given }, work) {
    const named = readValue(asked);
    const before = (await entriesOf(work, named.value, given.stream)).map(entrySummary);
    const effect = before.length > 0 ? "removes the entry: mail goes there again" : "nothing to remove by this name";
    if (given.dryRun) return { written: false, before, effect: `dry run: ${effect}`, changes: [] };
    const names = [{ value: named.value, stream: given.stream }];
    const changes = await work.deps.store.suppressions.remove(names, authorOf(work, given.note));
    return { written: changes.length > 0, before, effect, changes: changes.map(changeSummary) };
  },
});

export const undo = toolOf({
  name: "undo",
  title: "Undo a change of the suppression list",
  description: "Restores what was before a change of the list. Only the newest change of an entry can be undone.",
  changes: true,
  input: z.strictObject({ change: z.int().min(1).describe("number, as why_suppressed shows it"), note, dryRun }),
  output,
  async run({ change: id, note: why, dryRun: isTrial }, work) {
    const { suppressions } = work.deps.store;
    const [change] = await suppressions.history({ before: id + 1, limit: 1 });
    if (change?.id !== id) throw new QueryError(`there is no change ${id}`);
    const before = change.after ? [entrySummary(change.after)] : [];
    const effect = change.before ? "restores the entry as it was before" : "removes the entry";
    if (!isTrial) {
      const undone = await suppressions.undo(id, authorOf(work, why));
      return { written: true, before, effect, changes: [changeSummary(undone)] };
    }
    const newer = (await suppressions.history({ value: change.value, limit: 100 })).find(
      (one) => one.id > id && one.scope === change.scope && one.stream === change.stream,
    );
    if (newer) throw new QueryError(`change ${id} cannot be undone: change ${newer.id} of the same entry is newer`);
    return { written: false, before, effect: `dry run: ${effect}`, changes: [] };
  },
});
