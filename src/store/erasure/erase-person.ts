/** Of whoever signs in: an erased address, the name beside it, and the address where its owner revoked somebody. */
import { normalAddress } from "../../addresses/normal-address.ts";
import type { Database } from "../db/database.ts";
import { maskText, patternFor } from "./mask-text.ts";

/**
 * Of an erased address; the person signs in as before, and is named by the id. Compared here: the table has the address as
 * the provider writes it, its domain perhaps in letters that are not ASCII.
 */
export async function erasePerson({ write }: Pick<Database, "write">, address: string): Promise<void> {
  const pattern = patternFor(address);
  const rows = await write.selectFrom("people").select(["id", "email", "revoked_by"]).execute();
  for (const { id, email, revoked_by: by } of rows) {
    const isTheirs = email !== "" && normalAddress(email) === address;
    const change = {
      ...(isTheirs ? { name: "", email: "", email_verified: 0 } : {}),
      revoked_by: maskText(by, address, pattern),
    };
    if (isTheirs || change.revoked_by !== by)
      await write.updateTable("people").set(change).where("id", "=", id).execute();
  }
}
