/** What stands where an erased address stood. */
import { sql, type RawBuilder, type SqlBool } from "kysely";
import { addressesInValue } from "../../erasure/addresses-in.ts";
import { fold } from "../../addresses/normal-address.ts";

export const ERASED = "erased@erased.invalid";

/** Every spelling of the address, as it is and as return paths and URLs write it, whatever the case. */
export function patternFor(address: string): RegExp {
  const at = address.lastIndexOf("@");
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)].map((part) =>
    part.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`),
  );
  // Not `xbob@…`, not `bob@example.org.uk`.
  return new RegExp(`(?<![a-z0-9._])${local}(?:@|=|%40|=40)${domain}(?![a-z0-9-]|\\.[a-z0-9])`, "gi");
}

/** Where only another spelling of it is found, say a domain in another script, the whole text goes. */
export function maskText(text: string, address: string, pattern: RegExp, mask = ERASED): string {
  const masked = text.replaceAll(pattern, mask);
  return masked !== text || !addressesInValue(text).has(address) ? masked : mask;
}

/** Its domain does, which is what the database can ask for. */
export const mentions = (column: string, address: string): RawBuilder<SqlBool> => {
  const domain = fold(address.slice(address.lastIndexOf("@") + 1));
  return sql<SqlBool>`lower(${sql.ref(column)}) like ${`%${domain.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`} escape '\\'`;
};
