/** The table of people over the database. */
import { randomBytes } from "node:crypto";
import { sql, type Kysely, type Selectable, type SqlBool } from "kysely";
import { fold } from "../../addresses/normal-address.ts";
import type { Database } from "../db/database.ts";
import type { PeopleTable, Tables } from "../db/tables.ts";
import { ACCESS_ROLES, type AccessRole, type Admission, type People, type Person, type SignedIn } from "./person.ts";

const DAY_MS = 86_400_000;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const newId = (): string => `p${Array.from(randomBytes(15), (octet) => ALPHABET[octet % 32]).join("")}`;

export function peopleOf({ write, read, quick }: Database, now: () => number): People {
  const find = async (db: Kysely<Tables>, id: string): Promise<Selectable<PeopleTable> | undefined> =>
    db.selectFrom("people").selectAll().where("id", "=", id).executeTakeFirst();
  const get = async (id: string): Promise<Person | null> => {
    const row = await find(write, id);
    return row ? personOf(row) : null;
  };
  return {
    signIn: (facts) => write.transaction().execute((tx) => admit(tx, facts, now())),
    async open(id) {
      const row = await find(quick, id);
      const role = row?.revoked_at === 0 ? roleOf(row.role) : null;
      return row && role ? { person: personOf(row), role, epoch: row.epoch } : null;
    },
    get,
    async list({ text, limit }) {
      let query = read.selectFrom("people").selectAll();
      if (text) {
        const pattern = `%${fold(text).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
        query = query.where(
          sql<SqlBool>`(lower(name) like ${pattern} escape '\\' or lower(email) like ${pattern} escape '\\' or id like ${pattern} escape '\\')`,
        );
      }
      const rows = await query.orderBy("last_at", "desc").orderBy("id").limit(limit).execute();
      return rows.map(personOf);
    },
    async revoke(id, actor) {
      await write
        .updateTable("people")
        .set((ref) => ({ revoked_at: now(), revoked_by: clean(actor, 200), epoch: ref("epoch", "+", 1) }))
        .where("id", "=", id)
        .where("revoked_at", "=", 0)
        .execute();
      return get(id);
    },
    async restore(id) {
      await write
        .updateTable("people")
        .set({ revoked_at: 0, revoked_by: "" })
        .where("id", "=", id)
        .where("revoked_at", ">", 0)
        .execute();
      return get(id);
    },
  };
}

async function admit(tx: Kysely<Tables>, facts: SignedIn, now: number): Promise<Admission> {
  const who = { name: clean(facts.name, 100), email: clean(facts.email, 254) };
  const told = { ...who, email_verified: Number(facts.emailVerified), may_export: Number(facts.mayExport) };
  const ofPerson = () =>
    tx.selectFrom("people").selectAll().where("issuer", "=", facts.issuer).where("sub", "=", facts.sub);
  if (facts.role !== null && !(await ofPerson().executeTakeFirst())) {
    const made = await tx
      .insertInto("people")
      .values({
        ...told,
        id: newId(),
        issuer: facts.issuer,
        sub: facts.sub,
        role: facts.role,
        epoch: 1,
        first_at: now,
        last_at: now,
        address: clean(facts.address, 100),
        revoked_at: 0,
        revoked_by: "",
      })
      // Two first sign-ins at once.
      .onConflict((conflict) => conflict.columns(["issuer", "sub"]).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (made) return { is: "admitted", person: personOf(made), before: null, exportChanged: false, isNew: true };
  }
  const known = await ofPerson().executeTakeFirst();
  if (!known) return { is: "no-role", person: null, before: null };
  if (known.revoked_at > 0) return { is: "revoked", person: personOf(known) };
  const before = roleOf(known.role);
  const changed = await tx
    .updateTable("people")
    .set((ref) =>
      facts.role === null
        ? { role: "", may_export: 0, epoch: ref("epoch", "+", 1) }
        : { ...told, role: facts.role, last_at: now, address: clean(facts.address, 100) },
    )
    .where("id", "=", known.id)
    // Who is revoked in this moment stays out.
    .where("revoked_at", "=", 0)
    .returningAll()
    .executeTakeFirst();
  if (!changed) return { is: "revoked", person: personOf(known) };
  if (facts.role === null) return { is: "no-role", person: personOf(changed), before };
  const exportChanged = known.may_export !== changed.may_export;
  return { is: "admitted", person: personOf(changed), before, exportChanged, isNew: false };
}

/** Who has not signed in for so long is forgotten; of whoever is revoked only what keeps them out stays. */
export async function expirePeople({ write }: Database, days: number, now: number): Promise<void> {
  const before = now - days * DAY_MS;
  await write.deleteFrom("people").where("last_at", "<", before).where("revoked_at", "=", 0).execute();
  await write
    .updateTable("people")
    .set({ name: "", email: "", email_verified: 0, address: "" })
    .where("last_at", "<", before)
    .where("revoked_at", ">", 0)
    .execute();
}

/** Without controls and characters that change how text beside them is shown: people choose their names. */
const clean = (text: string, max: number): string =>
  Array.from(text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, ""))
    .slice(0, max)
    .join("")
    .trim();

const roleOf = (text: string): AccessRole | null => ACCESS_ROLES.find((role) => role === text) ?? null;

const personOf = (row: Selectable<PeopleTable>): Person => ({
  id: row.id,
  issuer: row.issuer,
  sub: row.sub,
  name: row.name,
  email: row.email,
  emailVerified: row.email_verified === 1,
  role: roleOf(row.role),
  mayExport: row.may_export === 1,
  firstSignInAt: new Date(row.first_at).toISOString(),
  lastSignInAt: new Date(row.last_at).toISOString(),
  lastAddress: row.address,
  revokedAt: row.revoked_at > 0 ? new Date(row.revoked_at).toISOString() : null,
  revokedBy: row.revoked_by,
});
