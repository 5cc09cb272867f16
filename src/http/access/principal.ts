/** Who is asking, and what they may do. Three roles, each including the one before, and `export` beside them. */
import { ACCESS_ROLES, type AccessRole } from "../../store/people/person.ts";
import type { Bounds } from "./bounds.ts";

/**
 * What a route asks for. `viewer` reads, `operator` changes suppressions and reads raw mail, `admin` erases and replays,
 * `export` downloads whole result sets: a permission of its own, which no role includes.
 */
export const ACCESSES = ["public", ...ACCESS_ROLES, "export"] as const;
export type Access = (typeof ACCESSES)[number];

export interface Principal {
  /** Id of a token or person, `admin` for the password, `link` for a sign-in link, `local` for a caller on this machine in open mode. */
  readonly id: string;
  readonly name: string;
  readonly role: AccessRole;
  readonly mayExport: boolean;
  /** Null: of all tags and domains. */
  readonly bounds: Bounds | null;
  /** `session`: with the password, a link or a token; `person`: with the identity provider. */
  readonly via: "token" | "session" | "person" | "local";
}

/** As the history of the suppression list, of rules and the audit log name who did it. */
export const nameForHistory = ({ via, name }: Pick<Principal, "via" | "name">): string =>
  `${via === "local" || via === "person" ? via : "token"}:${name}`;

/** Deny by default: a route that names no access is for admins. */
export function allows(principal: Principal | null, access: Access | undefined): boolean {
  if (access === "public") return true;
  if (!principal) return false;
  if (access === "export") return principal.mayExport;
  return ACCESS_ROLES.indexOf(principal.role) >= ACCESS_ROLES.indexOf(access ?? "admin");
}
