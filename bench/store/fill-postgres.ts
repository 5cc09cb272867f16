/** Fills an empty log on PostgreSQL in bulk: `psql`'s copy, indexes afterwards. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Client } from "pg";
import { loadConfig } from "../../src/config/config.ts";
import { closeUnits } from "../../src/store/days/close.ts";
import { idRowOf } from "../../src/store/days/event-ids.ts";
import { unitMakerOf } from "../../src/store/days/make.ts";
import { DAY_KEYS } from "../../src/store/db/slots.ts";
import { openDatabase } from "../../src/store/db/database.ts";
import { filledRows, type FillOptions } from "./fill-rows.ts";

const DAY_MS = 86_400_000;
const BUFFERED = 1 << 20;

export async function fillPostgres(url: string, options: FillOptions): Promise<void> {
  const database = await openDatabase(loadConfig({ DATABASE_URL: url }));
  const units = unitMakerOf(database, options.days);
  const today = Math.floor(options.end / DAY_MS);
  await units.makeFor(
    Array.from({ length: options.days + 1 }, (_, index) => (today - index) * DAY_KEYS),
    options.end,
  );
  await units.makeAhead(options.end);
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows: indexes } = await client.query<{ name: string; sql: string }>(
    "select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as sql from pg_index where not indisprimary and indrelid in ('events'::regclass, 'event_ids'::regclass, 'suppressions'::regclass)",
  );
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  const copies = new Map<string, ReturnType<typeof copyInto>>();
  const write = async (table: string, row: object): Promise<void> => {
    let copy = copies.get(table);
    if (!copy) copies.set(table, (copy = copyInto(url, table, Object.keys(row))));
    await copy.write(Object.values(row));
  };
  for (const { table, row } of filledRows(options)) {
    await write(table, row);
    if (table === "events") await write("event_ids", idRowOf(row));
  }
  for (const copy of copies.values()) await copy.end();
  await client.query("set maintenance_work_mem = '1GB'");
  for (const { name, sql } of indexes) {
    options.say(name);
    // The definition of an index of a partitioned table leaves its partitions out.
    await client.query(sql.replace(" ON ONLY ", " ON "));
  }
  options.say("closed days");
  await closeUnits(database, options.end, () => true);
  await database.close();
  await client.query("vacuum analyze");
  await client.end();
}

function copyInto(url: string, table: string, columns: readonly string[]) {
  const names = columns.map((name) => `"${name}"`).join(", ");
  const child = spawn("psql", ["-q", "-v", "ON_ERROR_STOP=1", url, "-c", `\\copy ${table} (${names}) from stdin`], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  const ended = once(child, "close");
  let text = "";
  const flush = async (): Promise<void> => {
    const more = child.stdin.write(text);
    text = "";
    if (!more) await Promise.race([once(child.stdin, "drain"), ended]);
  };
  return {
    async write(values: readonly Value[]) {
      text += `${values.map(cellOf).join("\t")}\n`;
      if (text.length > BUFFERED) await flush();
    },
    async end() {
      await flush();
      child.stdin.end();
      const [code] = (await ended) as [number | null];
      if (code !== 0) throw new Error(`psql copy into ${table} ended with ${code}`);
    },
  };
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
type Value = string | number | Uint8Array | null;
const cellOf = (value: Value): string =>
  value === null
    ? String.raw`\N`
    : value instanceof Uint8Array
      ? `\\\\x${Buffer.from(value).toString("hex")}`
      : String(value).replaceAll(/[\\\t\n\r]/g, (char) => ESCAPES[char] ?? char);
